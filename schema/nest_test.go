package schema

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

// TestCirclesOnce: what makes a circle is told once at each place, however many circles go through it.
func TestCirclesOnce(t *testing.T) {
	const sets = 12
	var text strings.Builder
	text.WriteString("package p\nname: \"p\"\n")
	for i := range sets {
		fmt.Fprintf(&text, "addresses: s%d: [", i)
		for j := range sets {
			if j != i {
				fmt.Fprintf(&text, "\"s%d\", ", j)
			}
		}
		text.WriteString("]\n")
	}
	dir := t.TempDir()
	put(t, dir, "policy.cue", []byte(text.String()))
	_, err := Load(Options{Dir: dir})
	var faults Errors
	if !errors.As(err, &faults) {
		t.Fatal(err)
	}
	told, lines := map[rule.Pos]bool{}, map[int]bool{}
	for _, f := range faults {
		if told[f.Pos] {
			t.Errorf("told twice: %v", f)
		}
		told[f.Pos], lines[f.Pos.Line] = true, true
	}
	if len(lines) != sets {
		t.Errorf("%d of %d sets are told", len(lines), sets)
	}
}

// TestNestedTooDeep: what is in what is in something else, on and on, is told once, before
// all of it is put together for each.
func TestNestedTooDeep(t *testing.T) {
	for _, c := range []struct {
		chain string
		long  int
		want  string
	}{
		{"addresses: s%d: [\"192.0.2.1\", \"s%d\"]\n", maxNested, ""},
		{"addresses: s%d: [\"192.0.2.1\", \"s%d\"]\n", 2000, `policy.cue:1902:33: addresses.s1899.1: "s1899" is made of others inside each other, more than 100 deep: name what it needs itself`},
		{"services: s%d: {tcp: [80], includes: [\"s%d\"]}\n", 2000, `policy.cue:1902:41: services.s1899.includes.0: "s1899" is made of others inside each other, more than 100 deep: name what it needs itself`},
	} {
		var text strings.Builder
		text.WriteString("package p\nname: \"p\"\n")
		for i := range c.long {
			fmt.Fprintf(&text, c.chain, i, i+1)
		}
		fmt.Fprintf(&text, "addresses: s%[1]d: [\"192.0.2.2\"]\nservices: s%[1]d: tcp: [81]\n", c.long)
		dir := t.TempDir()
		put(t, dir, "policy.cue", []byte(text.String()))
		got := ""
		if _, err := Load(Options{Dir: dir}); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("got:  %.500s\nwant: %s", got, c.want)
		}
	}
}
