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

// TestNestedDeep: what is in what is in something else, on and on, is in each.
func TestNestedDeep(t *testing.T) {
	const long = 1000
	var text strings.Builder
	text.WriteString("package p\nname: \"p\"\n")
	for i := range long {
		fmt.Fprintf(&text, "addresses: s%d: [\"192.0.2.1\", \"s%d\"]\nservices: s%[1]d: {tcp: [80], includes: [\"s%[2]d\"]}\n", i, i+1)
	}
	fmt.Fprintf(&text, "addresses: s%[1]d: [\"192.0.2.2\"]\nservices: s%[1]d: tcp: [81]\n", long)
	dir := t.TempDir()
	put(t, dir, "policy.cue", []byte(text.String()))
	policies, err := Load(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	p := policies[0]
	if n, m := len(p.Addresses[0].Prefixes), len(p.Services[0].Matches); n != 2 || m != 2 {
		t.Errorf("the first of a chain has %d networks and %d ports, not 2 and 2", n, m)
	}
}
