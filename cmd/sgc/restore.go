package main

import (
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/neutron"
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
			"   sgc restore ~/.local/state/sgc/web-20261124T082357Z-1.json",
		Flags: concat(cloudFlags(), changeFlags(), []cli.Flag{
			&cli.BoolFlag{Name: "allow-destroy", Category: permitFlagsHeading, Usage: "delete groups that came later, and close most of what a group in use allows"},
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
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if err := misplaced(name, data, snapshotDocument); err != nil {
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
	if project := v.client.Project(); project != shot.State.Project {
		return fmt.Errorf("%s is of project %s, and this is %s", name, shot.State.Project, project)
	}
	j := neutron.Job{
		Options: plan.Options{Tidy: c.Bool("tidy"), DeletesFirst: c.Bool("allow-interruption")},
		Permits: plan.Permits{Destroy: c.Bool("allow-destroy")},
	}
	j.Desired, j.Externals = shot.Desired()
	list := []neutron.Job{j}
	plans, err := v.client.PlanAll(c.Context, list)
	if err != nil {
		return err
	}
	return v.change(list, plans, false)
}
