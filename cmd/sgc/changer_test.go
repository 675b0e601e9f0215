//go:build unix

package main

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"syscall"
	"testing"

	"sgc.dev/sgc/plan"
)

// TestAgreed asks, and takes yes for an answer, and nothing else.
func TestAgreed(t *testing.T) {
	const question = "Carry this out in project demo at https://cloud.example? Only yes goes on: "
	for _, test := range []struct {
		typed, printed string
		agreed         bool
	}{
		{"yes\n", question, true},
		{" yes \n", question, true},
		{"yes", question + "\n", true},
		{"y\n", question, false},
		{"\n", question, false},
		{"", question + "\n", false},
	} {
		var printed strings.Builder
		v := &changer{context: t.Context(), streams: streams{err: &printed}, answers: bufio.NewReader(strings.NewReader(test.typed))}
		if err := v.ask(plan.Place{Name: "demo", Keystone: "https://cloud.example/v3"}); (err == nil) != test.agreed || printed.String() != test.printed {
			t.Errorf("%q: %v, after %q", test.typed, err, &printed)
		}
	}
}

// TestAgreedInterrupted types Ctrl-C once the question is there.
func TestAgreedInterrupted(t *testing.T) {
	unanswered, typist := io.Pipe()
	defer typist.Close()
	printed := &interrupter{}
	v := &changer{context: t.Context(), streams: streams{err: printed}, answers: bufio.NewReader(unanswered)}
	var code exit
	if err := v.ask(plan.Place{Name: "demo", Keystone: "https://cloud.example/v3"}); !errors.As(err, &code) || code != 130 {
		t.Errorf("it ends with %v, not with exit code 130", err)
	}
	if !strings.HasSuffix(printed.String(), ": \nsgc: nothing has been changed\n") {
		t.Errorf("it says %q", printed)
	}
}

// interrupter interrupts the process that writes a question to it.
type interrupter struct{ strings.Builder }

func (i *interrupter) Write(p []byte) (int, error) {
	if strings.HasSuffix(string(p), ": ") {
		syscall.Kill(syscall.Getpid(), syscall.SIGINT)
	}
	return i.Builder.Write(p)
}
