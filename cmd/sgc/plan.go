package main

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/lint"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/statefile"
)

func planCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "plan",
		Usage:     "say what apply would do to a cloud, and which access opens and closes",
		ArgsUsage: "[INPUTS]",
		Description: "Reads the project's security groups and compares them with the policy. A group that\n" +
			"allows exactly what its tier does is left alone, whatever its rules look like. What\n" +
			"speaks against carrying the plan out is on standard error, and the exit code is 1.\n" +
			stateHelp + "\n" +
			"   sgc plan --os-cloud=prod ./policies/web\n" +
			"   sgc plan --detailed-exitcode           # exit 2 when anything differs\n" +
			"   sgc plan -o plan.json && sgc apply --plan plan.json\n" +
			"   openstack security group show -f json web > web.json && sgc plan --state web.json",
		Flags: concat(inputFlags(), planFlags(), permitFlags(), cloudFlags(), stateFlags(), []cli.Flag{
			formatFlag("text", "json"),
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "save the plans to `FILE`, for apply --plan", TakesFile: true},
			allFlag(),
			&cli.BoolFlag{Name: "detailed-exitcode", Usage: "exit 2 when anything differs"},
		}),
		Action: func(c *cli.Context) error { return runPlan(c, s) },
	}
}

func runPlan(c *cli.Context, s streams) error {
	file, err := outputName(c, append(c.StringSlice("state"), c.Args().Slice()...))
	if err != nil {
		return err
	}
	sets, err := judgedSets(c, s, lint.RefusedNames)
	if err != nil {
		return err
	}
	list, made, err := jobs(c, sets)
	if err != nil {
		return err
	}
	round, err := planned(c, s, list)
	if err != nil {
		return err
	}
	made.Place, made.Plans, made.Unowned = round.Place, round.Plans, round.Unowned
	switch {
	case file == "-": // which is standard output too
	case c.String("format") == "json":
		err = made.Write(s.out)
	default:
		err = writePlans(coloured(s.out), &made, c.Bool("all"))
	}
	if err != nil {
		return err
	}
	warn(s, round)
	switch {
	case file == "":
	case len(round.Plans) == len(list):
		if err := savePlans(c, s, file, &made); err != nil {
			return err
		}
	case len(list) > 1:
		return errors.New("nothing has been saved")
	}
	switch {
	case round.Problems != nil:
		return exitFailure
	case !round.Empty() && c.Bool("detailed-exitcode"):
		return exitChanges
	}
	return nil
}

// allFlag is that of commands that show plans, and fold what is long in them.
func allFlag() cli.Flag {
	return &cli.BoolFlag{Name: "all", Usage: "list everything: what stays as it is, and each line of what opens and closes"}
}

// savePlans writes plans to a file, as --format=json prints them.
func savePlans(c *cli.Context, s streams, file string, d *plan.Document) error {
	err := output(file, s.out, d.Write)
	if err != nil || file == "-" {
		return err
	}
	if d.Place.Saved() {
		fmt.Fprintln(s.err, "saved; it was made from a saved state, so it cannot be carried out")
		return nil
	}
	permit := ""
	if c.Bool("allow-destroy") {
		permit = "--allow-destroy "
	}
	fmt.Fprintf(s.err, "saved; to carry it out: sgc apply %s--plan %s\n", permit, file)
	return nil
}

// planned makes a plan of every job, with a cloud or with a saved state.
func planned(c *cli.Context, s streams, list []apply.Job) (*apply.Round, error) {
	state, err := savedState(c, s)
	if err != nil {
		return nil, err
	}
	if state != nil {
		return apply.Plan(c.Context, statefile.Project{State: state}, list, permits(c))
	}
	client, err := connect(c.Context, c, s)
	if err != nil {
		return nil, err
	}
	return apply.Plan(c.Context, client, list, permits(c))
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

// writePlans writes plans for people, and first where they belong.
func writePlans(out io.Writer, d *plan.Document, whole bool) error {
	if d.Plans == nil {
		return nil
	}
	if _, err := fmt.Fprintln(out, rule.Printable(d.Place.String())); err != nil {
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
	if slices.ContainsFunc(d.Plans, (*plan.Plan).Closes) {
		more += "\n" + plan.Sessions + "\n"
	}
	_, err := io.WriteString(out, more)
	return err
}

func concat(lists ...[]cli.Flag) []cli.Flag {
	var all []cli.Flag
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}
