package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
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

// CheckAfter says what speaks against carrying the plan out after those before it: they
// delete groups that its new rules name. Rules that are there, [Plan.Check] knows of.
func (p *Plan) CheckAfter(before []*Plan) Problems {
	gone := map[string]string{} // policies by the id of a group
	for _, b := range before {
		for _, g := range b.Groups {
			if g.Action == Delete {
				gone[g.ID] = b.Policy
			}
		}
	}
	var problems Problems
	for _, g := range p.Groups {
		told := map[rule.Remote]bool{}
		for _, e := range g.Create {
			id := ""
			if e.Remote.Kind() == rule.RemoteGroup {
				id = p.Externals.Groups[e.Remote.Name()]
			}
			if policy := gone[id]; policy != "" && !told[e.Remote] {
				told[e.Remote] = true
				problems = append(problems, Problem{g.Pos, fmt.Sprintf("group %s names group %s (%s), which the plan of policy %s deletes first", g.Name, e.Remote.Name(), id, policy)})
			}
		}
	}
	return problems
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
