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

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/cmd/sgc/process"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// asker asks whoever is at the terminal.
type asker struct {
	context context.Context
	streams streams
	yes     bool // agreed to beforehand
	dated   bool // the day on which expiry is judged was given, and does not pass
	answers *bufio.Reader
}

func newAsker(c *cli.Context, s streams) (*asker, error) {
	if !c.Bool("yes") && !terminal(s.in) {
		return nil, errors.New("there is no terminal to ask on: --yes goes on without asking")
	}
	return &asker{context: c.Context, streams: s, yes: c.Bool("yes"), dated: c.String("as-of") != "", answers: bufio.NewReader(s.in)}, nil
}

// forget drops what has been typed so far: nobody who typed it has seen what is asked next.
func (a *asker) forget() error {
	if _, err := a.answers.Discard(a.answers.Buffered()); err != nil {
		return err
	}
	if in, ok := a.streams.in.(*os.File); ok {
		return process.Flush(in)
	}
	return nil
}

// askFirst asks before anything has begun.
func (a *asker) askFirst(where string, made ...plan.Document) error {
	err := a.ask(where, made...)
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(a.streams.err, "sgc: nothing has been changed")
		return exitInterrupted
	case errors.Is(err, errDeclined), problemsOf(err) != nil:
		sayReason(a.streams, err)
		return errors.New("nothing has been changed")
	}
	return err
}

// ask asks whether what has been shown is to be carried out. The error is [errDeclined], or
// [context.Canceled] after Ctrl-C, where that is the answer; and [plan.Problems] where rules
// have expired while the question was open.
func (a *asker) ask(where string, made ...plan.Document) error {
	ctx, stop := signal.NotifyContext(a.context, os.Interrupt)
	defer stop()
	fmt.Fprintf(a.streams.err, "Carry this out in %s? Type yes to go on: ", rule.Printable(where))
	var answer string
	var err error
	answered := make(chan struct{})
	go func() {
		answer, err = a.answers.ReadString('\n')
		close(answered)
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(a.streams.err)
		return context.Canceled
	case <-answered:
	}
	if errors.Is(err, io.EOF) {
		fmt.Fprintln(a.streams.err) // which nobody has typed
	} else if err != nil {
		return err
	}
	if strings.TrimSpace(answer) != "yes" {
		return errDeclined
	}
	var expired plan.Problems
	for _, d := range made {
		expired = append(expired, d.Expired(today())...)
	}
	if expired != nil && !a.dated {
		return expired
	}
	return nil
}
