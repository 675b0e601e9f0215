package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sgc.dev/sgc/sandbox"
)

// TestReadme runs every "$ sgc …" of the README and of docs in testdata/readme, or above
// all where it names the example policies, and compares what it prints with what the page
// shows. Blocks that begin with a file's name are that file. The cloud is one in which
// main.cue has been applied, in the project that clouds.yaml calls prod-a; staging is another
// one. -update writes the pages anew.
func TestReadme(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	pages = append(pages, filepath.Join(root, "README.md"))
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
	clouds := "clouds:\n"
	for name, a := range map[string]sandbox.Account{"prod-a": cloud.Demo(), "staging": cloud.AddAccount("staging", false)} {
		clouds += fmt.Sprintf("  %s: {auth: {auth_url: %q, username: %s, password: %q, project_name: %[3]s, user_domain_name: Default, project_domain_name: Default}}\n", name, server.URL(), a.Name, a.Password)
	}
	yaml := filepath.Join(t.TempDir(), "clouds.yaml")
	if err := os.WriteFile(yaml, []byte(clouds), 0o600); err != nil {
		t.Fatal(err)
	}
	shown, files := 0, 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		got := shownCommand.ReplaceAllFunc(text, func(whole []byte) []byte {
			parts := shownCommand.FindSubmatch(whole)
			shown++
			if bytes.Contains(parts[1], []byte("./policies")) {
				t.Chdir(root)
			} else {
				t.Chdir(filepath.Join(root, "testdata", "readme"))
			}
			inEnvironment(t, server, cloud.Demo())
			if bytes.Contains(parts[1], []byte("--targets")) {
				for _, variable := range server.Env(cloud.Demo()) {
					name, _, _ := strings.Cut(variable, "=")
					t.Setenv(name, "")
				}
				t.Setenv("OS_CLIENT_CONFIG_FILE", yaml)
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
				t.Errorf("$ %s\n%s\n%s has\n%s", parts[1], is, filepath.Base(page), parts[2])
			}
			return []byte("```\n$ " + string(parts[1]) + "\n" + is + "```\n")
		})
		for _, f := range shownFile.FindAllSubmatch(text, -1) {
			files++
			is, err := os.ReadFile(filepath.Join(root, "testdata", "readme", string(f[2])))
			if err != nil || !bytes.Equal(is, f[1]) {
				t.Errorf("%s is not as %s shows it: %v\n%s", f[2], filepath.Base(page), err, is)
			}
		}
		if *update {
			if err := os.WriteFile(page, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if files < 2 || shown < 12 {
		t.Errorf("%d files and %d commands found, the patterns do not fit the pages any more", files, shown)
	}
}

var (
	shownCommand = regexp.MustCompile("(?s)```\n\\$ (sgc [^\n]*)\n(.*?)```\n")
	shownFile    = regexp.MustCompile("(?s)```\\w+\n((?://|#) (\\w+/\\w+\\.\\w+)\n.*?)```\n")
)
