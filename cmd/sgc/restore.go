package main

import (
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/plan"
)

func restoreCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "restore",
		Usage:     "go back to the groups that apply, restore or destroy saved before it changed them",
		ArgsUsage: "SNAPSHOT...",
		Description: "Plans from what the cloud has now to what the snapshot says, shows the plan, asks, saves\n" +
			"a snapshot of its own and carries the plan out. What the groups allowed then they allow again,\n" +
			"and nothing else; groups that are gone come back with another id. A run that has changed\n" +
			"several policies has saved a snapshot for each: they go back together.\n\n" +
			"   sgc restore ~/.local/state/sgc/web-20261124T082357Z-1.json\n" +
			"   sgc restore --allow-destroy --here web.json   # delete what came since; the same cloud, at another address",
		Flags: concat(permitFlags(), cloudFlags(), changeFlags(), []cli.Flag{
			hereFlag(),
			tidyFlag(),
			interruptionFlag(),
		}),
		Action: func(c *cli.Context) error {
			if c.NArg() == 0 {
				return errors.New("restore takes a snapshot; see sgc restore --help")
			}
			return restore(c, s, c.Args().Slice())
		},
	}
}

func restore(c *cli.Context, s streams, names []string) error {
	shots, files := []plan.Snapshot{}, map[string]string{}
	for _, name := range names {
		data, err := readDocument(name, snapshotDocument)
		if err != nil {
			return err
		}
		shot, err := plan.ParseSnapshot(data)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if other := files[shot.Policy]; other != "" {
			return fmt.Errorf("%s and %s are both of policy %s: restore the later one first, then the other", other, name, shot.Policy)
		}
		shots, files[shot.Policy] = append(shots, shot), name
	}
	r, err := newChanges(c, s)
	if err != nil {
		return err
	}
	v, err := r.one()
	if err != nil {
		return err
	}
	here := v.from.Place()
	v.made.Options = plan.Options{Tidy: c.Bool("tidy"), DeletesFirst: c.Bool("allow-interruption")}
	for i, shot := range shots {
		switch {
		case !shot.Place.Saved():
			if err := belongs(c, s, names[i], shot.Place, here); err != nil {
				return err
			}
		case shot.State.Project != here.Project:
			return fmt.Errorf("%s is of project %s, and this is %s", names[i], shot.State.Project, here.Project)
		default:
			complain(s, plan.Problem{Message: fmt.Sprintf("note: %s does not say which cloud it is of, as the first snapshots did not: make sure that it is %s", names[i], here)})
		}
		j := apply.Job{Options: v.made.Options, Lookup: apply.Given}
		shot.EndOthers(today())
		j.Desired, j.Externals = shot.Desired()
		v.jobs = append(v.jobs, j)
	}
	return r.plan(permits(c))
}
