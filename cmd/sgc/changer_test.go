//go:build unix

package main

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"syscall"
	"testing"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/carryout"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// TestAgreed asks, and takes yes for an answer, and nothing else.
func TestAgreed(t *testing.T) {
	const question = "Carry this out in project demo at https://cloud.example? Type yes to go on: "
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
		a := &asker{context: t.Context(), streams: streams{err: &printed}, answers: bufio.NewReader(strings.NewReader(test.typed))}
		if err := a.ask("project demo at https://cloud.example"); (err == nil) != test.agreed || printed.String() != test.printed {
			t.Errorf("%q: %v, after %q", test.typed, err, &printed)
		}
	}
}

// TestAgreedInterrupted types Ctrl-C once the question is there.
func TestAgreedInterrupted(t *testing.T) {
	unanswered, typist := io.Pipe()
	defer typist.Close()
	printed := &interrupter{}
	a := &asker{context: t.Context(), streams: streams{err: printed}, answers: bufio.NewReader(unanswered)}
	var code exit
	if err := a.askFirst("project demo at https://cloud.example"); !errors.As(err, &code) || code != 130 {
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

// TestAskedAgainInterrupted types Ctrl-C at a question that comes once something has been
// done, and takes it for an interruption, not for an answer.
func TestAskedAgainInterrupted(t *testing.T) {
	unanswered, typist := io.Pipe()
	defer typist.Close()
	printed := &interrupter{}
	out := streams{out: io.Discard, err: printed}
	log := &textLog{s: out}
	log.did(carryout.Event{Change: carryout.Change{Verb: carryout.CreateGroup, Policy: "shop", Group: "web"}, Done: 1, Total: 2})
	v := &changer{project: &project{streams: out}, asker: &asker{context: t.Context(), streams: out, answers: bufio.NewReader(unanswered)}, log: log}
	err := v.Agree(&apply.Round{Place: plan.Place{Name: "demo", Keystone: "https://cloud.example/v3"}}, plan.Problems{{Message: "group old would be deleted"}})
	log.stopped(&carryout.Unfinished{Err: err, Done: 1, Left: []carryout.Change{{Verb: carryout.TagGroup, Group: "web"}}}, false)
	const want = "[1/2] create group web\nsgc: new in this plan: group old would be deleted\n" +
		"Carry this out in project demo at https://cloud.example? Type yes to go on: \n" +
		"sgc: interrupted\n1 change done, 1 left; the same command again goes on from here\n  left: tag group web\n"
	if printed.String() != want {
		t.Errorf("%q\nnot %q", printed, want)
	}
}

// TestAgreedTooLate answers yes once a rule has expired that had not when its plan was made:
// nothing is done, unless the day was given.
func TestAgreedTooLate(t *testing.T) {
	until := func(day string) rule.Entry {
		return rule.Entry{
			Rule:    rule.Rule{Direction: rule.Ingress, Family: rule.IPv4, Protocol: rule.TCP, Ports: rule.PortRange(22, 22), Remote: rule.Anyone()},
			Origins: []rule.Origin{{Path: "tiers.web.ingress.ssh", Expires: day, Pos: rule.Pos{File: "shop.cue", Line: 5, Column: 2}}},
		}
	}
	const over, coming = "2026-01-31", "9999-12-31"
	for _, test := range []struct {
		name, last string
		dated      bool
		refused    string
	}{
		{"expired", over, false, "sgc: the plan cannot be carried out any more:\nshop.cue:5:2: group web: ingress IPv4 tcp/22 from anyone expired after 2026-01-31; plan again\n"},
		{"of a day that was given", over, true, ""},
		{"valid", coming, false, ""},
		{"of today", today(), false, ""},
	} {
		made := plan.Document{Policies: []*rule.Set{{Policy: "shop", Groups: []rule.Group{{Tier: "web", Name: "web", Rules: []rule.Entry{until(test.last)}}}}}}
		for question, ask := range map[string]func(*changer) error{
			"the first": func(v *changer) error { return v.asker.askFirst("https://cloud.example", v.made) },
			"a later": func(v *changer) error {
				err := v.Agree(&apply.Round{Place: plan.Place{Keystone: "https://cloud.example"}}, nil)
				if err != nil {
					v.log.stopped(err, false)
				}
				return err
			},
		} {
			var printed strings.Builder
			out := streams{out: io.Discard, err: &printed}
			a := &asker{context: t.Context(), streams: out, answers: bufio.NewReader(strings.NewReader("yes\n")), dated: test.dated}
			err := ask(&changer{project: &project{streams: out, made: made}, asker: a, log: &textLog{s: out}})
			_, said, _ := strings.Cut(printed.String(), "go on: ")
			if (err != nil) != (test.refused != "") || !strings.Contains(said, test.refused) {
				t.Errorf("a rule %s, %s question: %v, after %q", test.name, question, err, said)
			}
		}
	}
}

// TestAnsweredAhead types the answer to a second question before it is asked, which is none.
func TestAnsweredAhead(t *testing.T) {
	out := streams{out: io.Discard, err: io.Discard}
	a := &asker{context: t.Context(), streams: out, answers: bufio.NewReader(strings.NewReader("yes\nyes\n"))}
	v := &changer{project: &project{streams: out}, asker: a, log: &textLog{s: out}}
	if err := a.askFirst("a project"); err != nil {
		t.Fatal(err)
	}
	if err := v.Agree(&apply.Round{}, plan.Problems{{Message: "group old would be deleted"}}); !errors.Is(err, errDeclined) {
		t.Error(err)
	}
}
