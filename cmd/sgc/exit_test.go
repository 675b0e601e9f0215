package main

import (
	"io"
	"os"
	"path/filepath"
	"testing"
)

// TestExitCodes holds what testscript cannot tell apart: which failure it is.
func TestExitCodes(t *testing.T) {
	dir := t.TempDir()
	file := func(name, tiers string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("package p\nname: \"p\"\ntiers: "+tiers+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	old := file("old.cue", `web: {ingress: http: from: ["public"]}`)
	new := file("new.cue", `web: {ingress: https: from: ["public"]}`)
	risky := file("risky.cue", `web: {ingress: ssh: from: ["public"]}`)
	broken := file("broken.cue", `web: {ingress: ssh: from: ["publik"]}`)
	for _, c := range []struct {
		want int
		args []string
	}{
		{0, []string{"--version"}},
		{0, []string{"version"}},
		{0, []string{"diff", old, new}},
		{2, []string{"diff", "--detailed-exitcode", old, new}},
		{0, []string{"diff", "--detailed-exitcode", old, old}},
		{1, []string{"diff", "--detailed-exitcode", old, broken}},
		{0, []string{"vet", risky}},
		{1, []string{"vet", "--strict", risky}},
		{0, []string{"vet", "--strict", old}},
		{1, []string{"vet", broken}},
		{1, []string{"export", broken}},
		{1, []string{"vet", "--no-such-flag"}},
		{1, []string{"no-such-command"}},
	} {
		got := run(append([]string{"sgc"}, c.args...), streams{nil, io.Discard, io.Discard})
		if got != c.want {
			t.Errorf("sgc %q: exit code %d, want %d", c.args, got, c.want)
		}
	}
}
