package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

func planCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "plan",
		Usage:     "say what apply would do to a cloud, and which access opens and closes",
		ArgsUsage: "[INPUTS]",
		Description: "Reads the project's security groups and compares them with the policy. A group that\n" +
			"allows exactly what its tier does is left alone, whatever its rules look like. What\n" +
			"speaks against carrying the plan out is on standard error, and the exit code is 1.\n" +
			stateHelp + targetsHelp + "\n" +
			"   sgc plan --os-cloud=prod ./policies/web\n" +
			"   sgc plan --targets clouds.cue --only 'prod-*'\n" +
			"   sgc plan --detailed-exitcode           # exit 2 when anything differs\n" +
			"   sgc plan -o plan.json && sgc apply --plan plan.json\n" +
			"   openstack security group show -f json web > web.json && sgc plan --state web.json",
		Flags: concat(inputFlags(), planFlags(), permitFlags(), cloudFlags(), targetFlags(), stateFlags(), []cli.Flag{
			formatFlag("text", "json"),
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "save the plans to `FILE`, for apply --plan", TakesFile: true},
			allFlag(),
			&cli.BoolFlag{Name: "detailed-exitcode", Usage: "exit 2 when anything differs"},
		}),
		Action: func(c *cli.Context) error { return runPlan(c, s) },
	}
}

func runPlan(c *cli.Context, s streams) error {
	about, err := targetsOf(c, s)
	if err != nil {
		return err
	}
	file, err := resultOf(c, about)
	if err != nil {
		return err
	}
	list, err := projectsOf(c, s, about, toApply)
	if err != nil {
		return err
	}
	each(list, func(p *project) error { return p.fails(p.open(c)) })
	if err := distinct(list); err != nil {
		return err
	}
	text := file != "-" && c.String("format") == "text"
	each(list, func(p *project) error { return p.fails(p.plan(c, text)) })
	all := documents(list, func(p *project) bool { return p.round != nil })
	switch {
	case all.Targets == nil:
	case text:
		err = writeSessions(s.out, all)
	case file != "-": // which is standard output too
		err = all.Write(s.out)
	}
	if err == nil && all.Targets != nil && file != "" {
		err = savePlans(c, s, file, list)
	}
	if err != nil {
		return err
	}
	for _, p := range list {
		if p.round != nil && p.round.Problems != nil {
			p.failed = exitFailure
		}
	}
	if err := outcome(s, list, "to change"); err != nil {
		return err
	}
	if c.Bool("detailed-exitcode") && slices.ContainsFunc(list, func(p *project) bool { return !p.round.Empty() }) {
		return exitChanges
	}
	return nil
}

// plan makes the plans of the project's policies, and says what there is to say of them.
func (p *project) plan(c *cli.Context, text bool) (err error) {
	if p.round, err = apply.Plan(c.Context, p.from, p.jobs, permits(c)); err != nil {
		return err
	}
	if text {
		err = writePlans(coloured(p.out), p.document(p.round), c.Bool("all"))
	}
	warn(p.streams, p.round)
	return err
}

// allFlag is that of commands that show plans, and fold what is long in them.
func allFlag() cli.Flag {
	return &cli.BoolFlag{Name: "all", Usage: "list everything: what stays as it is, and each line of what opens and closes"}
}

// documents are those of projects that have come so far.
func documents(list []*project, far func(*project) bool) *plan.Documents {
	ds := &plan.Documents{}
	for _, p := range list {
		if far(p) {
			ds.Targets = append(ds.Targets, p.document(p.round))
		} else {
			ds.Failed = append(ds.Failed, p.Name)
		}
	}
	return ds
}

// savePlans writes the plans of all projects for which there is one of each policy to a file,
// as --format=json prints them.
func savePlans(c *cli.Context, s streams, file string, list []*project) error {
	made := documents(list, func(p *project) bool { return p.round != nil && len(p.round.Plans) == len(p.jobs) })
	switch {
	case made.Targets != nil:
	case len(list) > 1 || len(list[0].jobs) > 1:
		return errors.New("nothing has been saved")
	default:
		return nil
	}
	if err := output(file, s.out, made.Write); err != nil || file == "-" {
		return err
	}
	if made.Targets[0].Place.Saved() {
		fmt.Fprintln(s.err, "saved; it was made from a saved state, so it cannot be carried out")
		return nil
	}
	permit, lacking := "", ""
	if c.Bool("allow-destroy") {
		permit = "--allow-destroy "
	}
	if made.Failed != nil {
		lacking = " without " + strings.Join(made.Failed, ", ")
	}
	fmt.Fprintf(s.err, "saved%s; to carry it out: sgc apply %s--plan %s\n", rule.Printable(lacking), permit, file)
	return nil
}

// warn says on standard error what the user should know of plans, and what speaks
// against them.
func warn(s streams, r *apply.Round) {
	for _, note := range r.Notes {
		note.Message = "note: " + note.Message
		complain(s, note)
	}
	for _, problem := range r.Problems {
		complain(s, problem)
	}
}

// complain says what is wrong, the policy's line first where there is one.
func complain(s streams, p plan.Problem) {
	text := rule.Printable(p.String())
	if p.Pos.File == "" {
		text = "sgc: " + text
	}
	fmt.Fprintln(s.err, text)
}

// writePlans writes the plans of a project for people, and first where they belong.
func writePlans(out io.Writer, d *plan.Document, whole bool) error {
	if d.Plans == nil {
		return nil
	}
	at := d.Place.String()
	if d.Target != "" {
		at = d.Target + ": " + at
	}
	if _, err := fmt.Fprintln(out, rule.Printable(at)); err != nil {
		return err
	}
	write := plan.Text
	if whole {
		write = plan.WholeText
	}
	for _, p := range d.Plans {
		if _, err := fmt.Fprintln(out); err != nil {
			return err
		}
		if err := write(out, p); err != nil {
			return err
		}
	}
	more := ""
	if text := plan.UnownedText(d.Unowned); text != "" {
		more += "\n" + text + "\n"
	}
	switch {
	case d.Target != "": // another one follows
		more += "\n"
	case closes(d):
		more += "\n" + plan.Sessions + "\n"
	}
	_, err := io.WriteString(out, more)
	return err
}

// writeSessions says below the plans of several projects, once, what becomes of connections.
func writeSessions(out io.Writer, all *plan.Documents) error {
	if all.Targets[0].Target == "" || !slices.ContainsFunc(all.Targets, closes) {
		return nil
	}
	_, err := fmt.Fprintln(out, plan.Sessions)
	return err
}

func closes(d *plan.Document) bool { return slices.ContainsFunc(d.Plans, (*plan.Plan).Closes) }

func concat(lists ...[]cli.Flag) []cli.Flag {
	var all []cli.Flag
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}
