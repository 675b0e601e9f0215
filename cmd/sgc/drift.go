package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/drift"
	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
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
			&cli.StringFlag{Name: "fail-on", Value: "drifted,differs", Usage: "exit 2 where a group is one of `WORDS`: drifted, differs, pending or expired, with commas in between"},
			&cli.BoolFlag{Name: "coverage", Usage: "count the groups and ports that are under a policy, which takes one more call"},
			&cli.BoolFlag{Name: "quota", Usage: "say how much of the quota is used, which takes one more call; not as text"},
		}, outputFlags("text", "json", "sarif", "prometheus")),
		Action: func(c *cli.Context) error { return runDrift(c, s) },
	}
}

func runDrift(c *cli.Context, s streams) error {
	file, err := outputName(c, append(c.StringSlice("state"), c.Args().Slice()...))
	if err != nil {
		return err
	}
	fatal := strings.Split(c.String("fail-on"), ",")
	for _, word := range fatal {
		if !slices.Contains(driftWords, word) {
			return fmt.Errorf("--fail-on %q: %s, or several with commas in between", word, either(driftWords))
		}
	}
	sets, err := inputSets(c, s)
	if err != nil {
		return err
	}
	if err := rule.CheckClaims(sets); err != nil {
		return err
	}
	r, err := lookForDrift(c, s, rule.InOrder(sets))
	if err != nil {
		return err
	}
	for _, problem := range r.Problems {
		complain(s, problem)
	}
	if err := output(file, s.out, func(w io.Writer) error { return writeDrift(c, w, r) }); err != nil {
		return err
	}
	switch {
	case r.Problems != nil:
		return exitFailure
	case slices.ContainsFunc(fatal, func(word string) bool { return r.Any(drift.Verdict(word)) || word == expiredWord && r.Expired() }):
		return exitChanges
	}
	return nil
}

const expiredWord = "expired"

var driftWords = []string{string(drift.Drifted), string(drift.Differs), string(drift.Pending), expiredWord}

func writeDrift(c *cli.Context, w io.Writer, r drift.Report) error {
	switch c.String("format") {
	case "json":
		return drift.JSON(w, r)
	case "sarif":
		return drift.SARIF(w, version(), r)
	case "prometheus":
		return drift.Prometheus(w, time.Now().Unix(), r)
	}
	return drift.Text(w, r)
}

// lookForDrift compares one project with the policies.
func lookForDrift(c *cli.Context, s streams, sets []*rule.Set) (r drift.Report, err error) {
	if r.Day, err = asOf(c); err != nil {
		return r, err
	}
	var applied *plan.Document
	if name := c.String("applied"); name != "" {
		saved, err := readPlans(name)
		if err != nil {
			return r, err
		}
		applied = saved.Targets[0]
	}
	about, err := oneCloud(c)
	if err != nil {
		return r, err
	}
	p := newProject(s, about)
	if err := p.open(c); err != nil {
		return r, err
	}
	from := p.from
	if applied != nil {
		if err := mayCompare(c.String("applied"), applied.Place, from.Place()); err != nil {
			return r, err
		}
	}
	round, err := apply.Compare(c.Context, from, jobsOf(sets, plan.Options{Adopt: true}))
	if err != nil {
		return r, err
	}
	r.Place, r.Problems, r.Unowned = round.Place, round.Problems, unowned(round)
	r.Policies = drift.Judge(round.State, round.Plans, sets, applied)
	return r, lookFurther(c, from, round.State, &r)
}

// mayCompare refuses a saved plan of another project than the one that is looked at. Addresses
// count for nothing where nothing is written to.
func mayCompare(name string, there, here plan.Place) error {
	if here.Saved() { // of which no more is known than its project
		here = plan.Place{Project: here.Project, Region: there.Region}
	}
	if d := there.Differs(here); d != nil && d.Final {
		return fmt.Errorf("%s %s", name, d.Message)
	}
	return nil
}

// lookFurther asks a cloud what is asked for beside its groups.
func lookFurther(c *cli.Context, from apply.Project, s *rule.State, r *drift.Report) error {
	client, live := from.(*neutron.Client)
	for _, flag := range []string{"coverage", "quota"} {
		if c.Bool(flag) && !live {
			return fmt.Errorf("--%s asks a cloud, and with --state none is asked: leave one of them out", flag)
		}
	}
	if c.Bool("coverage") {
		ports, err := client.Ports(c.Context)
		if err != nil {
			return err
		}
		r.Coverage = drift.Cover(s, r.Unowned, ports)
	}
	if c.Bool("quota") {
		facts, err := client.Facts(c.Context, plan.Needs{Quota: true})
		if err != nil {
			return err
		}
		if facts.QuotaUnread != "" {
			return fmt.Errorf("the quota cannot be read: %s", facts.QuotaUnread)
		}
		r.Quota = &facts.Quota
	}
	return nil
}
