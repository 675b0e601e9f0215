package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
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

// change carries the plan p of job j out, once it has been agreed to. A saved
// plan has no job.
func (v *changer) change(j neutron.Job, p *neutron.Planned, saved bool) error {
	signal.Ignore(syscall.SIGPIPE) // whoever reads may leave: a job that has begun goes on
	if err := v.log.planned(p); err != nil {
		return err
	}
	if p.Problems != nil {
		return exitFailure
	}
	if p.Plan.Empty() {
		return nil
	}
	if err := v.agreed(); err != nil {
		return err
	}
	name, err := saveSnapshot(v.folder, p.Plan.Before(p.State))
	if err != nil {
		return fmt.Errorf("nothing has been changed: cannot save a snapshot: %w", err)
	}
	v.log.saved(name)
	ctx, stop := signal.NotifyContext(v.context, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // the second one ends the process
	err = v.client.Converge(ctx, j, p, neutron.ApplyOptions{Saved: saved, Report: v.log.did}, v.log.replanned)
	if err != nil {
		v.log.stopped(p.Plan.Policy, err)
		return exitFailure
	}
	return v.log.done(p.Plan.Policy)
}

// agreed asks, unless the user has agreed beforehand.
func (v *changer) agreed() error {
	if v.yes {
		return nil
	}
	fmt.Fprintf(v.streams.err, "Carry this out in project %s? Only yes goes on: ", rule.Printable(v.client.Where()))
	answer, err := v.answers.ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if strings.TrimSpace(answer) != "yes" {
		return errors.New("nothing has been changed")
	}
	return nil
}
