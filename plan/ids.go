package plan

import (
	"fmt"

	"sgc.dev/sgc/rule"
)

// checkIDs refuses a plan whose ids or policy cannot be any: they become part of
// addresses, marks and what people are shown.
func (p *Plan) checkIDs() error {
	if err := rule.CheckPolicyName(p.Policy); err != nil {
		return err
	}
	if err := rule.CheckID(p.Project); err != nil {
		return fmt.Errorf("the project: %w", err)
	}
	for _, ids := range []map[string]string{p.Externals.Groups, p.Externals.AddressGroups} {
		for key, id := range ids {
			if err := rule.CheckID(id); err != nil && maker(id) == "" {
				return fmt.Errorf("%q: %w", key, err)
			}
		}
	}
	for _, g := range p.Groups {
		if err := g.checkIDs(); err != nil {
			return fmt.Errorf("group %q: %w", g.Name, err)
		}
	}
	return nil
}

func (g Group) checkIDs() error {
	if g.Action != Create || g.ID != "" {
		if err := rule.CheckID(g.ID); err != nil {
			return err
		}
	}
	for _, rules := range [][]rule.LiveRule{g.Remove, g.Stay} {
		for _, l := range rules {
			if err := rule.CheckID(l.ID); err != nil {
				return fmt.Errorf("a rule: %w", err)
			}
		}
	}
	for _, d := range g.Drift {
		if err := rule.CheckID(d.Rule.ID); err != nil {
			return fmt.Errorf("a rule: %w", err)
		}
	}
	return nil
}
