package main

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/draft"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/report"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// exit is an error without words: what there was to say has been said.
type exit int

const (
	exitFailure exit = 1 // errors or findings
	exitChanges exit = 2 // changes exist, with --detailed-exitcode

	exitInterrupted exit = 130 // by Ctrl-C before anything has begun, as shells have it

	// Of sgc can, which answers with its exit code.
	exitNo     exit = 1
	exitInPart exit = 2
	exitError  exit = 3

	// Of sgc sandbox, whose command cannot be run, as shells have it.
	exitNotRun   exit = 126
	exitNotFound exit = 127
)

// failed is the exit code of an error in a command.
func failed(command *cli.Command) exit {
	if command != nil && command.Name == "can" {
		return exitError
	}
	return exitFailure
}

func (e exit) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// run is the whole program but for the process around it. The result is the exit code.
func run(args []string, s streams) int {
	help := &helpWriter{Writer: s.out}
	app := newApp(s)
	app.Writer = help
	if answer(app, s.out, args[1:]) {
		return 0
	}
	line, err := parse(app, args[1:])
	if err == nil {
		err = app.Run(line.arguments())
	}
	err = cmp.Or(err, help.err)
	var code exit
	switch {
	case err == nil:
		return 0
	case errors.As(err, &code):
		return int(code)
	}
	say(s, err)
	return int(failed(line.command))
}

// say says on standard error what is wrong, which is all there is to say it on.
func say(s streams, err error) {
	var faults schema.Errors
	var problems plan.Problems
	var unproven draft.Unproven
	switch {
	case errors.As(err, &faults):
		_ = report.Write(s.err, report.Text, report.Report{Errors: faults, MaxErrors: maxErrors})
	case errors.As(err, &problems):
		for _, problem := range problems {
			complain(s, problem)
		}
	case errors.As(err, &unproven):
		for line := range strings.Lines(unproven.Error()) {
			fmt.Fprintln(s.err, "sgc:", rule.Printable(strings.TrimSuffix(line, "\n")))
		}
	default:
		fmt.Fprintln(s.err, "sgc:", rule.Printable(err.Error()))
	}
}

func newApp(s streams) *cli.App {
	app := &cli.App{
		Name:  "sgc",
		Usage: "the compiler for OpenStack security groups",
		Description: "Policies are CUE packages. INPUTS are those of cue: packages (./policies/web, ./...)\n" +
			"or files; without any, the package in this folder, else ./policies/...\n\n" +
			"A first policy, checked and compiled:\n\n" +
			"   sgc init && sgc vet && sgc export --format=sh",
		Version:                   version(),
		Reader:                    s.in,
		ErrWriter:                 s.err,
		DisableSliceFlagSeparator: true, // -t a=1,b=2 is one tag
		HideHelpCommand:           true, // parse knows it
		ExitErrHandler:            func(*cli.Context, error) {},
		Commands: []*cli.Command{
			vetCommand(s),
			explainCommand(s),
			servicesCommand(s),
			exportCommand(s),
			diffCommand(s),
			canCommand(s),
			testCommand(s),
			graphCommand(s),
			planCommand(s),
			driftCommand(s),
			applyCommand(s),
			restoreCommand(s),
			destroyCommand(s),
			releaseCommand(s),
			sandboxCommand(s),
			importCommand(s),
			initCommand(s),
			versionCommand(s),
			completionCommand(s),
			manCommand(s),
		},
	}
	for _, command := range app.Commands {
		command.HideHelpCommand = true
		command.Flags = plainFlags(command.Flags)
	}
	return app
}
