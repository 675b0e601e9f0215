package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/clouds"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/targets"
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
		Flags: concat(inputFlags(), planFlags(), permitFlags(), cloudFlags(), targetFlags(), changeFlags(), []cli.Flag{
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
	about, err := targetsOf(c, s)
	if err != nil {
		return err
	}
	list, err := projectsOf(c, s, about, toApply)
	if err != nil {
		return err
	}
	verify, err := verificationOf(c, len(list))
	if err != nil {
		return err
	}
	r, err := newChanges(c, s)
	if err != nil {
		return err
	}
	for _, p := range list {
		r.in(p).verify = verify
	}
	if err := r.open(); err != nil {
		return err
	}
	return r.plan(permits(c))
}

func applySaved(c *cli.Context, s streams) error {
	if c.NArg() > 0 {
		return fmt.Errorf("--plan says all there is to do: it takes no inputs")
	}
	for _, name := range []string{"targets", "adopt", "adopt-only", "adopt-from", "adopt-group", "tidy", "fingerprints", "descriptions", "allow-interruption", "inject", "as-of"} {
		if c.IsSet(name) {
			return fmt.Errorf("--%s says how to plan, and --plan has a plan already: give it to sgc plan", name)
		}
	}
	name := c.String("plan")
	saved, err := readPlans(name)
	if err != nil {
		return err
	}
	all, err := only(c, saved.Targets, func(d *plan.Document) string { return d.Target })
	if err != nil {
		return err
	}
	for _, target := range saved.Failed {
		complain(s, plan.Problem{Message: fmt.Sprintf("note: %s has no plans of %s, which failed when it was made", name, target)})
	}
	today, err := asOf(c)
	if err != nil {
		return err
	}
	for _, d := range all {
		if expired := d.Expired(today); expired != nil {
			return expired
		}
	}
	about, err := targetsOfPlans(c, name, all)
	if err != nil {
		return err
	}
	verify, err := verificationOf(c, len(all))
	if err != nil {
		return err
	}
	r, err := newChanges(c, s)
	if err != nil {
		return err
	}
	for i, d := range all {
		v := r.in(newProject(s, about[i]))
		v.fromFile, v.verify, v.made, v.jobs = true, verify, *d, jobsOf(d.Policies, d.Options)
	}
	if err := r.open(); err != nil {
		return err
	}
	return r.change(func(v *changer) error { return v.proposeSaved(c, name) })
}

// targetsOfPlans is what the plans of a file are about. Several say in which cloud each is.
func targetsOfPlans(c *cli.Context, file string, all []*plan.Document) ([]targets.Target, error) {
	if all[0].Target == "" {
		one, err := oneCloud(c)
		return []targets.Target{one}, err
	}
	var about []targets.Target
	for _, flag := range []string{"os-cloud", "os-region-name"} {
		if c.IsSet(flag) {
			return nil, fmt.Errorf("--%s: %s says which cloud each of its plans is for", flag, file)
		}
	}
	for _, d := range all {
		about = append(about, targets.Target{Name: d.Target, Choice: clouds.Choice{Cloud: d.Place.Cloud, Region: d.Place.Region}})
	}
	return about, nil
}

// proposeSaved proposes the plans of a file, where they are what comes of their policies now.
func (v *changer) proposeSaved(c *cli.Context, file string) error {
	saved := v.made
	if err := belongs(c, v.streams, file, saved.Place, v.from.Place()); err != nil {
		return err
	}
	if err := v.propose(permits(c)); err != nil {
		return err
	}
	if len(v.round.Plans) < len(v.jobs) {
		warn(v.streams, v.round)
		return fmt.Errorf("%s: its plans cannot be made from the cloud as it is now; plan again", file)
	}
	if stale := saved.Differs(v.document(v.round)); stale != nil {
		return stale
	}
	return nil
}

// readPlans reads plans that were saved.
func readPlans(name string) (*plan.Documents, error) {
	data, err := readDocument(name, planDocument)
	if err != nil {
		return nil, err
	}
	saved, err := plan.ParseDocuments(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for _, d := range saved.Targets {
		if err := rule.CheckClaims(d.Policies); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return saved, nil
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
