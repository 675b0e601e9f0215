package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// CheckTogether says why plans cannot be carried out one after the other exactly as they
// are, nil if they can: each is made for the state in which those before it leave the
// project, and none may undo what another does. Who names a group that does not exist
// yet has to be planned for again, once it has an id.
func CheckTogether(plans []*Plan) error {
	policies := map[string]bool{}
	ids, names := map[string]string{}, map[string]string{} // of groups, with the policy whose plan has them
	for _, p := range plans {
		switch makers := p.Awaits(); {
		case policies[p.Policy]:
			return fmt.Errorf("two plans are of policy %s", p.Policy)
		case p.Project != plans[0].Project:
			return fmt.Errorf("the plans are for two projects: %s, of policy %s, and %s, of policy %s", plans[0].Project, plans[0].Policy, p.Project, p.Policy)
		case makers != nil:
			list := strings.Join(makers, ", ")
			return fmt.Errorf("the plan of policy %s names groups that policy %s makes first, and nobody knows their ids until then: apply %s, then plan again", p.Policy, list, list)
		}
		policies[p.Policy] = true
		for _, g := range p.Groups {
			other := ids[g.ID]
			if other == "" && g.stays() {
				other = names[g.Name]
			}
			if other != "" && other != p.Policy {
				return fmt.Errorf("the plans of policies %s and %s are both about security group %q: plan for each by itself", other, p.Policy, g.Name)
			}
			if g.ID != "" {
				ids[g.ID] = p.Policy
			}
			if g.stays() {
				names[g.Name] = p.Policy
			}
		}
	}
	return nil
}

// Awaits is the policies whose plans, before this one, make groups that it names: once
// they are there, it has to be made again.
func (p *Plan) Awaits() []string {
	makers := map[string]bool{}
	for _, id := range p.Externals.Groups {
		if policy := maker(id); policy != "" {
			makers[policy] = true
		}
	}
	return slices.Sorted(maps.Keys(makers))
}
