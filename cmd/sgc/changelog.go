package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// changeLog tells what happens to a cloud: to people, or to machines as one JSON
// object a line. What machines read goes to standard output.
type changeLog interface {
	planned(policy string, p *neutron.Planned) error
	saved(p *plan.Plan, snapshot string)
	did(policy string, e neutron.Event)
	replanned(policy string, why *neutron.Changed)
	stopped(policy string, err error, saved bool)
	done(policy string) error
	notBegun([]neutron.Job)
}

func newChangeLog(s streams, format string) changeLog {
	if format == "json" {
		return &eventLog{s: s, out: json.NewEncoder(rule.PrintableJSON(s.out))}
	}
	return &textLog{s: s, live: terminal(s.err)}
}

// textLog writes the plan to standard output and the rest to standard error: a
// line a change, or one that changes where a person looks on.
type textLog struct {
	s       streams
	live    bool
	shown   int // plans
	changes int
}

func (l *textLog) planned(_ string, p *neutron.Planned) error {
	defer warn(l.s, p)
	if p.Plan == nil {
		return nil
	}
	if l.shown++; l.shown > 1 {
		fmt.Fprintln(l.s.out)
	}
	return plan.Text(coloured(l.s.out), p.Plan)
}

func (l *textLog) saved(p *plan.Plan, snapshot string) {
	permit := ""
	if slices.ContainsFunc(p.Groups, func(g plan.Group) bool { return g.Action == plan.Create }) {
		permit = "--allow-destroy " // of what is new
	}
	fmt.Fprintf(l.s.err, "saved; to go back: sgc restore %s%s\n", permit, rule.Printable(snapshot))
}

func (l *textLog) did(_ string, e neutron.Event) {
	l.changes++
	line := fmt.Sprintf("[%d/%d] %s", e.Done, e.Total, rule.Printable(e.Change.String()))
	if l.live {
		fmt.Fprint(l.s.err, clearLine, clip(line, width(l.s.err)-1))
		return
	}
	fmt.Fprintln(l.s.err, line)
}

// endLine takes back the line that changes.
func (l *textLog) endLine() {
	if l.live && l.changes > 0 {
		fmt.Fprint(l.s.err, clearLine)
	}
}

func (l *textLog) replanned(_ string, c *neutron.Changed) {
	l.endLine()
	fmt.Fprintln(l.s.err, "sgc:", rule.Printable(c.Error())+"; planning again")
}

func (l *textLog) stopped(policy string, err error, saved bool) {
	l.endLine()
	fmt.Fprintf(l.s.err, "sgc: policy %s: %s\n", rule.Printable(policy), rule.Printable(reason(err)))
	left := leftOf(err)
	again := "the same command again goes on from here"
	var refusal *neutron.Refusal
	switch {
	case errors.As(err, &refusal) && refusal.Final():
		again = "the cloud refuses that again until it is mended"
	case saved: // the plan is stale by now, if anything has been done
		again = "plan again, and that plan goes on from here"
	}
	fmt.Fprintf(l.s.err, "%s done, %d left; %s\n", counted(l.changes, "change"), len(left), again)
	const most = 10
	for _, c := range left[:min(most, len(left))] {
		fmt.Fprintln(l.s.err, "  left:", rule.Printable(c.String()))
	}
	if more := len(left) - most; more > 0 {
		fmt.Fprintf(l.s.err, "  and %d more\n", more)
	}
}

func (l *textLog) done(policy string) error {
	l.endLine()
	fmt.Fprintf(l.s.err, "policy %s: done, %s\n", rule.Printable(policy), counted(l.changes, "change"))
	l.changes = 0
	return nil
}

func (l *textLog) notBegun(jobs []neutron.Job) {
	for _, j := range jobs {
		fmt.Fprintf(l.s.err, "policy %s: not begun\n", rule.Printable(j.Desired.Policy))
	}
}

// eventLog writes events.
type eventLog struct {
	s       streams
	out     *json.Encoder
	changes int
	err     error // of the first event that could not be written
}

// event is one line of --format=json. Exactly the fields of its kind are there.
type event struct {
	Event    string           `json:"event"` // plan, snapshot, change, replan, stopped or done
	Policy   string           `json:"policy,omitempty"`
	Plan     json.RawMessage  `json:"plan,omitempty"`
	Problems plan.Problems    `json:"problems,omitempty"` // why the plan is not carried out
	Snapshot string           `json:"snapshot,omitempty"`
	Change   *neutron.Event   `json:"change,omitempty"`
	Reason   string           `json:"reason,omitempty"`
	Changes  *int             `json:"changes,omitempty"` // done so far
	Left     []neutron.Change `json:"left,omitempty"`
}

// write does not end the changes that it tells of, but their success.
func (l *eventLog) write(e event) { l.err = cmp.Or(l.err, l.out.Encode(e)) }

func (l *eventLog) planned(policy string, p *neutron.Planned) error {
	if p.Plan == nil {
		return l.out.Encode(event{Event: "plan", Policy: policy, Problems: p.Problems})
	}
	var text bytes.Buffer
	if err := plan.JSON(&text, p.Plan); err != nil {
		return err
	}
	return l.out.Encode(event{Event: "plan", Policy: policy, Plan: text.Bytes(), Problems: p.Problems})
}

func (l *eventLog) saved(p *plan.Plan, snapshot string) {
	l.write(event{Event: "snapshot", Policy: p.Policy, Snapshot: snapshot})
}

func (l *eventLog) did(policy string, e neutron.Event) {
	l.changes++
	l.write(event{Event: "change", Policy: policy, Change: &e})
}

func (l *eventLog) replanned(policy string, c *neutron.Changed) {
	l.write(event{Event: "replan", Policy: policy, Reason: c.Why})
}

// notBegun has no event: a plan that is not followed by "done" has not been carried out.
func (l *eventLog) notBegun([]neutron.Job) {}

func (l *eventLog) stopped(policy string, err error, _ bool) {
	changes := l.changes
	l.write(event{Event: "stopped", Policy: policy, Reason: reason(err), Changes: &changes, Left: leftOf(err)})
	fmt.Fprintf(l.s.err, "sgc: policy %s: %s\n", rule.Printable(policy), rule.Printable(reason(err)))
}

func (l *eventLog) done(policy string) error {
	changes := l.changes
	l.write(event{Event: "done", Policy: policy, Changes: &changes})
	l.changes = 0
	return l.err
}

// reason is why a plan was not carried out to its end.
func reason(err error) string {
	if errors.Is(err, context.Canceled) {
		return "interrupted"
	}
	return err.Error()
}

func leftOf(err error) []neutron.Change {
	var unfinished *neutron.Unfinished
	if errors.As(err, &unfinished) {
		return unfinished.Left
	}
	return nil
}

// clip cuts a line to a width.
func clip(line string, width int) string {
	if r := []rune(line); len(r) > width {
		return string(r[:width-1]) + "…"
	}
	return line
}
