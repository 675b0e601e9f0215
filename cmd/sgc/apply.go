package main

import (
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/plan"
)

func applyCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "apply",
		Usage:     "make a cloud's security groups what the policies say",
		ArgsUsage: "[INPUTS]",
		Description: "Shows the plan, asks, saves what it is about to change (sgc restore brings it back), and\n" +
			"carries the plan out: what is created comes before what is deleted, so nothing that old and\n" +
			"new policy both allow is ever closed. Interrupted or killed, the next run goes on.\n\n" +
			"   sgc apply --os-cloud=prod ./policies/web\n" +
			"   sgc apply --yes --format=json ./policies/web   # one event a line, for machines\n" +
			"   sgc plan -o plan.json && sgc apply --plan plan.json",
		Flags: concat(inputFlags(), planFlags(), cloudFlags(), changeFlags(), []cli.Flag{
			&cli.StringFlag{Name: "plan", Usage: "carry out the plans in `FILE`, exactly, or none when the cloud has changed since", TakesFile: true},
		}),
		Action: func(c *cli.Context) error {
			if c.IsSet("plan") {
				return applySaved(c, s)
			}
			return applyInputs(c, s)
		},
	}
}

// changeFlags are those of all commands that change a cloud.
func changeFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "yes", Aliases: []string{"y"}, Usage: "do not ask"},
		formatFlag("text", "json"),
		&cli.StringFlag{Name: "snapshots", Usage: "save what is about to change in `FOLDER`", DefaultText: "$XDG_STATE_HOME/sgc or ~/.local/state/sgc", TakesFile: true},
	}
}

func applyInputs(c *cli.Context, s streams) error {
	sets, err := inputSets(c, s)
	if err != nil {
		return err
	}
	list, err := jobs(c, sets)
	if err != nil {
		return err
	}
	return changeCloud(c, s, list)
}

// changeCloud plans for all jobs, and then carries one plan out after the other.
func changeCloud(c *cli.Context, s streams, list []neutron.Job) error {
	v, err := newChanger(c, s)
	if err != nil {
		return err
	}
	plans, err := v.client.PlanAll(c.Context, list)
	if err != nil {
		return err
	}
	return v.change(list, plans, false)
}

func applySaved(c *cli.Context, s streams) error {
	if c.NArg() > 0 {
		return fmt.Errorf("--plan says all there is to do: no inputs beside it")
	}
	for _, name := range []string{"adopt", "tidy", "descriptions", "allow-interruption", "inject", "as-of"} {
		if c.IsSet(name) {
			return fmt.Errorf("--%s says how to plan, and --plan has a plan: give it to sgc plan", name)
		}
	}
	data, err := os.ReadFile(c.String("plan"))
	if err != nil {
		return err
	}
	if err := misplaced(c.String("plan"), data, planDocument); err != nil {
		return err
	}
	saved, err := plan.ParseAll(data)
	if err != nil {
		return fmt.Errorf("%s: %w", c.String("plan"), err)
	}
	if err := unexpired(c, saved); err != nil {
		return err
	}
	v, err := newChanger(c, s)
	if err != nil {
		return err
	}
	plans, err := v.client.Review(c.Context, saved, plan.Permits{Destroy: c.Bool("allow-destroy")})
	if err != nil {
		return err
	}
	var list []neutron.Job
	for _, p := range saved {
		list = append(list, neutron.Job{Desired: plan.Desired{Policy: p.Policy}})
	}
	return v.change(list, plans, true)
}

// unexpired says which rules the plans would create after their last day.
func unexpired(c *cli.Context, plans []*plan.Plan) error {
	day, err := asOf(c)
	if err != nil {
		return err
	}
	var problems plan.Problems
	for _, p := range plans {
		problems = append(problems, p.Expired(day)...)
	}
	if problems != nil {
		return problems
	}
	return nil
}
