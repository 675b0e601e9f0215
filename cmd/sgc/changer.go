package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/carryout"
	"sgc.dev/sgc/cmd/sgc/process"
	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// changer is what all commands that change a cloud have in common: show, ask, save, carry
// out. It is the run's [apply.Watcher].
type changer struct {
	context  context.Context
	client   *neutron.Client
	streams  streams
	yes      bool // agreed to beforehand
	back     bool // the plan is the way back from a change
	fromFile bool // the plan is one that was saved
	dated    bool // the day on which expiry is judged was given, and does not pass
	answers  *bufio.Reader
	folder   string // of snapshots
	log      changeLog
	// made is the document without plans: what they are made from.
	made plan.Document

	verify verification
	rounds []*apply.Round // carried out so far
	left   *rule.State    // what the last look has shown
	// disturbed says that others have changed the cloud since the first round began.
	disturbed bool
}

func newChanger(c *cli.Context, s streams) (*changer, error) {
	if !c.Bool("yes") && !terminal(s.in) {
		return nil, errors.New("there is no terminal to ask on: --yes goes on without asking")
	}
	folder, err := snapshotFolder(c.String("snapshots"))
	if err != nil {
		return nil, err
	}
	client, err := connect(c.Context, c, s)
	if err != nil {
		return nil, err
	}
	return &changer{
		context: c.Context, client: client, streams: s, yes: c.Bool("yes"), dated: c.String("as-of") != "", answers: bufio.NewReader(s.in), folder: folder,
		log: newChangeLog(s, c.String("format"), c.Bool("all")),
	}, nil
}

// plan plans for jobs, and carries the plans out once they have been shown and agreed to.
func (v *changer) plan(jobs []apply.Job, permits plan.Permits) error {
	round, err := apply.Plan(v.context, v.client, jobs, permits)
	if err != nil {
		return err
	}
	return v.change(apply.Agreement{Jobs: jobs, Permits: permits, Agreed: round})
}

// change carries plans out once they have been shown and agreed to. Where anything speaks
// against one of them, nothing is changed.
func (v *changer) change(a apply.Agreement) error {
	// Whoever reads may leave, and a change may cut the very session that it is made from: a
	// job that has begun goes on. What it runs does not inherit that.
	passed := make(chan os.Signal, 1)
	signal.Notify(passed, syscall.SIGPIPE, syscall.SIGHUP)
	defer signal.Stop(passed)
	round := a.Agreed
	if err := v.log.planned(v.document(round), round); err != nil {
		return err
	}
	if round.Problems != nil {
		if len(a.Jobs) > 1 {
			return errors.New("nothing has been changed")
		}
		return exitFailure
	}
	if round.Empty() {
		return nil
	}
	if !v.yes {
		if err := v.askFirst(round.Place); err != nil {
			return err
		}
		a.Aged = true
	}
	ctx, stop := signal.NotifyContext(v.context, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // the second one ends the process
	if err := v.carryOut(ctx, a); err != nil {
		return err
	}
	return cmp.Or(v.verified(ctx), v.log.lost())
}

// carryOut carries out what was agreed to, and tells how that ended.
func (v *changer) carryOut(ctx context.Context, a apply.Agreement) error {
	if err := apply.CarryOut(ctx, v.client, a, v); err != nil {
		v.log.stopped(err, v.fromFile)
		return exitFailure
	}
	v.log.done()
	return nil
}

func (v *changer) document(r *apply.Round) *plan.Document {
	d := v.made
	d.Place, d.Plans, d.Unowned = r.Place, r.Plans, r.Unowned
	return &d
}

// errDeclined is an answer other than yes.
var errDeclined = errors.New("not agreed to")

// notAgreed is what plans do beyond those that were agreed to, where nobody is asked.
type notAgreed struct{ beyond plan.Problems }

func (n *notAgreed) Error() string {
	return "going on would do what nobody has agreed to:\n" + n.beyond.Error()
}

func (n *notAgreed) Unwrap() error { return n.beyond }

// Agree shows plans that do more than those that were agreed to, and asks about them where
// somebody can be asked.
func (v *changer) Agree(next *apply.Round, beyond plan.Problems) error {
	if v.yes || v.fromFile {
		return &notAgreed{beyond}
	}
	if err := v.log.planned(v.document(next), next); err != nil {
		return err
	}
	for _, problem := range beyond {
		problem.Message = "new in this plan: " + problem.Message
		complain(v.streams, problem)
	}
	if err := v.forget(); err != nil {
		return err
	}
	return v.ask(next.Place)
}

// forget drops what has been typed so far: nobody who typed it has seen what is asked next.
func (v *changer) forget() error {
	if _, err := v.answers.Discard(v.answers.Buffered()); err != nil {
		return err
	}
	if in, ok := v.streams.in.(*os.File); ok {
		return process.Flush(in)
	}
	return nil
}

// Save keeps a snapshot of what is about to change, one for each policy. The way back goes
// on without one: the change has saved where it leads.
func (v *changer) Save(r *apply.Round) error {
	v.rounds = append(v.rounds, r)
	var kept []*plan.Plan
	var names []string
	for _, p := range r.Plans {
		if p.Empty() {
			continue
		}
		name, err := saveSnapshot(v.folder, p.Before(r.State, r.Place))
		if err == nil {
			kept, names = append(kept, p), append(names, name)
			continue
		}
		err = fmt.Errorf("policy %s: cannot save a snapshot: %w", p.Policy, err)
		if !v.back {
			return err
		}
		complain(v.streams, plan.Problem{Message: err.Error() + "; going back without it"})
	}
	if kept != nil {
		v.log.snapshots(kept, names)
	}
	return nil
}

func (v *changer) Settled(s *rule.State) { v.left = s }

func (v *changer) Replanned(why *carryout.Changed) {
	v.disturbed = v.disturbed || v.rounds != nil
	v.log.replanned(why)
}

func (v *changer) Did(e carryout.Event) { v.log.did(e) }

// askFirst asks before anything has begun.
func (v *changer) askFirst(at plan.Place) error {
	err := v.ask(at)
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(v.streams.err, "sgc: nothing has been changed")
		return exitInterrupted
	case errors.Is(err, errDeclined), problemsOf(err) != nil:
		sayReason(v.streams, err)
		return errors.New("nothing has been changed")
	}
	return err
}

// ask asks whether what has been shown is to be carried out. The error is [errDeclined], or
// [context.Canceled] after Ctrl-C, where that is the answer; and [plan.Problems] where rules
// have expired while the question was open.
func (v *changer) ask(at plan.Place) error {
	ctx, stop := signal.NotifyContext(v.context, os.Interrupt)
	defer stop()
	fmt.Fprintf(v.streams.err, "Carry this out in %s? Type yes to go on: ", rule.Printable(at.String()))
	var answer string
	var err error
	answered := make(chan struct{})
	go func() {
		answer, err = v.answers.ReadString('\n')
		close(answered)
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(v.streams.err)
		return context.Canceled
	case <-answered:
	}
	if errors.Is(err, io.EOF) {
		fmt.Fprintln(v.streams.err) // which nobody has typed
	} else if err != nil {
		return err
	}
	if strings.TrimSpace(answer) != "yes" {
		return errDeclined
	}
	if expired := v.made.Expired(today()); expired != nil && !v.dated {
		return expired
	}
	return nil
}
