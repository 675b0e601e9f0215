package main

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/diff"
	"sgc.dev/sgc/picture"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// nothing is an input that stands for no policy, as it does for no file with git.
const nothing = "/dev/null"

func diffCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "diff",
		Usage:     "say what access opens and closes between two policies",
		ArgsUsage: "OLD NEW",
		Description: "Compares packets, not lines: one range written as two is not a difference. Below each\n" +
			"change stand the policy lines that allow it. Nothing is asked of a cloud. /dev/null in\n" +
			"the place of a policy stands for none: for what opens with a new one, closes with an old.\n\n" +
			"markdown is a table for the comment of a pull request; html one page with a drawing,\n" +
			"what opens in red, which needs the program sgc-graphviz beside sgc or in the PATH.\n\n" +
			"   git worktree add /tmp/main main && sgc diff /tmp/main/policies/web ./policies/web\n" +
			"   sgc diff --inject-old env=prod --inject-new env=staging ./policies/web ./policies/web\n" +
			"   sgc diff -o changes.html old.cue new.cue\n" +
			"   sgc diff --detailed-exitcode old.cue new.cue   # exit 2 when anything differs",
		Flags: append(append(inputFlags(),
			&cli.StringSliceFlag{Name: "inject-old", Usage: "as --inject, for OLD alone: `KEY=VALUE`"},
			&cli.StringSliceFlag{Name: "inject-new", Usage: "as --inject, for NEW alone: `KEY=VALUE`"},
			allFlag(),
			&cli.BoolFlag{Name: "detailed-exitcode", Usage: "exit 2 when anything differs"},
		), outputFlags("text", "json", "markdown", "html")...),
		Action: guarded(s, func(c *cli.Context) error {
			if c.NArg() != 2 {
				return fmt.Errorf("diff takes two policies, OLD and NEW, but was given %d; see sgc diff --help", c.NArg())
			}
			var policies []*schema.Policy
			for i, tags := range [][]string{c.StringSlice("inject-old"), c.StringSlice("inject-new")} {
				if c.Args().Get(i) == nothing {
					continue
				}
				p, err := single(c, s, c.Args().Get(i), tags)
				if err != nil {
					return err
				}
				policies = append(policies, p)
			}
			if err := sayIneffective(c, s, policies); err != nil {
				return err
			}
			sets, err := compile(c, policies)
			switch {
			case err != nil:
				return err
			case len(sets) == 0:
				return fmt.Errorf("both OLD and NEW are %s: one of them has to be a policy", nothing)
			case len(sets) == 1:
				other := 1
				if c.Args().First() == nothing {
					other = 0
				}
				sets = slices.Insert(sets, other, &rule.Set{Policy: sets[0].Policy})
			}
			changes := diff.Sets(sets[0], sets[1])
			if err := writeDiff(c, s, changes); err != nil {
				return err
			}
			if !changes.Empty() && c.Bool("detailed-exitcode") {
				return exitChanges
			}
			return nil
		}),
	}
}

func writeDiff(c *cli.Context, s streams, changes diff.Policy) error {
	name, err := outputName(c, c.Args().Slice())
	if err != nil {
		return err
	}
	var written bytes.Buffer // whole, before a file is begun: a drawing may fail
	switch c.String("format") {
	case "json":
		err = diff.JSON(&written, changes)
	case "markdown":
		err = diff.Markdown(&written, changes)
	case "html":
		err = picture.WriteDiff(&written, changes, func(graph []byte) ([]byte, error) { return graphviz(c.Context, graph) })
	default:
		show := diff.Text
		if c.Bool("all") {
			show = diff.WholeText
		}
		if err = show(&written, changes); err == nil && changes.Empty() {
			fmt.Fprintln(s.err, "no differences")
		}
		s.out = coloured(s.out)
	}
	if err != nil {
		return err
	}
	return output(name, s.out, func(w io.Writer) error {
		_, err := written.WriteTo(w)
		return err
	})
}

// single is the one policy that an input names, with tags of its own.
func single(c *cli.Context, s streams, input string, tags []string) (*schema.Policy, error) {
	policies, err := load(c, s, []string{input}, tags...)
	if err != nil {
		return nil, err
	}
	if len(policies) != 1 {
		return nil, fmt.Errorf("%s holds %d policies; diff compares one with one", input, len(policies))
	}
	return policies[0], nil
}
