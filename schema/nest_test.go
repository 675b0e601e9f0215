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
