package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/neutron"
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
			"speaks against carrying the plan out stands on standard error, and the exit code is 1.\n" +
			"The files of --state are snapshots of sgc, Neutron's list of security groups, or what\n" +
			"openstack security group show -f json prints.\n\n" +
			"   sgc plan --os-cloud=prod ./policies/web\n" +
			"   sgc plan --detailed-exitcode           # exit 2 when there is something to do\n" +
			"   sgc plan -o plan.json && sgc apply --plan plan.json\n" +
			"   openstack security group show -f json web > web.json && sgc plan --state web.json",
		Flags: concat(inputFlags(), planFlags(), cloudFlags(), []cli.Flag{
			formatFlag("text", "json"),
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "save the plans to `FILE`, for apply --plan", TakesFile: true},
			&cli.StringSliceFlag{Name: "state", Usage: "compare with the groups in `FILE`, and ask no cloud; may be repeated", TakesFile: true},
			&cli.BoolFlag{Name: "all", Usage: "show the rules of groups that do not change too"},
			&cli.BoolFlag{Name: "detailed-exitcode", Usage: "exit 2 when there is something to do"},
		}),
		Action: func(c *cli.Context) error { return runPlan(c, s) },
	}
}

func runPlan(c *cli.Context, s streams) error {
	write, err := planWriter(c, s)
	if err != nil {
		return err
	}
	file, err := outputName(c, append(c.StringSlice("state"), c.Args().Slice()...))
	if err != nil {
		return err
	}
	sets, err := inputSets(c, s)
	if err != nil {
		return err
	}
	list, err := jobs(c, sets)
	if err != nil {
		return err
	}
	plans, err := planned(c, s, list)
	if err != nil {
		return err
	}
	changes, refused := false, false
	var made []*plan.Plan
	for _, p := range plans {
		refused = refused || p.Problems != nil
		if p.Plan == nil {
			warn(s, p)
			continue
		}
		if file != "-" { // which is standard output too
			if len(made) > 0 && c.String("format") == "text" {
				fmt.Fprintln(s.out)
			}
			if err := write(p.Plan); err != nil {
				return err
			}
		}
		made = append(made, p.Plan)
		warn(s, p)
		changes = changes || !p.Plan.Empty()
	}
	switch {
	case file == "":
	case len(made) == len(plans):
		if err := savePlans(c, s, file, made); err != nil {
			return err
		}
	case len(plans) > 1:
		return errors.New("nothing has been saved")
	}
	switch {
	case refused:
		return exitFailure
	case changes && c.Bool("detailed-exitcode"):
		return exitChanges
	}
	return nil
}

// savePlans writes plans to a file, one after the other as --format=json prints them.
func savePlans(c *cli.Context, s streams, file string, plans []*plan.Plan) error {
	if err := plan.CheckTogether(plans); err != nil {
		return fmt.Errorf("--output %s: nothing has been saved: %w", file, err)
	}
	err := output(file, s.out, func(w io.Writer) error {
		for _, p := range plans {
			if err := plan.JSON(w, p); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && file != "-" {
		permit := ""
		if c.Bool("allow-destroy") {
			permit = "--allow-destroy "
		}
		fmt.Fprintf(s.err, "saved; to carry it out: sgc apply %s--plan %s\n", permit, file)
	}
	return err
}

// planned makes a plan of every job, with a cloud or with a saved state.
func planned(c *cli.Context, s streams, list []neutron.Job) ([]*neutron.Planned, error) {
	if files := c.StringSlice("state"); len(files) > 0 {
		state, err := readState(files)
		if err != nil {
			return nil, err
		}
		return neutron.PlanAllOffline(list, state)
	}
	client, err := connect(c.Context, c, s)
	if err != nil {
		return nil, err
	}
	return client.PlanAll(c.Context, list)
}

// readState joins the groups of several files.
func readState(files []string) (*rule.State, error) {
	all := &rule.State{}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if err := misplaced(name, data, snapshotDocument, stateDocument); err != nil {
			return nil, err
		}
		state, err := neutron.ParseState(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if err := all.Join(state); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return all, nil
}

// inPolicy says which policy an error is about, where it has no lines of its own.
func inPolicy(j neutron.Job, err error) error {
	var problems plan.Problems
	if errors.As(err, &problems) {
		return problems
	}
	return fmt.Errorf("policy %s: %w", j.Desired.Policy, err)
}

// warn says on standard error what the user should know of a plan, and what
// speaks against it.
func warn(s streams, p *neutron.Planned) {
	if p.Plan != nil {
		for _, note := range p.Plan.Notes {
			note.Message = "note: " + note.Message
			complain(s, note)
		}
	}
	for _, problem := range p.Problems {
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

func planWriter(c *cli.Context, s streams) (func(*plan.Plan) error, error) {
	switch format := c.String("format"); format {
	case "text":
		return func(p *plan.Plan) error {
			if c.Bool("all") {
				return plan.WholeText(coloured(s.out), p)
			}
			return plan.Text(coloured(s.out), p)
		}, nil
	case "json":
		return func(p *plan.Plan) error { return plan.JSON(s.out, p) }, nil
	default:
		return nil, fmt.Errorf("--format: unknown format %q: text or json", format)
	}
}

func concat(lists ...[]cli.Flag) []cli.Flag {
	var all []cli.Flag
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}
