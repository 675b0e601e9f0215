package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/rule"
)

// changer is what apply, restore and destroy have in common: show, ask, save,
// carry out.
type changer struct {
	context context.Context
	client  *neutron.Client
	streams streams
	yes     bool
	answers *bufio.Reader
	folder  string // of snapshots
	log     changeLog
}

func newChanger(c *cli.Context, s streams) (*changer, error) {
	if f := c.String("format"); f != "text" && f != "json" {
		return nil, fmt.Errorf("--format: unknown format %q: text or json", f)
	}
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
	return &changer{c.Context, client, s, c.Bool("yes"), bufio.NewReader(s.in), folder, newChangeLog(s, c.String("format"))}, nil
}

// change carries the plans of jobs out, one after the other, once all have been shown
// and agreed to. Where anything speaks against one of them, nothing is changed. Saved
// plans are carried out as they are.
func (v *changer) change(jobs []neutron.Job, plans []*neutron.Planned, saved bool) error {
	signal.Ignore(syscall.SIGPIPE) // whoever reads may leave: a job that has begun goes on
	refused, empty := false, true
	for i, p := range plans {
		if err := v.log.planned(jobs[i].Desired.Policy, p); err != nil {
			return err
		}
		refused = refused || p.Problems != nil
		empty = empty && p.Plan != nil && p.Plan.Empty()
	}
	if refused {
		if len(plans) > 1 {
			return errors.New("nothing has been changed")
		}
		return exitFailure
	}
	if empty {
		return nil
	}
	if err := v.agreed(); err != nil {
		return err
	}
	for i, p := range plans {
		if err := v.carryOut(jobs[i], p, saved); err != nil {
			v.log.notBegun(jobs[i+1:])
			return err
		}
	}
	return nil
}

// carryOut carries the plan p of job j out. One that names groups which had yet to be
// made is made again: now they are there.
func (v *changer) carryOut(j neutron.Job, p *neutron.Planned, saved bool) error {
	if p.Plan.Empty() {
		return nil
	}
	if p.Plan.Awaits() != nil {
		var err error
		if p, err = v.client.Plan(v.context, j); err != nil {
			return inPolicy(j, err)
		}
		if p.Problems != nil {
			return p.Problems
		}
	}
	policy := j.Desired.Policy
	name, err := saveSnapshot(v.folder, p.Plan.Before(p.State))
	if err != nil {
		return fmt.Errorf("policy %s: nothing has been changed: cannot save a snapshot: %w", policy, err)
	}
	v.log.saved(p.Plan, name)
	ctx, stop := signal.NotifyContext(v.context, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // the second one ends the process
	err = v.client.Converge(ctx, j, p, neutron.ApplyOptions{Saved: saved, Report: func(e neutron.Event) { v.log.did(policy, e) }},
		func(c *neutron.Changed) { v.log.replanned(policy, c) })
	if err != nil {
		v.log.stopped(policy, err, saved)
		return exitFailure
	}
	return v.log.done(policy)
}

// agreed asks, unless the user has agreed beforehand.
func (v *changer) agreed() error {
	if v.yes {
		return nil
	}
	ctx, stop := signal.NotifyContext(v.context, os.Interrupt)
	defer stop()
	fmt.Fprintf(v.streams.err, "Carry this out in project %s? Only yes goes on: ", rule.Printable(v.client.Where()))
	var answer string
	var err error
	answered := make(chan struct{})
	go func() {
		answer, err = v.answers.ReadString('\n')
		close(answered)
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(v.streams.err, "\nsgc: nothing has been changed")
		return exitInterrupted
	case <-answered:
	}
	if errors.Is(err, io.EOF) {
		fmt.Fprintln(v.streams.err) // which nobody has typed
	} else if err != nil {
		return err
	}
	if strings.TrimSpace(answer) != "yes" {
		return errors.New("nothing has been changed")
	}
	return nil
}
