package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/plan"
)

func restoreCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "restore",
		Usage:     "go back to the groups that apply, restore or destroy saved before it changed them",
		ArgsUsage: "SNAPSHOT",
		Description: "Plans from what the cloud has now to what the snapshot says, shows the plan, asks, saves\n" +
			"a snapshot of its own and carries the plan out. What the groups allowed then they allow again,\n" +
			"and nothing else; groups that are gone come back with another id.\n\n" +
			"   sgc restore ~/.local/state/sgc/web-20261124T082357Z-1.json\n" +
			"   sgc restore --allow-destroy --here web.json   # delete what came since; the same cloud, at another address",
		Flags: concat(cloudFlags(), changeFlags(), []cli.Flag{
			&cli.BoolFlag{Name: "allow-destroy", Category: permitFlagsHeading, Usage: "delete groups that came later, and close most of what a group in use allows"},
			overQuotaFlag(),
			hereFlag(),
			&cli.BoolFlag{Name: "tidy", Category: permitFlagsHeading, Usage: "the very rules of the snapshot, also where others allow the same"},
			&cli.BoolFlag{Name: "allow-interruption", Category: permitFlagsHeading, Usage: "delete before creating, where the quota has no room for both"},
		}),
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return fmt.Errorf("restore takes one snapshot, not %d; see sgc restore --help", c.NArg())
			}
			return restore(c, s, c.Args().First())
		},
	}
}

func restore(c *cli.Context, s streams, name string) error {
	data, err := readDocument(name, snapshotDocument)
	if err != nil {
		return err
	}
	shot, err := plan.ParseSnapshot(data)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	v, err := newChanger(c, s)
	if err != nil {
		return err
	}
	here := v.client.Place()
	switch {
	case !shot.Place.Saved():
		if err := belongs(c, s, name, shot.Place, here); err != nil {
			return err
		}
	case shot.State.Project != here.Project:
		return fmt.Errorf("%s belongs to project %s, and this is project %s", name, shot.State.Project, here.Project)
	default:
		complain(s, plan.Problem{Message: fmt.Sprintf("note: %s does not say which cloud it belongs to, as snapshots of this version do: make sure that it is %s", name, here)})
	}
	j := apply.Job{Options: plan.Options{Tidy: c.Bool("tidy"), DeletesFirst: c.Bool("allow-interruption")}, Lookup: apply.Given}
	j.Desired, j.Externals = shot.Desired()
	v.made.Options = j.Options
	return v.plan([]apply.Job{j}, permits(c))
}
