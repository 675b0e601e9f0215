package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/plan"
)

func releaseCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "release",
		Usage:     "give security groups back: they are not the policy's any more",
		ArgsUsage: "TIER...",
		Description: "Takes the policy's mark and tags off the groups of these tiers, and leaves the rules as they\n" +
			"are. Servers notice nothing. Take the tiers out of the policy too: apply refuses to create a\n" +
			"group beside one of the same name that is nobody's, unless --adopt takes it back.\n\n" +
			"   sgc release web db -p ./policies/shop --os-cloud=prod",
		Flags:  concat(inputFlags(), cloudFlags(), changeFlags(), []cli.Flag{policyFlag()}),
		Action: func(c *cli.Context) error { return release(c, s) },
	}
}

func release(c *cli.Context, s streams) error {
	if c.NArg() == 0 {
		return errors.New("release takes the names of tiers; see sgc release --help")
	}
	sets, err := guardedSets(c, s, c.StringSlice("policy"))
	if err != nil {
		return err
	}
	if len(sets) != 1 {
		return fmt.Errorf("release takes the tiers of one policy, and here are %d: name one with -p", len(sets))
	}
	r, err := newChanges(c, s)
	if err != nil {
		return err
	}
	v, err := r.one()
	if err != nil {
		return err
	}
	v.jobs = []apply.Job{{Desired: plan.Released(sets[0], slices.Compact(slices.Sorted(slices.Values(c.Args().Slice())))), Lookup: apply.Shown}}
	return r.plan(plan.Permits{})
}
