package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/lint"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

func applyCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "apply",
		Usage:     "make a cloud's security groups what the policies say",
		ArgsUsage: "[INPUTS]",
		Description: "Shows the plan, asks, saves what it is about to change (sgc restore brings it back), and\n" +
			"carries the plan out: what is created comes before what is deleted, so nothing that old and\n" +
			"new policy both allow is ever closed. Where others change the cloud meanwhile, it goes on as\n" +
			"long as it closes, deletes, touches and names no more than was agreed to; else it asks again,\n" +
			"or with --yes or --plan it stops. Interrupted or killed, the next run goes on.\n\n" +
			"   sgc apply --os-cloud=prod ./policies/web\n" +
			"   sgc apply --yes --format=json ./policies/web   # one event a line, for machines\n" +
			"   sgc plan -o plan.json && sgc apply --plan plan.json\n" +
			"   sgc apply --plan plan.json --here              # the same cloud, at another address\n" +
			"   sgc apply --adopt-from=shop ./policies/web     # the policy was called shop, or a tier was shop's\n" +
			"   sgc apply --adopt-only 'web-*' ./policies/shop # the groups of these tiers first, the rest another day\n" +
			"   sgc apply --adopt-group web=6f1cf1b5-4b8a-4b5b-9df4-2f3f0f3f4c11 ./policies/web\n" +
			"   sgc apply --over-quota ./policies/web          # the quota is raised meanwhile",
		Flags: concat(inputFlags(), planFlags(), permitFlags(), cloudFlags(), changeFlags(), []cli.Flag{
			&cli.StringFlag{Name: "plan", Usage: "carry out the plans in `FILE` exactly, or none of them where the cloud has changed since", TakesFile: true},
			hereFlag(),
		}, verifyFlags()),
		Action: func(c *cli.Context) error {
			if c.IsSet("plan") {
				return applySaved(c, s)
			}
			if c.IsSet("here") {
				return fmt.Errorf("--here is about a saved plan: it goes with --plan")
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
		allFlag(),
		&cli.StringFlag{Name: "snapshots", Usage: "save what is about to change in `FOLDER`", DefaultText: "$XDG_STATE_HOME/sgc or ~/.local/state/sgc", TakesFile: true},
	}
}

// hereFlag is that of commands that take a file which belongs to one place.
func hereFlag() cli.Flag {
	return &cli.BoolFlag{Name: "here", Category: permitFlagsHeading, Usage: "go on although the cloud has other addresses than in the file"}
}

func applyInputs(c *cli.Context, s streams) error {
	sets, err := judgedSets(c, s, lint.RefusedNames)
	if err != nil {
		return err
	}
	list, made, err := jobs(c, sets)
	if err != nil {
		return err
	}
	verify, err := verificationOf(c)
	if err != nil {
		return err
	}
	v, err := newChanger(c, s)
	if err != nil {
		return err
	}
	v.made, v.verify = made, verify
	return v.plan(list, permits(c))
}

func applySaved(c *cli.Context, s streams) error {
	if c.NArg() > 0 {
		return fmt.Errorf("--plan says all there is to do: it takes no inputs")
	}
	for _, name := range []string{"adopt", "adopt-only", "adopt-from", "adopt-group", "tidy", "descriptions", "allow-interruption", "inject", "as-of"} {
		if c.IsSet(name) {
			return fmt.Errorf("--%s says how to plan, and --plan has a plan already: give it to sgc plan", name)
		}
	}
	name := c.String("plan")
	data, err := readDocument(name, planDocument)
	if err != nil {
		return err
	}
	agreed, err := plan.ParseDocument(data)
	if err == nil {
		err = rule.CheckClaims(agreed.Policies)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	today, err := asOf(c)
	if err != nil {
		return err
	}
	if expired := agreed.Expired(today); expired != nil {
		return expired
	}
	verify, err := verificationOf(c)
	if err != nil {
		return err
	}
	v, err := newChanger(c, s)
	if err != nil {
		return err
	}
	if err := belongs(c, s, name, agreed.Place, v.client.Place()); err != nil {
		return err
	}
	list := jobsOf(agreed.Policies, agreed.Options)
	round, err := apply.Plan(c.Context, v.client, list, permits(c))
	if err != nil {
		return err
	}
	if len(round.Plans) < len(list) {
		warn(s, round)
		return fmt.Errorf("%s: its plans cannot be made from the cloud as it is now; plan again", name)
	}
	v.fromFile, v.made, v.verify = true, *agreed, verify
	if stale := agreed.Differs(v.document(round)); stale != nil {
		return stale
	}
	return v.change(apply.Agreement{Jobs: list, Permits: permits(c), Agreed: round})
}

// belongs refuses a file that belongs to another place than this one.
func belongs(c *cli.Context, s streams, file string, there, here plan.Place) error {
	d := there.Differs(here)
	if d == nil {
		return nil
	}
	if !d.Final && c.Bool("here") {
		complain(s, plan.Problem{Message: fmt.Sprintf("note: %s %s", file, d.Message)})
		return nil
	}
	if !d.Final {
		return fmt.Errorf("%s %s; if both are the same cloud, --here goes on", file, d.Message)
	}
	return fmt.Errorf("%s %s", file, d.Message)
}
