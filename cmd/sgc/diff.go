package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/diff"
	"sgc.dev/sgc/schema"
)

func diffCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "diff",
		Usage:     "say what access opens and closes between two policies",
		ArgsUsage: "OLD NEW",
		Description: "Compares packets, not lines: one range written as two is no difference. Below each\n" +
			"change stand the policy lines that allow it. Nothing is asked of a cloud.\n\n" +
			"   git worktree add /tmp/main main && sgc diff /tmp/main/policies/web ./policies/web\n" +
			"   sgc diff --inject-old env=prod --inject-new env=staging ./policies/web ./policies/web\n" +
			"   sgc diff --detailed-exitcode old.cue new.cue   # exit 2 when anything differs",
		Flags: append(inputFlags(),
			&cli.StringSliceFlag{Name: "inject-old", Usage: "as --inject, for OLD alone: `KEY=VALUE`"},
			&cli.StringSliceFlag{Name: "inject-new", Usage: "as --inject, for NEW alone: `KEY=VALUE`"},
			formatFlag("text", "json"),
			&cli.BoolFlag{Name: "all", Usage: "list all that opens and closes"},
			&cli.BoolFlag{Name: "detailed-exitcode", Usage: "exit 2 when anything differs"},
		),
		Action: guarded(s, func(c *cli.Context) error {
			if c.NArg() != 2 {
				return fmt.Errorf("diff takes two policies, OLD and NEW, not %d; see sgc diff --help", c.NArg())
			}
			before, err := single(c, s, c.Args().Get(0), c.StringSlice("inject-old"))
			if err != nil {
				return err
			}
			after, err := single(c, s, c.Args().Get(1), c.StringSlice("inject-new"))
			if err != nil {
				return err
			}
			policies := []*schema.Policy{before, after}
			if err := sayIneffective(c, s, policies); err != nil {
				return err
			}
			sets, err := compile(c, policies)
			if err != nil {
				return err
			}
			changes := diff.Sets(sets[0], sets[1])
			switch {
			case c.String("format") == "json":
				err = diff.JSON(s.out, changes)
			case changes.Empty():
				fmt.Fprintln(s.err, "no differences")
			case c.Bool("all"):
				err = diff.WholeText(coloured(s.out), changes)
			default:
				err = diff.Text(coloured(s.out), changes)
			}
			if err == nil && !changes.Empty() && c.Bool("detailed-exitcode") {
				return exitChanges
			}
			return err
		}),
	}
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
