package main

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"sgc.dev/sgc/carryout"
)

// TestColours shows what opens in the dangerous colour, and what closes in none that alarms,
// and nothing else but headings in any; what is no terminal gets none.
func TestColours(t *testing.T) {
	const plain = "~ web 1a2b\n  + ingress\n  - egress + more\n  = 2 rules unchanged\n  opens: a → b\n  closes: a - b\n  closes: nothing\n  others may open: c\n  others may no longer open: d\n\npolicy web: nothing\n"
	const want = "\x1b[1m~ web 1a2b\x1b[0m\n  + ingress\n\x1b[90m  - egress + more\x1b[0m\n  = 2 rules unchanged\n" +
		"\x1b[31m  opens: a → b\x1b[0m\n\x1b[90m  closes: a - b\x1b[0m\n  closes: nothing\n" +
		"\x1b[31m  others may open: c\x1b[0m\n\x1b[90m  others may no longer open: d\x1b[0m\n\npolicy web: nothing\n"
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

// TestProgress has one line that changes where a person looks on, no longer than the
// terminal is wide, and a line of its own for what stays.
func TestProgress(t *testing.T) {
	change := func(n int, verb carryout.Verb, rule string) carryout.Event {
		return carryout.Event{Change: carryout.Change{Verb: verb, Policy: "shop", Group: "web", Rule: rule}, Done: n, Total: 3}
	}
	var out bytes.Buffer
	log := textLog{s: streams{err: &out}, live: true}
	log.did(change(1, carryout.CreateGroup, ""))
	log.did(change(2, carryout.CreateRule, strings.Repeat("x", 80)))
	log.replanned(&carryout.Changed{Why: "group web has gone"})
	log.did(change(3, carryout.TagGroup, ""))
	log.done()
	log = textLog{s: streams{err: &out}}
	log.stopped(errors.New("no"), false)
	const back = "\r\x1b[K"
	want := back + "[1/3] create group web" + back + "[2/3] create rule in web: " + strings.Repeat("x", 79-26-1) + "…" +
		back + "sgc: the cloud has changed since it was read: group web has gone; planning again\n" +
		back + "[3/3] tag group web" + back + "policy shop: done, 3 changes\n" +
		"sgc: no\nsgc: nothing has been changed\n"
	if out.String() != want {
		t.Errorf("%q\nnot %q", out.String(), want)
	}
}
