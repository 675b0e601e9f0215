package source

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestSharing: a file shares a policy with those of its package in its folder and above it
// in the module, and those below it share theirs with it.
func TestSharing(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, name := range []string{
		"out.cue", "m/cue.mod/module.cue", "m/top.cue", "m/other/o.cue", "m/a/a.cue", "m/a/b/b.cue", "m/a/b/_b.cue", "m/a/b/c/c.cue",
		"m/a/b/c/own/cue.mod/module.cue", "m/a/b/c/own/own.cue", "m/a/b[1]/g.cue", "loose/l.cue", "loose/below/l.cue",
	} {
		text := "package p\n"
		if strings.HasSuffix(name, "module.cue") {
			text = "module: \"m.example\"\nlanguage: version: \"v0.9.0\"\n"
		}
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for folder, want := range map[string][2]string{
		"m":             {"m/top.cue", "m/a/a.cue m/a/b/b.cue m/a/b/c/c.cue m/a/b[1]/g.cue m/other/o.cue"},
		"m/a/b":         {"m/a/b/b.cue m/a/a.cue m/top.cue", "m/a/b/c/c.cue"},
		"m/a/b[1]":      {"m/a/b[1]/g.cue m/a/a.cue m/top.cue", ""},
		"m/a/new/newer": {"m/a/a.cue m/top.cue", ""},
		"m/a/b/c/own":   {"m/a/b/c/own/own.cue", ""},
		"loose":         {"loose/l.cue", ""},
		"loose/new":     {"", ""},
	} {
		with, below, _, err := Sharing(folder, "p")
		if got := [2]string{strings.Join(with, " "), strings.Join(below, " ")}; err != nil || got != want {
			t.Errorf("%s: %q, not %q: %v", folder, got, want, err)
		}
		if with, below, _, err := Sharing(folder, "q"); err != nil || slices.Concat(with, below) != nil {
			t.Errorf("%s: %q and %q of another package: %v", folder, with, below, err)
		}
	}
	if err := os.Symlink("/dev/zero", "m/a/zero.cue"); err != nil {
		t.Skip("there are no links here: ", err)
	}
	if _, _, _, err := Sharing("m/a/b", "p"); err == nil || !strings.Contains(err.Error(), "m/a/zero.cue: this link leads to nothing in the policy's folder or module") {
		t.Error(err)
	}
}
