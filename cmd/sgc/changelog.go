package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"al.essio.dev/pkg/shellescape"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/carryout"
	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// changeLog tells what happens to a cloud: to people, or to machines as one JSON
// object a line. What machines read goes to standard output. Where that cannot be written,
// changes go on that have begun, and lost says in the end why.
type changeLog interface {
	planned(*plan.Document, *apply.Round) error
	snapshots(r *apply.Round, plans []*plan.Plan, files []string)
	did(carryout.Event)
	replanned(why *carryout.Changed)
	stopped(err error, fromFile bool)
	done()
	verified(error)
	goingBack()
	undone()
	lost() error
}

func newChangeLog(p *project, format string, whole bool) changeLog {
	if format == "json" {
		return &eventLog{s: p.streams, target: p.Name, out: json.NewEncoder(rule.PrintableJSON(p.out))}
	}
	return &textLog{s: p.streams, target: p.Name, live: terminal(p.streams.err), whole: whole}
}

// tally counts changes by policy, in the order in which policies had their first.
type tally struct {
	policies []string
	changes  map[string]int
	total    int
}

func (t *tally) count(policy string) {
	if t.changes == nil {
		t.changes = map[string]int{}
	}
	if t.changes[policy] == 0 {
		t.policies = append(t.policies, policy)
	}
	t.changes[policy]++
	t.total++
}

// textLog writes the plan to standard output and the rest to standard error: a
// line a change, or one that changes where a person looks on.
type textLog struct {
	s      streams
	target string // "" of a project without a name
	live   bool
	whole  bool // nothing of a plan is folded
	shown  bool // a plan
	back   bool // it is the way back from a change
	tally
	err error // of the first plan that could not be written
}

func (l *textLog) planned(d *plan.Document, r *apply.Round) error {
	l.endLine()
	if l.shown {
		fmt.Fprintln(l.s.err, "sgc: there is more to do than was agreed to; the plan is now:")
		fmt.Fprintln(l.s.out)
	}
	l.shown = true
	l.err = cmp.Or(l.err, writePlans(coloured(l.s.out), d, l.whole))
	warn(l.s, r)
	return l.err
}

func (l *textLog) snapshots(r *apply.Round, plans []*plan.Plan, files []string) {
	permit := ""
	if l.target != "" && r.Place.Cloud != "" {
		permit = fmt.Sprintf("--os-cloud %s --os-region-name %s ", shellescape.Quote(r.Place.Cloud), shellescape.Quote(r.Place.Region))
	}
	if slices.ContainsFunc(plans, (*plan.Plan).BackDestroys) {
		permit += "--allow-destroy "
	}
	fmt.Fprintf(l.s.err, "saved; to go back: sgc restore %s%s\n", permit, rule.Printable(strings.Join(files, " ")))
}

func (l *textLog) did(e carryout.Event) {
	l.count(e.Policy)
	line := fmt.Sprintf("[%d/%d] %s", e.Done, e.Total, rule.Printable(e.Change.String()))
	if l.live {
		fmt.Fprint(l.s.err, clearLine, clip(line, width(l.s.err)-1))
		return
	}
	fmt.Fprintln(l.s.err, line)
}

// endLine takes back the line that changes.
func (l *textLog) endLine() {
	if l.live && l.total > 0 {
		fmt.Fprint(l.s.err, clearLine)
	}
}

func (l *textLog) replanned(c *carryout.Changed) {
	l.endLine()
	fmt.Fprintln(l.s.err, "sgc:", rule.Printable(c.Error())+"; planning again")
}

func (l *textLog) stopped(err error, fromFile bool) {
	l.endLine()
	sayReason(l.s, err)
	left := leftOf(err)
	switch {
	case l.back:
		fmt.Fprintf(l.s.err, "%s taken back, and the rest of the change stands; sgc restore with its snapshot goes on from here\n", rule.Counted(l.total, "change"))
		return
	case l.total+len(left) == 0:
		fmt.Fprintln(l.s.err, "sgc: nothing has been changed")
		return
	case errors.Is(err, errDeclined), problemsOf(err) != nil:
		fmt.Fprintln(l.s.err, "sgc: nothing more has been changed")
	}
	done, again := "done", "the same command again goes on from here"
	var refusal *neutron.Refusal
	var unsettled *carryout.Unsettled
	switch {
	case errors.As(err, &unsettled):
		again = "plan again to see what is to be done about that"
		if unsettled.Undone != nil {
			done = "answered"
		}
	case errors.As(err, &refusal) && refusal.Final():
		again = "the cloud will refuse that again until the cause is removed"
	case fromFile: // the plan is stale by now, if anything has been done
		again = "plan again, and that plan goes on from here"
	case problemsOf(err) != nil:
		again = "plan again to see what there is to do now"
	}
	fmt.Fprintf(l.s.err, "%s %s, %d left; %s\n", rule.Counted(l.total, "change"), done, len(left), again)
	const most = 10
	for _, c := range left[:min(most, len(left))] {
		fmt.Fprintln(l.s.err, "  left:", rule.Printable(c.String()))
	}
	if more := len(left) - most; more > 0 {
		fmt.Fprintf(l.s.err, "  and %d more\n", more)
	}
}

func (l *textLog) done() {
	l.endLine()
	if l.total == 0 {
		fmt.Fprintln(l.s.err, "nothing is left to do: others have done it meanwhile")
	}
	for _, policy := range l.policies {
		fmt.Fprintf(l.s.err, "policy %s: done, %s\n", rule.Printable(policy), rule.Counted(l.changes[policy], "change"))
	}
}

func (l *textLog) verified(err error) {
	if err == nil {
		fmt.Fprintln(l.s.err, "verified")
		return
	}
	sayReason(l.s, err)
	l.tally = tally{}
}

func (l *textLog) goingBack() {
	fmt.Fprintln(l.s.err, "going back to what was there before")
	fmt.Fprintln(l.s.out)
	l.shown, l.back = false, true
}

func (l *textLog) undone() {
	fmt.Fprintln(l.s.err, "what this run had changed has been taken back")
}

func (l *textLog) lost() error { return l.err }

// eventLog writes events.
type eventLog struct {
	s      streams
	target string // "" of a project without a name
	out    *json.Encoder
	tally
	err error // of the first event that could not be written
}

// event is one line of --format=json. Exactly the fields of its kind are there.
type event struct {
	Event    string            `json:"event"`            // plan, snapshot, change, replan, stopped, done, verified, unverified or undone
	Target   string            `json:"target,omitempty"` // which of several projects
	Policy   string            `json:"policy,omitempty"`
	Plan     json.RawMessage   `json:"plan,omitempty"`     // the document
	Problems plan.Problems     `json:"problems,omitempty"` // why the plans are not, or not further, carried out
	Snapshot string            `json:"snapshot,omitempty"`
	Change   *carryout.Event   `json:"change,omitempty"`
	Reason   string            `json:"reason,omitempty"`
	Changes  *int              `json:"changes,omitempty"` // done so far
	Left     []carryout.Change `json:"left,omitempty"`
}

func (l *eventLog) write(e event) {
	e.Target = l.target
	l.err = cmp.Or(l.err, l.out.Encode(e))
}

func (l *eventLog) planned(d *plan.Document, r *apply.Round) error {
	var text bytes.Buffer
	if err := d.Write(&text); err != nil {
		return err
	}
	l.write(event{Event: "plan", Plan: text.Bytes(), Problems: r.Problems})
	return l.err
}

func (l *eventLog) snapshots(_ *apply.Round, plans []*plan.Plan, files []string) {
	for i, p := range plans {
		l.write(event{Event: "snapshot", Policy: p.Policy, Snapshot: files[i]})
	}
}

func (l *eventLog) did(e carryout.Event) {
	l.count(e.Policy)
	l.write(event{Event: "change", Policy: e.Policy, Change: &e})
}

func (l *eventLog) replanned(c *carryout.Changed) { l.write(event{Event: "replan", Reason: c.Why}) }

func (l *eventLog) stopped(err error, _ bool) {
	l.write(event{Event: "stopped", Reason: reason(err), Problems: problemsOf(err), Changes: &l.total, Left: leftOf(err)})
	sayReason(l.s, err)
}

func (l *eventLog) done() {
	for _, policy := range l.policies {
		changes := l.changes[policy]
		l.write(event{Event: "done", Policy: policy, Changes: &changes})
	}
	if l.total == 0 {
		l.write(event{Event: "done", Changes: &l.total})
	}
}

func (l *eventLog) verified(err error) {
	if err == nil {
		l.write(event{Event: "verified"})
		return
	}
	l.write(event{Event: "unverified", Reason: reason(err)})
	sayReason(l.s, err)
	l.tally = tally{}
}

// goingBack has no event: a plan follows "unverified".
func (l *eventLog) goingBack() {}

func (l *eventLog) undone() { l.write(event{Event: "undone"}) }

func (l *eventLog) lost() error { return l.err }

// sayReason says why plans were not carried out to their end, one line a reason.
func sayReason(s streams, err error) {
	if errors.Is(err, errDeclined) { // whoever has declined knows
		return
	}
	problems := problemsOf(err)
	if problems != nil {
		fmt.Fprintf(s.err, "sgc: %s:\n", reason(err))
		for _, problem := range problems {
			complain(s, problem)
		}
		return
	}
	for line := range strings.Lines(reason(err)) {
		fmt.Fprintln(s.err, "sgc:", rule.Printable(strings.TrimSuffix(line, "\n")))
	}
}

// reason is why a plan was not carried out to its end, but for the problems that it has.
func reason(err error) string {
	var beyond *notAgreed
	switch {
	case errors.Is(err, context.Canceled):
		return "interrupted"
	case errors.As(err, &beyond):
		return "going on would do what nobody has agreed to"
	case problemsOf(err) != nil:
		return "the plan cannot be carried out any more"
	}
	return err.Error()
}

func problemsOf(err error) plan.Problems {
	var problems plan.Problems
	errors.As(err, &problems)
	return problems
}

func leftOf(err error) []carryout.Change {
	var unfinished *carryout.Unfinished
	if errors.As(err, &unfinished) {
		return unfinished.Left
	}
	return nil
}

// clip cuts a line to a width.
func clip(line string, width int) string {
	if r := []rune(line); len(r) > width {
		return string(r[:max(1, width)-1]) + "…"
	}
	return line
}
