package main

import (
	"io"
	"testing"
)

// TestColoured colours for a terminal alone, unless it can show none or nobody wants any.
func TestColoured(t *testing.T) {
	_, screen, err := openTerminal()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		none, term string
		want       bool
	}{{"", "xterm", true}, {"1", "xterm", false}, {"", "dumb", false}} {
		t.Setenv("NO_COLOR", c.none)
		t.Setenv("TERM", c.term)
		for _, out := range []io.Writer{screen, &voice{to: screen}} {
			if _, got := coloured(out).(colours); got != c.want {
				t.Errorf("NO_COLOR=%s TERM=%s: coloured: %t", c.none, c.term, got)
			}
		}
	}
}
