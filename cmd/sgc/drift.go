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
			targetsHelp +
			stateHelp + "\n" +
			"   sgc drift --os-cloud=prod ./policies/...\n" +
			"   sgc apply --fingerprints ./policies/web  # from then on, drift knows what was applied\n" +
			"   sgc drift --applied plan.json            # or by the saved plan that was carried out",
		Flags: concat(inputFlags(), cloudFlags(), targetFlags(), stateFlags(), []cli.Flag{
			&cli.StringFlag{Name: "applied", Usage: "what the saved plan in `FILE` has left counts as applied, whatever tags say", TakesFile: true},
			&cli.StringFlag{Name: "fail-on", Value: "drifted,differs", Usage: "exit 2 where a group is one of `WORDS`: drifted, differs, pending or expired, with commas in between"},
			&cli.BoolFlag{Name: "coverage", Usage: "count the groups and ports that are under a policy, which takes one more call"},
			&cli.BoolFlag{Name: "quota", Usage: "say how much of the quota is used, which takes one more call; not as text"},
		}, outputFlags("text", "json", "sarif", "prometheus")),
		Action: func(c *cli.Context) error { return runDrift(c, s) },
	}
}

func runDrift(c *cli.Context, s streams) error {
	about, err := targetsOf(c, s)
	if err != nil {
		return err
	}
	file, err := resultOf(c, about)
	if err != nil {
		return err
	}
	fatal := strings.Split(c.String("fail-on"), ",")
	for _, word := range fatal {
		if !slices.Contains(driftWords, word) {
			return fmt.Errorf("--fail-on %q: %s, or several with commas in between", word, either(driftWords))
		}
	}
	var applied *plan.Documents
	if name := c.String("applied"); name != "" {
		if applied, err = readPlans(name); err != nil {
			return err
		}
	}
	projects, err := projectsOf(c, s, about, toCompare)
	if err != nil {
		return err
	}
	list := make([]*compared, len(projects))
	for i, p := range projects {
		list[i] = &compared{project: p}
	}
	each(list, func(p *compared) error { return p.fails(p.open(c)) })
	if err := distinct(list); err != nil {
		return err
	}
	each(list, func(p *compared) error { return p.fails(p.look(c, applied)) })
	if p := list[0]; p.Name == "" && p.failed != nil {
		return p.failed
	}
	var reports []drift.Report
	var failed []string
	code := exit(0)
	for _, p := range list {
		switch {
		case p.failed != nil:
			failed = append(failed, p.Name)
			code = exitFailure
			continue
		case p.report.Problems != nil:
			code = exitFailure
		case code == 0 && slices.ContainsFunc(fatal, func(word string) bool {
			return p.report.Any(drift.Verdict(word)) || word == expiredWord && p.report.Expired()
		}):
			code = exitChanges
		}
		reports = append(reports, p.report)
	}
	if err := output(file, s.out, func(w io.Writer) error { return writeDrift(c, w, reports, failed) }); err != nil {
		return err
	}
	if list[0].Name != "" {
		text := rule.Counted(len(list), "target") + ": " + drift.Summary(reports...)
		if failed != nil {
			text += fmt.Sprintf("; %d failed: %s", len(failed), strings.Join(failed, ", "))
		}
		fmt.Fprintln(s.err, rule.Printable(text))
	}
	if code == 0 {
		return nil
	}
	return code
}

const expiredWord = "expired"

var driftWords = []string{string(drift.Drifted), string(drift.Differs), string(drift.Pending), expiredWord}

func writeDrift(c *cli.Context, w io.Writer, reports []drift.Report, failed []string) error {
	switch c.String("format") {
	case "json":
		return drift.JSON(w, failed, reports...)
	case "sarif":
		return drift.SARIF(w, version(), reports...)
	case "prometheus":
		return drift.Prometheus(w, time.Now().Unix(), reports...)
	}
	return drift.Text(w, reports...)
}

// toCompare compiles what a target is compared with.
func toCompare(c *cli.Context, s streams, t targets.Target) ([]*rule.Set, error) {
	return guardedSets(c, s, t.Inputs, t.Tags...)
}

// compared is a project that is looked at, and what there is to say of it.
type compared struct {
	*project
	report drift.Report
}

// look compares the project with its policies. saved are the plans that count as applied; nil
// where tags say that.
func (p *compared) look(c *cli.Context, saved *plan.Documents) error {
	var applied *plan.Document
	if saved != nil {
		i := slices.IndexFunc(saved.Targets, func(d *plan.Document) bool { return d.Target == p.Name })
		switch {
		case i < 0 && p.Name != "":
			return fmt.Errorf("%s has no plans of this target", c.String("applied"))
		case i < 0:
			return fmt.Errorf("%s has no plans of this project alone: name the targets that it is about", c.String("applied"))
		}
		applied = saved.Targets[i]
		if err := mayCompare(c.String("applied"), applied.Place, p.from.Place()); err != nil {
			return err
		}
	}
	round, err := apply.Compare(c.Context, p.from, jobsOf(p.made.Policies, plan.Options{Adopt: true}))
	if err != nil {
		return err
	}
	p.report = drift.Report{Target: p.Name, Place: round.Place, Day: p.made.Day, Problems: round.Problems, Unowned: unowned(round)}
	p.report.Policies = drift.Judge(round.State, round.Plans, p.made.Policies, applied)
	for _, problem := range round.Problems {
		complain(p.streams, problem)
	}
	return lookFurther(c, p.from, round.State, &p.report)
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
