package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

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
	round, err := planned(c, s, list)
	if err != nil {
		return err
	}
	for _, problem := range round.Problems {
		complain(s, problem)
	}
	failed := round.Problems != nil
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
	if text := plan.UnownedText(round.Unowned); text != "" {
		fmt.Fprintln(s.err, rule.Printable(text))
	}
	if left > 0 {
		fmt.Fprintln(s.err, "rules left to others:", left)
	}
	if failed {
		return exitFailure
	}
	allow := "allow"
	if groups == 1 {
		allow = "allows"
	}
	fmt.Fprintf(s.err, "%s %s exactly what the policies say\n", counted(groups, "group"), allow)
	return nil
}
