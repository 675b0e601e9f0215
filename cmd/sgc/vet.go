package main

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/lint"
	"sgc.dev/sgc/report"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/guard"
)

// maxErrors is how many errors are shown on a terminal unless asked for more.
const maxErrors = 100

func vetCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "vet",
		Usage:     "check policies: syntax, names, values, assertions, and what was probably not meant",
		ArgsUsage: "[INPUTS]",
		Description: "Errors: not a valid policy, or an assertion fails. Warnings and notes: valid, but probably not\n" +
			"what you meant.\n" +
			"Each finding has a code: sgc explain CODE says what it means and how to answer it.\n" +
			"Exit code 1 on errors; with --strict on warnings too.\n\n" +
			"   sgc vet ./policies/...\n" +
			"   sgc vet --strict --expire-within 30d -t env=prod\n" +
			"   sgc vet --thorough --wider-than 1000\n" +
			"   sgc vet --format=sarif > sgc.sarif",
		Flags: append(inputFlags(),
			formatFlag(report.Formats()...),
			&cli.BoolFlag{Name: "all-errors", Aliases: []string{"E"}, Usage: fmt.Sprintf("show more than %d errors as text; the other formats have them all", maxErrors)},
			&cli.BoolFlag{Name: "strict", Usage: "exit 1 on warnings too"},
			&cli.BoolFlag{Name: "thorough", Usage: "also note what is often meant: ping for everyone, any from self, and wide ranges of ports"},
			&cli.UintFlag{Name: "wider-than", Value: 100, DefaultText: "100 with --thorough, else none", Usage: "note ranges of more than so many `PORTS`"},
			&cli.DurationFlag{Name: "expire-within", Usage: "warn of rules that expire within this `TIME`, in days, such as 30d", DefaultText: "none"},
		),
		Action: guarded(s, func(c *cli.Context) error { return vet(c, s) }),
	}
}

func vet(c *cli.Context, s streams) error {
	format := report.Format(c.String("format"))
	options, err := lintOptions(c)
	if err != nil {
		return err
	}
	result := report.Report{Version: version()}
	if !c.Bool("all-errors") {
		result.MaxErrors = maxErrors
	}
	summary, err := check(c, s, options, &result)
	if err != nil && !errors.As(err, &result.Errors) {
		return err
	}
	if err := report.Write(s.out, format, result); err != nil {
		return err
	}
	if result.Errors != nil {
		return exitFailure
	}
	if format == report.Text {
		fmt.Fprint(s.err, summary)
	}
	if c.Bool("strict") && warnings(result.Findings) > 0 {
		return exitFailure
	}
	return nil
}

// check loads and compiles the policies and puts what the lints find, and the
// assertions that do not hold, into result. The summary has a line for each policy.
func check(c *cli.Context, s streams, options lint.Options, result *report.Report) (summary string, err error) {
	policies, err := load(c, s, c.Args().Slice())
	if err != nil {
		return "", err
	}
	sets, err := compile(c, policies)
	if err != nil {
		return "", err
	}
	var lines strings.Builder
	for i, set := range sets {
		findings, waived := lint.Check(policies[i], set, options)
		result.Findings = append(result.Findings, findings...)
		rules := 0
		for _, group := range set.Groups {
			rules += len(group.Rules)
		}
		noted := warnings(findings)
		fmt.Fprintf(&lines, "%s: %s, %s, %s, %s", set.Policy, rule.Counted(len(set.Groups), "group"), rule.Counted(rules, "rule"),
			rule.Counted(noted, "warning"), rule.Counted(len(findings)-noted, "note"))
		if waived > 0 {
			fmt.Fprintf(&lines, ", %d waived", waived)
		}
		failures := judged(set)
		result.Errors = append(result.Errors, failures...)
		if n := len(set.Assertions); n > 0 {
			fmt.Fprintf(&lines, ", %s", rule.Counted(n, "assertion"))
		}
		lines.WriteByte('\n')
	}
	if err := rule.CheckClaims(sets); err != nil {
		fmt.Fprintf(&lines, "note: in one project they would collide: %s\n", err)
	}
	return lines.String(), nil
}

func lintOptions(c *cli.Context) (lint.Options, error) {
	day, err := asOf(c)
	if err != nil {
		return lint.Options{}, err
	}
	options := lint.Options{AsOf: day, Thorough: c.Bool("thorough")}
	if options.Thorough || c.IsSet("wider-than") {
		options.WiderThan = int(min(c.Uint("wider-than"), math.MaxUint16))
		if options.WiderThan == 0 {
			return lint.Options{}, errors.New("--wider-than 0: a number of ports, such as 100")
		}
	}
	if c.IsSet("expire-within") {
		const long = 24 * time.Hour
		days := c.Duration("expire-within") / long
		if c.Duration("expire-within")%long != 0 {
			return lint.Options{}, fmt.Errorf("--expire-within %s: whole days, such as 30d", guard.FormatDuration(c.Duration("expire-within")))
		}
		start, err := time.Parse(time.DateOnly, day)
		if err != nil {
			return lint.Options{}, err
		}
		options.ExpireBy = start.AddDate(0, 0, int(days)).Format(time.DateOnly)
	}
	return options, nil
}

func warnings(findings []lint.Finding) int {
	n := 0
	for _, f := range findings {
		if f.Level == lint.Warning {
			n++
		}
	}
	return n
}
