package main

import "testing"

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
		if _, got := coloured(screen).(colours); got != c.want {
			t.Errorf("NO_COLOR=%s TERM=%s: coloured: %t", c.none, c.term, got)
		}
	}
}
