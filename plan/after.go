package plan

import (
	"fmt"
	"slices"

	"sgc.dev/sgc/rule"
)

// After is the state that the plan makes of s, for whoever plans what comes next.
// Groups that the plan creates have no id yet: words stand for it (see [Plan.Awaits]).
func (p *Plan) After(s *rule.State) *rule.State {
	ids := map[rule.Remote]rule.Remote{} // by the policy's words
	for key, id := range p.Externals.Groups {
		ids[rule.ForeignGroup(key)] = rule.ForeignGroup(id)
	}
	for key, id := range p.Externals.AddressGroups {
		ids[rule.AddressGroup(key)] = rule.AddressGroup(id)
	}
	planned := map[string]Group{}
	for _, g := range p.Groups {
		if g.Action == Create {
			g.ID = toBeMade(p.Policy, g.Tier)
		}
		if g.Action != Delete {
			ids[rule.Tier(g.Tier)] = rule.ForeignGroup(g.ID)
		}
		planned[g.ID] = g
	}
	after := &rule.State{Project: s.Project}
	for _, live := range s.Groups {
		g, ours := planned[live.ID]
		switch {
		case !ours:
			after.Groups = append(after.Groups, live)
		case g.Action != Delete:
			after.Groups = append(after.Groups, g.after(live, ids))
		}
	}
	for _, g := range p.Groups {
		if g.Action == Create {
			after.Groups = append(after.Groups, planned[toBeMade(p.Policy, g.Tier)].after(rule.LiveGroup{}, ids))
		}
	}
	return after
}

// after is the group as it will be. ids are those of what its rules name.
func (g Group) after(live rule.LiveGroup, ids map[rule.Remote]rule.Remote) rule.LiveGroup {
	live.ID, live.Name, live.Description, live.Stateful = g.ID, g.Name, g.Description, g.Stateful
	if g.Tags != nil {
		live.Tags = g.Tags
	}
	live.Rules = slices.DeleteFunc(slices.Clone(live.Rules), func(l rule.LiveRule) bool {
		return slices.ContainsFunc(g.Remove, func(gone rule.LiveRule) bool { return gone.ID == l.ID })
	})
	for _, e := range g.Create {
		if id, named := ids[e.Remote]; named {
			e.Remote = id
		}
		live.Rules = append(live.Rules, rule.LiveRule{Rule: e.Rule, Description: e.Description()})
	}
	return live
}

// awaited says which groups a plan before this one makes.
func awaited(d Desired, x Externals) []Problem {
	var notes []Problem
	for _, e := range d.Foreign {
		if policy := maker(x.Groups[e.Key]); policy != "" {
			notes = append(notes, Problem{e.Pos, fmt.Sprintf("security group %q does not exist yet: policy %s makes it first", e.Name, policy)})
		}
	}
	return notes
}

// toBeMade stands for the id of a group that a plan creates.
func toBeMade(policy, tier string) string { return "to be made " + rule.Mark(policy, tier) }

// maker is the policy whose plan creates the group that stands under such an id, ""
// where it is the id of a group that exists.
func maker(id string) string {
	policy, tier, marked := rule.ParseMark(id)
	if !marked || id != toBeMade(policy, tier) {
		return ""
	}
	return policy
}
