package main

import (
	"bytes"
	"io"
	"testing"
)

// TestColours colours lines by their marks, and nothing else; what is no terminal
// gets none.
func TestColours(t *testing.T) {
	const plain = "~ web 1a2b\n  + ingress\n  - egress + more\n  = stays\n  opens: a → b\n  closes: a - b\n  closes: nothing\n\npolicy web: nothing\n"
	const want = "\x1b[33m~ web 1a2b\x1b[0m\n\x1b[32m  + ingress\x1b[0m\n\x1b[31m  - egress + more\x1b[0m\n  = stays\n" +
		"\x1b[32m  opens: a → b\x1b[0m\n\x1b[31m  closes: a - b\x1b[0m\n  closes: nothing\n\npolicy web: nothing\n"
	var out bytes.Buffer
	if n, err := io.WriteString(colours{&out}, plain); n != len(plain) || err != nil {
		t.Error(n, err)
	}
	if out.String() != want {
		t.Errorf("%q\nnot %q", out.String(), want)
	}
	if coloured(&out) != io.Writer(&out) {
		t.Error("a buffer is taken for a terminal")
	}
}
