package main

import (
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/drift"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/targets"
)

func driftCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "drift",
		Usage:     "say what others have changed in a cloud's groups, and what is not applied yet",
		ArgsUsage: "[INPUTS]",
		Description: "Reads the project's security groups and compares their access with the policy's: by the mark\n" +
			"that apply leaves, else by name, so that nothing need have been applied. It changes nothing;\n" +
			"but where nobody has looked at the project before, Neutron makes its default group.\n" +
			"Exit code 2 where a group drifted, or differs and it is not known why; 0 where all is as\n" +
			"applied or pending; 1 where it could not be looked at.\n" +
			stateHelp + "\n" +
			"   sgc drift --os-cloud=prod ./policies/...\n" +
			"   sgc apply --fingerprints ./policies/web  # from then on, drift knows what was applied\n" +
			"   sgc drift --applied plan.json            # or by the saved plan that was carried out",
		Flags: concat(inputFlags(), cloudFlags(), stateFlags(), []cli.Flag{
			&cli.StringFlag{Name: "applied", Usage: "what the saved plan in `FILE` has left counts as applied, whatever tags say", TakesFile: true},
		}, outputFlags("text")),
		Action: func(c *cli.Context) error { return runDrift(c, s) },
	}
}

func runDrift(c *cli.Context, s streams) error {
	file, err := outputName(c, append(c.StringSlice("state"), c.Args().Slice()...))
	if err != nil {
		return err
	}
	sets, err := inputSets(c, s)
	if err != nil {
		return err
	}
	if err := rule.CheckClaims(sets); err != nil {
		return err
	}
	sets = rule.InOrder(sets)
	r, problems, err := judgeDrift(c, s, sets)
	if err != nil {
		return err
	}
	for _, problem := range problems {
		complain(s, problem)
	}
	if err := output(file, s.out, func(w io.Writer) error { return drift.Text(w, r) }); err != nil {
		return err
	}
	switch {
	case problems != nil:
		return exitFailure
	case r.Any(drift.Drifted, drift.Differs):
		return exitChanges
	}
	return nil
}

// judgeDrift compares one project with the policies. Problems say which of them cannot be
// compared.
func judgeDrift(c *cli.Context, s streams, sets []*rule.Set) (r drift.Report, problems plan.Problems, err error) {
	if r.Day, err = asOf(c); err != nil {
		return r, nil, err
	}
	p := newProject(s, targets.Target{Choice: choiceOf(c)})
	if err := p.open(c); err != nil {
		return r, nil, err
	}
	from := p.from
	var applied *plan.Document
	if name := c.String("applied"); name != "" {
		all, err := readPlans(name)
		if err != nil {
			return r, nil, err
		}
		applied = all[0]
		if d := applied.Place.Differs(from.Place()); d != nil && (d.Final || !from.Place().Saved()) {
			return r, nil, fmt.Errorf("%s %s", name, d.Message)
		}
	}
	round, err := apply.Compare(c.Context, from, jobsOf(sets, plan.Options{Adopt: true}))
	if err != nil {
		return r, nil, err
	}
	r.Place = round.Place
	r.Policies = drift.Judge(round.State, round.Plans, sets, applied)
	r.Unowned = unowned(round)
	return r, round.Problems, nil
}
