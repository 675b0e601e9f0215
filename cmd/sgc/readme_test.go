package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sgc.dev/sgc/neutron/sandbox"
)

// TestReadme runs every "$ sgc …" of the README in testdata/readme, or above all
// where it names the example policies, and compares what it prints with what the
// README shows. Blocks that begin with a file's name are that file. The cloud is one in which main.cue has been applied. -update
// writes the README anew.
func TestReadme(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(root, "README.md")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	cloud := sandbox.New()
	server, err := cloud.Listen()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	inEnvironment(t, server, cloud.Demo())
	if run([]string{"sgc", "apply", "--yes", "--snapshots", t.TempDir(), filepath.Join(root, "testdata/readme/main.cue")}, streams{nil, io.Discard, t.Output()}) != 0 {
		t.Fatal("main.cue cannot be applied")
	}
	block := regexp.MustCompile("(?s)```\n\\$ (sgc [^\n]*)\n(.*?)```\n")
	shown := 0
	got := block.ReplaceAllFunc(text, func(whole []byte) []byte {
		parts := block.FindSubmatch(whole)
		shown++
		if bytes.Contains(parts[1], []byte("./policies")) {
			t.Chdir(root)
		} else {
			t.Chdir(filepath.Join(root, "testdata", "readme"))
		}
		var out bytes.Buffer
		command, silent := strings.CutSuffix(string(parts[1]), " 2>/dev/null")
		messages := io.Writer(&out)
		if silent {
			messages = io.Discard
		}
		run(strings.Fields(command), streams{nil, &out, messages})
		is := address.ReplaceAllString(out.String(), "cloud.example:5000")
		if is != string(parts[2]) && !*update {
			t.Errorf("$ %s\n%s\nthe README has\n%s", parts[1], is, parts[2])
		}
		return []byte("```\n$ " + string(parts[1]) + "\n" + is + "```\n")
	})
	files := regexp.MustCompile("(?s)```\\w+\n((?://|#) (\\w+/\\w+\\.\\w+)\n.*?)```\n").FindAllSubmatch(text, -1)
	for _, f := range files {
		is, err := os.ReadFile(filepath.Join(root, "testdata", "readme", string(f[2])))
		if err != nil || !bytes.Equal(is, f[1]) {
			t.Errorf("%s is not as the README shows it: %v\n%s", f[2], err, is)
		}
	}
	if len(files) < 2 {
		t.Errorf("%d files found, the pattern does not fit the README any more", len(files))
	}
	if shown < 5 {
		t.Errorf("%d commands found, the pattern does not fit the README any more", shown)
	}
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
