package main

import (
	"bytes"
	"io"
	"sync"
)

// A turn is when one of several projects is heard: until then what it says is kept, so that
// the output of two is never mixed.
type turn struct {
	mu   sync.Mutex
	kept []said // nil from the turn's beginning on
	open bool
	err  error // of the first that was kept and could not be written
}

type said struct {
	to   io.Writer
	text []byte
}

// begin lets the project be heard: what has been kept first.
func (t *turn) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range t.kept {
		if _, err := s.to.Write(s.text); err != nil && t.err == nil {
			t.err = err
		}
	}
	t.kept, t.open = nil, true
}

// end keeps what the project says, until its next turn.
func (t *turn) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.open = false
}

// A voice is a stream of one of several projects.
type voice struct {
	turn   *turn
	to     io.Writer
	prefix string // of each line
	begun  bool   // the last line has no end yet
}

func (v *voice) Write(p []byte) (int, error) {
	v.turn.mu.Lock()
	defer v.turn.mu.Unlock()
	var text []byte
	for line := range bytes.Lines(p) {
		if !v.begun && len(line) > 1 {
			text = append(text, v.prefix...)
		}
		text = append(text, line...)
		v.begun = !bytes.HasSuffix(line, []byte("\n"))
	}
	if !v.turn.open {
		v.turn.kept = append(v.turn.kept, said{v.to, text})
		return len(p), nil
	}
	if _, err := v.to.Write(text); err != nil {
		return 0, err
	}
	return len(p), nil
}
