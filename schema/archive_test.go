package schema

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// A testCase is an archive in testdata, unpacked. The archive's comment explains
// it, and may have a line with the inputs ("inputs: …") and one with the tags
// ("tags: …"); its file "stdin" is standard input, "want" what is expected.
type testCase struct {
	archive *txtar.Archive
	name    string
	options Options
	stdin   []byte
	want    string
}

func unpack(t *testing.T, name string) testCase {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	c := testCase{archive: txtar.Parse(data), name: name, options: Options{Dir: t.TempDir()}}
	for _, f := range c.archive.Files {
		switch f.Name {
		case "want":
			c.want = string(f.Data)
		case "stdin":
			c.stdin, c.options.Stdin = f.Data, bytes.NewReader(f.Data)
		default:
			put(t, c.options.Dir, f.Name, f.Data)
		}
	}
	for line := range strings.Lines(string(c.archive.Comment)) {
		if list, ok := strings.CutPrefix(line, "inputs: "); ok {
			c.options.Inputs = strings.Fields(list)
		}
		if list, ok := strings.CutPrefix(line, "tags: "); ok {
			c.options.Tags = strings.Fields(list)
		}
	}
	return c
}

// rewrite makes got what is expected.
func (c testCase) rewrite(t *testing.T, got string) {
	t.Helper()
	var files []txtar.File
	for _, f := range c.archive.Files {
		if f.Name != "want" {
			files = append(files, f)
		}
	}
	c.archive.Files = append(files, txtar.File{Name: "want", Data: []byte(got)})
	if err := os.WriteFile(c.name, txtar.Format(c.archive), 0o666); err != nil {
		t.Fatal(err)
	}
}
