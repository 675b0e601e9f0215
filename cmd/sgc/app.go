package main

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

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
func failed(command string) exit {
	if command == "can" {
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
	if completesItself(app, s.out, args) {
		return 0
	}
	ordered := interspersed(app, args)
	err := cmp.Or(miswritten(app, ordered), unknownTopic(app, args))
	if err == nil {
		err = app.Run(ordered)
	}
	if err == nil {
		err = help.err
	}
	var code exit
	var faults schema.Errors
	var problems plan.Problems
	switch {
	case err == nil:
		return 0
	case errors.As(err, &code):
		return int(code)
	case errors.As(err, &faults):
		// Standard error is all there is to say it on.
		_ = report.Write(s.err, report.Text, report.Report{Errors: faults, MaxErrors: maxErrors})
	case errors.As(err, &problems):
		for _, problem := range problems {
			complain(s, problem)
		}
	default:
		fmt.Fprintln(s.err, "sgc:", rule.Printable(err.Error()))
	}
	if len(args) > 1 {
		return int(failed(args[1]))
	}
	return int(exitFailure)
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
		EnableBashCompletion:      true,
		DisableSliceFlagSeparator: true, // -t a=1,b=2 is one tag
		ExitErrHandler:            func(*cli.Context, error) {},
		OnUsageError:              usageError,
		Action:                    noCommand,
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
			applyCommand(s),
			restoreCommand(s),
			destroyCommand(s),
			releaseCommand(s),
			sandboxCommand(s),
			importCommand(s),
			initCommand(s),
			versionCommand(s),
			completionCommand(s),
		},
	}
	for _, command := range app.Commands {
		command.OnUsageError = usageError
		command.HideHelpCommand = true
		command.Before = choose
		command.Flags = plainFlags(command.Flags)
	}
	return app
}

// noCommand answers sgc alone with its help, and a word that is no command with
// the command that may have been meant.
func noCommand(c *cli.Context) error {
	if !c.Args().Present() {
		return cli.ShowAppHelp(c)
	}
	return unknownCommand(c.App, c.Args().First())
}

// usageError puts the flag package's complaint into words of the command line.
func usageError(c *cli.Context, err error, _ bool) error {
	help := "see " + c.App.Name + " --help"
	var command *cli.Command // nil before any
	var flags []cli.Flag
	if c.Command != nil && c.Command.Name != "" && c.Command.Name != c.App.Name {
		command, flags = c.Command, c.Command.Flags
		help = "see " + c.App.Name + " " + command.Name + " --help"
	}
	if name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: "); ok {
		return unknownFlag(c.App, command, dashed(name))
	}
	if name, ok := strings.CutPrefix(err.Error(), "flag needs an argument: "); ok {
		return fmt.Errorf("%s needs a value; %s", dashed(name), help)
	}
	var value, name string
	if n, _ := fmt.Sscanf(err.Error(), "invalid boolean value %q for -%s", &value, &name); n == 2 {
		name = strings.TrimSuffix(name, ":")
		return fmt.Errorf("%s %q: %s; %s", dashed(name), value, wanted(flags, name), help)
	}
	if n, _ := fmt.Sscanf(err.Error(), "invalid value %q for flag -%s", &value, &name); n == 2 {
		name = strings.TrimSuffix(name, ":")
		return fmt.Errorf("%s %q: %s; %s", dashed(name), value, wanted(flags, name), help)
	}
	return fmt.Errorf("%w; %s", err, help)
}

// wanted says what kind of value a flag takes.
func wanted(flags []cli.Flag, name string) string {
	switch lookup(flags, name).(type) {
	case *cli.DurationFlag:
		return "a time such as 90s or 5m"
	case *cli.UintFlag, *cli.IntFlag:
		return "a whole number"
	case *cli.BoolFlag:
		return "true or false"
	}
	return "not a value of this flag"
}

// dashed is a flag's name as people type it: -t, --inject.
func dashed(name string) string {
	name = strings.TrimLeft(name, "-")
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}
