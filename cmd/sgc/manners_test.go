package main

import (
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// rowsOf are the cells of the table in a page whose heading row begins so.
func rowsOf(t *testing.T, page, heading string) (rows [][]string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", page))
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(text), "\n"+heading)
	if !found {
		t.Fatalf("%s has no table that begins with %s", page, heading)
	}
	table, _, _ = strings.Cut(table, "\n\n")
	for _, line := range strings.Split(table, "\n")[2:] {
		if line != "" {
			rows = append(rows, strings.Split(strings.Trim(line, "| "), " | "))
		}
	}
	return rows
}

var quoted = regexp.MustCompile("`([^`]*)`")

func quotedIn(cell string) (words []string) {
	for _, m := range quoted.FindAllStringSubmatch(cell, -1) {
		words = append(words, m[1])
	}
	return words
}

// TestManners holds the table of CONTRIBUTING to the flags that commands have: one that
// several have is the same in each, and no letter means two of them.
func TestManners(t *testing.T) {
	app := newApp(streams{nil, io.Discard, io.Discard})
	commands, usages, letters := map[string][]string{}, map[string]string{}, map[string]string{}
	for _, command := range app.Commands {
		for _, flag := range command.Flags {
			names := flag.Names()
			said := flag.(cli.DocGenerationFlag).GetUsage()
			if usage, there := usages[names[0]]; there && usage != said && !slices.Contains([]string{"format", "output", "only"}, names[0]) {
				t.Errorf("--%s is %q, and of %s %q", names[0], usage, command.Name, said)
			}
			usages[names[0]] = said
			for _, name := range names {
				commands[dashed(name)] = append(commands[dashed(name)], command.Name)
				if first, there := letters[name]; there && first != names[0] {
					t.Errorf("%s is --%s, and of %s --%s", dashed(name), first, command.Name, names[0])
				}
				letters[name] = names[0]
			}
			if _, ok := flag.(*cli.DurationFlag); ok && !strings.Contains(said, "`TIME`") {
				t.Errorf("--%s takes a time, and says %q", names[0], said)
			}
		}
	}
	said := map[string]bool{}
	for _, row := range rowsOf(t, "CONTRIBUTING.md", "| flag | what it is | commands |") {
		for _, name := range quotedIn(row[0]) {
			said[name] = true
			if want := quotedIn(row[2]); !slices.Equal(want, commands[name]) {
				t.Errorf("%s is said to be of %q, and is of %q", name, want, commands[name])
			}
		}
	}
	for name, of := range commands {
		if len(of) > 1 && !said[name] {
			t.Errorf("%s is of %q, and has no row", name, of)
		}
	}
}

var runs = regexp.MustCompile(`^(?:\[linux\] )?(?:exits (\d+)|(exec)) (?:typist .* -- )?sgc ([a-z]+)\b`)

// TestExitCodesTable holds the table of the exit codes to those that scripts see, each command's.
func TestExitCodesTable(t *testing.T) {
	seen := map[string]map[string]bool{}
	for _, command := range newApp(streams{}).Commands {
		seen[command.Name] = map[string]bool{}
	}
	scripts, err := filepath.Glob("../../testdata/script/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, script := range scripts {
		text, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			m := runs.FindStringSubmatch(line)
			switch {
			case m == nil || seen[m[3]] == nil:
			case m[2] != "":
				seen[m[3]]["0"] = true
			default:
				seen[m[3]][m[1]] = true
			}
		}
	}
	said := map[string]map[string]bool{}
	for name := range seen {
		said[name] = map[string]bool{}
	}
	for _, row := range rowsOf(t, "docs/output.md", "| command | code | when |") {
		names := quotedIn(row[0])
		if strings.HasPrefix(row[0], "all but ") {
			names = slices.DeleteFunc(slices.Sorted(maps.Keys(seen)), func(name string) bool { return name == "can" })
		}
		for _, name := range names {
			for _, code := range strings.Split(row[1], ", ") {
				said[name][code] = true
			}
		}
	}
	delete(seen["sandbox"], "7") // its command's
	delete(seen["sandbox"], "137")
	for name := range seen {
		if !maps.Equal(said[name], seen[name]) {
			t.Errorf("%s ends with %q, and is said to with %q", name, slices.Sorted(maps.Keys(seen[name])), slices.Sorted(maps.Keys(said[name])))
		}
	}
}
