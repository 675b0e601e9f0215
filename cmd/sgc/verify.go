package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/cmd/sgc/process"
	"sgc.dev/sgc/schema/guard"
)

// verification is a command that says whether a change has done what it was meant to.
type verification struct {
	command string
	within  time.Duration
}

// verifyFlags are those of a change that is taken back unless a command succeeds after it.
func verifyFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "verify", Usage: "after the change, run `COMMAND` with sh until it succeeds; else take the change back"},
		&cli.DurationFlag{Name: "verify-within", Usage: "how long --verify may take: a `TIME`", Value: 2 * time.Minute},
	}
}

// verificationOf is that of a change in so many projects.
func verificationOf(c *cli.Context, projects int) (verification, error) {
	v := verification{c.String("verify"), c.Duration("verify-within")}
	if v.command != "" && projects > 1 {
		return v, fmt.Errorf("--verify says whether a change in one project did what it was meant to, and here are %d: --only picks one", projects)
	}
	if c.IsSet("verify-within") && v.command == "" {
		return v, errors.New("--verify-within goes with --verify")
	}
	return v, nil
}

// Pauses between two tries of a command, of which the first is the shortest.
const (
	shortestPause = time.Second
	longestPause  = 10 * time.Second
)

// try runs the command until it succeeds, for as long as it may take. What it prints goes
// to out. The error is why it has failed at last.
func (v verification) try(ctx context.Context, out io.Writer) error {
	limited, cancel := context.WithTimeout(ctx, v.within)
	defer cancel()
	failed := errors.New("it is still running")
	for pause := shortestPause; ; pause = min(2*pause, longestPause) {
		cmd := exec.CommandContext(limited, "sh", "-c", v.command)
		cmd.Stdout, cmd.Stderr = out, out
		cmd.WaitDelay = time.Second // what it has started may hold its output open
		end := process.InGroup(cmd)
		err := cmd.Run()
		end()
		if err == nil {
			return nil
		}
		if limited.Err() == nil { // else it was ended
			failed = err
			select {
			case <-limited.Done():
			case <-time.After(pause):
			}
		}
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case limited.Err() != nil:
			return fmt.Errorf("%q did not succeed within %s: %w", v.command, guard.FormatDuration(v.within), failed)
		}
	}
}

// verified tries the command after a change, and takes the change back where it fails. The
// way back is a plan of its own: it undoes what has been done just now and nothing else.
func (v *changer) verified(ctx context.Context) error {
	if v.verify.command == "" || v.rounds == nil {
		return nil
	}
	err := v.verify.try(ctx, v.streams.err)
	v.log.verified(err)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return errors.New("interrupted before --verify has succeeded: the change stands")
	case v.disturbed:
		return errors.New("others have changed the cloud while this was carried out: the change stands; to take it back: sgc restore with each of the snapshots above, the last one first")
	}
	a, err := apply.Undo(ctx, v.client(), v.rounds[0], v.left)
	if err != nil {
		return fmt.Errorf("nothing has been taken back: %w", err)
	}
	if problems := a.Agreed.Problems; problems != nil {
		for _, problem := range problems {
			complain(v.streams, problem)
		}
		return errors.New("nothing has been taken back, and the change stands; sgc restore with the snapshot above shows what can still be taken back")
	}
	v.log.goingBack()
	_ = v.log.planned(v.document(a.Agreed), a.Agreed) // whoever reads may have left, and lost says so
	v.asked, v.back = true, true                      // nothing beyond this plan is done, and it is not asked about
	if err := v.carryOut(ctx, a); err != nil {
		return err
	}
	v.log.undone()
	return cmp.Or(v.log.lost(), error(exitFailure))
}
