package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/compiler"
	"sgc.dev/sgc/lint"
	"sgc.dev/sgc/report"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
	"sgc.dev/sgc/schema/guard"
)

// limits heads the flags that bound what a hostile policy can cost.
const limits = "LIMITS"

// inputFlags are those of every command that reads policies.
func inputFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "inject", Aliases: []string{"t"}, Usage: "set the value of a tagged field, as cue does: `KEY=VALUE`; may be repeated"},
		&cli.StringFlag{Name: "as-of", Usage: "judge expiry as on this `DATE` (2006-01-02)", DefaultText: "today, UTC"},
		&cli.UintFlag{Name: "max-memory", Category: limits, Usage: "stop when a policy needs more than so many `MIB`", DefaultText: "4096, or half of the machine's"},
		&cli.DurationFlag{Name: "max-time", Category: limits, Usage: "stop when reading a policy takes longer than this `TIME`", Value: 2 * time.Minute},
		&cli.UintFlag{Name: "max-nesting", Category: limits, Usage: "refuse files nested deeper than `N` braces", Value: 1000},
		&cli.UintFlag{Name: "max-rules", Category: limits, Usage: "refuse a policy that expands to more than `N` rules", Value: compiler.DefaultMaxRules},
	}
}

// policyFlag has the inputs of a command whose arguments are something else.
func policyFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "policy", Aliases: []string{"p"}, Usage: "read the policy from `INPUT`; may be repeated", TakesFile: true}
}

func minimizeFlag() cli.Flag {
	values := []string{access.Off.String(), access.Safe.String(), access.Full.String()}
	return choiceFlag{StringFlag: &cli.StringFlag{
		Name:  "minimize",
		Value: access.Full.String(),
		Usage: "`LEVEL` of reduction: " + either(values),
	}, values: values}
}

// load reads the policies that inputs name, with tags beside those of --inject.
func load(c *cli.Context, s streams, inputs []string, tags ...string) ([]*schema.Policy, error) {
	policies, err := schema.Load(schema.Options{
		Inputs:    inputs,
		Tags:      merged(c.StringSlice("inject"), tags),
		Stdin:     s.in,
		Limits:    limitsOf(c),
		Rehearsal: rehearsal,
	})
	// All that CUE has evaluated is garbage from here on, twenty times as much
	// as the policies: what follows shall use its memory again, where that is much.
	var memory runtime.MemStats
	if runtime.ReadMemStats(&memory); memory.HeapAlloc > 256<<20 {
		go runtime.GC()
	}
	if err != nil {
		return nil, cmp.Or(misplacedInput(inputs), err)
	}
	return policies, nil
}

// merged is tags of which those of one input go before those of all.
func merged(all, own []string) []string {
	key := func(tag string) string {
		name, _, _ := strings.Cut(tag, "=")
		return name
	}
	return append(slices.DeleteFunc(slices.Clone(all), func(tag string) bool {
		return slices.ContainsFunc(own, func(o string) bool { return key(o) == key(tag) })
	}), own...)
}

func limitsOf(c *cli.Context) guard.Limits {
	return guard.Limits{
		Memory:  uint64(c.Uint("max-memory")) << 20,
		Time:    c.Duration("max-time"),
		Nesting: int(c.Uint("max-nesting")),
	}
}

// guarded runs a command within the limits of its flags. Nothing can stop CUE
// but the end of the process, so that is what a policy beyond them gets.
func guarded(s streams, action cli.ActionFunc) cli.ActionFunc {
	return func(c *cli.Context) error {
		code := int(failed(c.Command))
		stop := guard.Watch(limitsOf(c), func(message string) { // may not allocate
			for _, part := range [...]string{"sgc: ", message, "\n"} {
				io.WriteString(s.err, part)
			}
			os.Exit(code)
		})
		defer stop()
		return action(c)
	}
}

// asOf is the day on which rules are judged expired.
func asOf(c *cli.Context) (string, error) {
	day := c.String("as-of")
	if day == "" {
		return today(), nil
	}
	if !schema.IsDay(day) {
		return "", fmt.Errorf("--as-of %q is not a date: write one such as 2027-01-31", day)
	}
	return day, nil
}

func today() string { return time.Now().UTC().Format(time.DateOnly) }

// compiled loads and compiles what inputs name, and says on standard error what of it
// counts for nothing.
func compiled(c *cli.Context, s streams, inputs []string, tags ...string) ([]*rule.Set, error) {
	policies, err := load(c, s, inputs, tags...)
	if err != nil {
		return nil, err
	}
	if err := sayIneffective(c, s, policies); err != nil {
		return nil, err
	}
	return compile(c, policies)
}

// sayIneffective says on standard error what counts for nothing, each once: rules that have
// expired, files that are no part of a policy. diff may have one policy twice.
func sayIneffective(c *cli.Context, s streams, policies []*schema.Policy) error {
	day, err := asOf(c)
	if err != nil {
		return err
	}
	type place struct {
		rule.Pos
		message string
	}
	said := map[place]bool{}
	var found []lint.Finding
	for _, p := range policies {
		for _, f := range lint.Ineffective(p, day) {
			if at := (place{f.Pos, f.Message}); !said[at] {
				said[at] = true
				found = append(found, f)
			}
		}
	}
	return report.Write(s.err, report.Text, report.Report{Findings: found})
}

// inputSets compiles what a command's inputs name, within the limits of its flags.
func inputSets(c *cli.Context, s streams) ([]*rule.Set, error) {
	return guardedSets(c, s, c.Args().Slice())
}

func guardedSets(c *cli.Context, s streams, inputs []string, tags ...string) (sets []*rule.Set, err error) {
	err = guarded(s, func(c *cli.Context) error {
		sets, err = compiled(c, s, inputs, tags...)
		return err
	})(c)
	return sets, err
}

// judgedSets compiles what inputs name, for who is about to open what they say: it
// fails where an assertion does not hold, or a lint with one of these codes has found something,
// and says on standard error what the other lints warn of.
func judgedSets(c *cli.Context, s streams, inputs, tags []string, fatal ...string) (sets []*rule.Set, err error) {
	err = guarded(s, func(c *cli.Context) error {
		policies, err := load(c, s, inputs, tags...)
		if err != nil {
			return err
		}
		if sets, err = compile(c, policies); err != nil {
			return err
		}
		day, err := asOf(c)
		if err != nil {
			return err
		}
		var found []lint.Finding
		var failures schema.Errors
		for i, set := range sets {
			findings, _ := lint.Check(policies[i], set, lint.Options{AsOf: day})
			for _, f := range findings {
				if slices.Contains(fatal, f.Code) {
					failures = append(failures, asError(f))
				} else {
					found = append(found, f)
				}
			}
			failures = append(failures, judged(set)...)
		}
		if err := sayWarnings(s, found); err != nil || failures == nil {
			return err
		}
		return failures
	})(c)
	return sets, err
}

// asError is a finding as an error.
func asError(f lint.Finding) *schema.Error {
	var places []string
	for _, r := range f.Related {
		places = append(places, r.Pos.String()+": "+r.Message)
	}
	return &schema.Error{Pos: f.Pos, Path: f.Path, Message: f.Message, Hint: strings.Join(places, "\n    ")}
}

// mostWarnings is how many warnings are shown beside a plan or a script.
const mostWarnings = 5

// sayWarnings says on standard error what lints warn of: all that counts for nothing, and as
// much of the rest as leaves room for what the command itself has to say.
func sayWarnings(s streams, findings []lint.Finding) error {
	var shown []lint.Finding
	more, room := 0, mostWarnings
	for _, f := range findings {
		switch {
		case f.Level != lint.Warning:
		case slices.Contains(lint.IneffectiveCodes, f.Code):
			shown = append(shown, f)
		case room == 0:
			more++
		default:
			shown = append(shown, f)
			room--
		}
	}
	err := report.Write(s.err, report.Text, report.Report{Findings: shown})
	if err == nil && more > 0 {
		_, err = fmt.Fprintf(s.err, "and %s: sgc vet shows them\n", rule.Counted(more, "more warning"))
	}
	return err
}

// compile compiles every policy as the flags say.
func compile(c *cli.Context, policies []*schema.Policy) ([]*rule.Set, error) {
	day, err := asOf(c)
	if err != nil {
		return nil, err
	}
	level := access.Full
	if c.IsSet("minimize") {
		if level, err = access.ParseLevel(c.String("minimize")); err != nil {
			return nil, err
		}
	}
	var sets []*rule.Set
	for _, p := range policies {
		set, err := compiler.Compile(p, compiler.Options{AsOf: day, Minimize: level, MaxRules: int(c.Uint("max-rules"))})
		if err != nil {
			return nil, err
		}
		sets = append(sets, set)
	}
	return sets, nil
}
