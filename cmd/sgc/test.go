package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/reach"
	"sgc.dev/sgc/report"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

func testCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "test",
		Usage:     "check the assertions of policies",
		ArgsUsage: "[INPUTS]",
		Description: "Judges the assertions under \"assert\": never, always and only. One that does not hold is an\n" +
			"error at its line, with a packet as counterexample and the rules behind it. As text, verdicts\n" +
			"are named that would be others if \"networks\" did not say where servers live. sgc vet judges\n" +
			"too, beside all else. Exit code 1 where one fails.\n\n" +
			"   sgc test ./policies/...\n" +
			"   sgc test -t env=staging --format=json",
		Flags: append(inputFlags(),
			formatFlag(report.Formats()...),
		),
		Action: guarded(s, func(c *cli.Context) error { return test(c, s) }),
	}
}

func test(c *cli.Context, s streams) error {
	format := report.Format(c.String("format"))
	result := report.Report{Version: version(), MaxErrors: maxErrors}
	sets, err := compiled(c, s, c.Args().Slice())
	if err != nil && !errors.As(err, &result.Errors) {
		return err
	}
	result.Judged = []report.Judged{}
	var summary strings.Builder
	for _, set := range sets {
		failures := judged(set)
		result.Errors = append(result.Errors, failures...)
		resting := reach.RestOnNetworks(set)
		result.Judged = append(result.Judged, verdicts(set, failures, resting))
		for _, a := range resting {
			line := fmt.Sprintf("%s: assert.%q: depends on networks", a.Pos, a.Title)
			summary.WriteString(rule.Printable(line) + "\n")
		}
		fmt.Fprintf(&summary, "%s: %s", set.Policy, rule.Counted(len(set.Assertions), "assertion"))
		if len(set.Assertions) > 0 {
			fmt.Fprintf(&summary, ", %d failed", len(failures))
		}
		if len(resting) > 0 {
			fmt.Fprintf(&summary, ", %d resting on networks", len(resting))
		}
		summary.WriteByte('\n')
	}
	if err := report.Write(s.out, format, result); err != nil {
		return err
	}
	if format == report.Text {
		if _, err := fmt.Fprint(s.out, summary.String()); err != nil {
			return err
		}
	}
	if result.Errors != nil {
		return exitFailure
	}
	return nil
}

// verdicts is what there is to say of each assertion of a policy, for programs.
func verdicts(set *rule.Set, failures schema.Errors, resting []rule.Assertion) report.Judged {
	of := report.Judged{Policy: set.Policy, Assertions: []report.Verdict{}}
	for _, a := range set.Assertions {
		of.Assertions = append(of.Assertions, report.Verdict{
			Position: report.Position(a.Pos),
			Title:    a.Title,
			Holds:    !slices.ContainsFunc(failures, func(f *schema.Error) bool { return f.Path == rule.Path("assert", a.Title) }),
			Networks: slices.ContainsFunc(resting, func(r rule.Assertion) bool { return r.Title == a.Title }),
		})
	}
	return of
}

// judged is the assertions of a policy that do not hold, as errors at their lines.
func judged(set *rule.Set) schema.Errors {
	var failures schema.Errors
	for _, f := range reach.Judge(set) {
		failures = append(failures, &schema.Error{
			Pos:     f.Pos,
			Path:    rule.Path("assert", f.Assertion.Title),
			Message: f.Reason,
			Hint:    behind(f),
		})
	}
	slices.SortStableFunc(failures, func(a, b *schema.Error) int { return rule.ComparePos(a.Pos, b.Pos) })
	return failures
}

// behind is the rules behind a failure, in words.
func behind(f reach.Failure) string {
	var lines []string
	for _, o := range f.Origins {
		lines = append(lines, fmt.Sprintf("%s: %s", o.Pos, o.Path))
	}
	if lines != nil {
		return "let through by " + strings.Join(lines, " and ")
	}
	if f.Block == nil {
		return ""
	}
	for _, near := range f.Block.Nearest {
		lines = append(lines, fmt.Sprintf("%s: %s", near.Origin.Pos, near.Origin.Path))
	}
	if lines == nil {
		return fmt.Sprintf("%s has no %s rule for it", f.Block.Server.Name, f.Block.Direction)
	}
	return "nearest: " + strings.Join(lines, " and ")
}
