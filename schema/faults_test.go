package schema

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the goldens in testdata")

// TestFaults loads every archive in testdata/faults and compares all that is
// said of it. The archive's comment explains the case, in its last line may be
// the inputs ("inputs: …") and tags ("tags: …").
func TestFaults(t *testing.T) {
	names, err := filepath.Glob("testdata/faults/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			archive := txtar.Parse(data)
			dir := t.TempDir()
			want := ""
			var rest []txtar.File
			for _, f := range archive.Files {
				if f.Name == "want" {
					want = string(f.Data)
					continue
				}
				rest = append(rest, f)
				put(t, dir, f.Name, f.Data)
			}
			o := Options{Dir: dir}
			for line := range strings.Lines(string(archive.Comment)) {
				if list, ok := strings.CutPrefix(line, "inputs: "); ok {
					o.Inputs = strings.Fields(list)
				}
				if list, ok := strings.CutPrefix(line, "tags: "); ok {
					o.Tags = strings.Fields(list)
				}
			}
			_, err = Load(o)
			if err == nil {
				t.Fatal("it loads")
			}
			if _, ok := err.(Errors); !ok {
				t.Errorf("the error is a %T", err)
			}
			got := strings.ReplaceAll(err.Error(), dir, "DIR") + "\n"
			if *update {
				archive.Files = append(rest, txtar.File{Name: "want", Data: []byte(got)})
				if err := os.WriteFile(name, txtar.Format(archive), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != want {
				t.Errorf("got:\n%swant:\n%s", got, want)
			}
		})
	}
}

func put(t testing.TB, dir, name string, data []byte) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
}
