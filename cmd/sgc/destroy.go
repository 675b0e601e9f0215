package main

import (
	"slices"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

func destroyCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "destroy",
		Usage:     "delete the security groups that policies own",
		ArgsUsage: "[INPUTS]",
		Description: "Deletes every group with the policy's mark, and no other; it refuses while ports use one.\n" +
			"A default group that the policy has taken over is given back as it is.\n\n" +
			"   sgc destroy --os-cloud=staging ./policies/web",
		Flags: concat(inputFlags(), permitFlags(), cloudFlags(), changeFlags()),
		Action: func(c *cli.Context) error {
			sets, err := inputSets(c, s)
			if err != nil {
				return err
			}
			if err := rule.CheckClaims(sets); err != nil {
				return err
			}
			r, err := newChanges(c, s)
			if err != nil {
				return err
			}
			v, err := r.one()
			if err != nil {
				return err
			}
			for _, set := range slices.Backward(rule.InOrder(sets)) { // who names a group of another goes first
				v.jobs = append(v.jobs, apply.Job{Desired: plan.Gone(set), Lookup: apply.Shown})
			}
			permitted := permits(c)
			permitted.Destroy = true // which is what the command is for
			return r.plan(permitted)
		},
	}
}
