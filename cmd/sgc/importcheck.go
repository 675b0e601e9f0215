package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// unowned is the groups that belong to no policy where nothing is carried out: what a plan
// releases has its mark.
func unowned(r *apply.Round) []plan.Unowned {
	return slices.DeleteFunc(plan.UnownedOf(r.State), func(g plan.Unowned) bool { return !slices.Contains(r.Unowned, g) })
}

// checkImport says whether the inputs allow exactly what lives.
func checkImport(c *cli.Context, s streams) error {
	if err := useless(c, "a check", "output", "force", "dry-run", "package", "name", "only", "except", "include-managed", "include-owned", "terraform"); err != nil {
		return err
	}
	sets, err := inputSets(c, s)
	if err != nil {
		return err
	}
	if err := rule.CheckClaims(sets); err != nil {
		return err
	}
	list := jobsOf(rule.InOrder(sets), plan.Options{Adopt: true})
	about, err := oneCloud(c)
	if err != nil {
		return err
	}
	p := newProject(s, about)
	if err := p.open(c); err != nil {
		return err
	}
	round, err := apply.Plan(c.Context, p.from, list, permits(c))
	if err != nil {
		return err
	}
	failed := len(round.Plans) < len(list)
	if failed { // else they speak against carrying the plans out alone
		for _, problem := range round.Problems {
			complain(s, problem)
		}
	}
	groups, left := 0, 0
	for _, p := range round.Plans {
		for _, g := range p.Groups {
			switch g.Action {
			case plan.Create:
				instead := ""
				for _, near := range g.Near {
					instead += fmt.Sprintf("; there is %s (%s), nobody's", near.Name, near.ID)
				}
				fmt.Fprintf(s.out, "%s: there is no such group%s\n", rule.Printable(g.Name), rule.Printable(instead))
				failed = true
				continue
			case plan.Delete, plan.Release:
				fmt.Fprintf(s.out, "%s: the group has the mark of policy %s, which has no such tier any more\n", rule.Printable(g.Name), rule.Printable(p.Policy))
				failed = true
			}
			opens, closes := g.Flows()
			for _, f := range g.Fields {
				if f.Name == "stateful" {
					fmt.Fprintf(s.out, "%s: %s of the group is %s, and the policy says %s\n", rule.Printable(g.Name), f.Name, f.Old, f.New)
					failed = true
				}
			}
			for _, flow := range opens {
				fmt.Fprintf(s.out, "%s: the policy allows %s, and the group does not\n", rule.Printable(g.Name), rule.Printable(flow))
				failed = true
			}
			for _, flow := range closes {
				fmt.Fprintf(s.out, "%s: the group allows %s, and the policy does not\n", rule.Printable(g.Name), rule.Printable(flow))
				failed = true
			}
			groups++
			left += len(g.Left)
		}
	}
	fmt.Fprintln(s.err, "compared with", rule.Printable(round.Place.String()))
	if left > 0 {
		fmt.Fprintln(s.err, "rules left to others:", left)
	}
	var last []string
	if !failed {
		allow := "allow"
		if groups == 1 {
			allow = "allows"
		}
		last = append(last, fmt.Sprintf("%s %s exactly what the policies say", rule.Counted(groups, "group"), allow))
	}
	if text := plan.UnownedText(unowned(round)); text != "" {
		last = append(last, rule.Printable(text))
	}
	if last != nil {
		fmt.Fprintln(s.err, strings.Join(last, "; "))
	}
	if failed {
		return exitFailure
	}
	return nil
}
