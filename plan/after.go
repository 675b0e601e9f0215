package plan

import (
	"fmt"
	"slices"

	"sgc.dev/sgc/rule"
)

// After is the state that the plan makes of s, for whoever plans what comes next.
// Groups that the plan creates have no id yet: words stand for it (see [ToBeMade]).
func (p *Plan) After(s *rule.State) *rule.State {
	ids := p.ids()
	planned := map[string]Group{}
	for _, g := range p.Groups {
		if g.Action == Create {
			g.ID = ToBeMade(p.Policy, g.Tier)
		}
		planned[g.ID] = g
	}
	end := &rule.State{Project: s.Project}
	for _, live := range s.Groups {
		g, ours := planned[live.ID]
		switch {
		case !ours:
			end.Groups = append(end.Groups, live)
		case g.Action != Delete:
			end.Groups = append(end.Groups, g.after(live, ids))
		}
	}
	for _, g := range p.Groups {
		if g.Action == Create {
			end.Groups = append(end.Groups, planned[ToBeMade(p.Policy, g.Tier)].after(rule.LiveGroup{}, ids))
		}
	}
	return end
}

// ids are what the plan's words stand for in the cloud; see [ToBeMade] for groups that it
// creates.
func (p *Plan) ids() map[rule.Remote]rule.Remote {
	ids := map[rule.Remote]rule.Remote{}
	for key, id := range p.Externals.Groups {
		ids[rule.ForeignGroup(key)] = rule.ForeignGroup(id)
	}
	for key, id := range p.Externals.AddressGroups {
		ids[rule.AddressGroup(key)] = rule.AddressGroup(id)
	}
	for tier, id := range p.LaterIDs() {
		ids[tier] = rule.ForeignGroup(id)
	}
	for _, g := range p.Groups {
		switch g.Action {
		case Create:
			ids[rule.Tier(g.Tier)] = rule.ForeignGroup(ToBeMade(p.Policy, g.Tier))
		case Delete:
		default:
			ids[rule.Tier(g.Tier)] = rule.ForeignGroup(g.ID)
		}
	}
	return ids
}

// after is the group as it will be. ids are those of what its rules name.
func (g Group) after(live rule.LiveGroup, ids map[rule.Remote]rule.Remote) rule.LiveGroup {
	live.ID, live.Name, live.Description, live.Stateful = g.ID, g.Name, g.Description, g.Stateful
	untagged, gone := setOf(g.Untag), map[string]bool{}
	live.Tags = slices.DeleteFunc(slices.Concat(live.Tags, g.Tag), func(tag string) bool { return untagged[tag] })
	for _, l := range g.Remove {
		gone[l.ID] = true
	}
	live.Rules = slices.DeleteFunc(slices.Clone(live.Rules), func(l rule.LiveRule) bool { return gone[l.ID] })
	for _, e := range g.Create {
		if id, named := ids[e.Remote]; named {
			e.Remote = id
		}
		live.Rules = append(live.Rules, rule.LiveRule{Rule: e.Rule, Description: e.Description()})
	}
	return live
}

// after is the state that plans make of s, each after those before it.
func after(plans []*Plan, s *rule.State) *rule.State {
	for _, p := range plans {
		s = p.After(s)
	}
	return s
}

// awaited says which groups are made by the plan of another policy.
func awaited(d Desired, x Externals) []Problem {
	var notes []Problem
	for _, e := range d.Foreign {
		if policy, _, made := Maker(x.Groups[e.Key]); made {
			notes = append(notes, Problem{e.Pos, fmt.Sprintf("security group %q does not exist yet: policy %s makes it", e.Name, policy)})
		}
	}
	return notes
}

// ToBeMade stands for the id of a group that a plan of another policy creates.
func ToBeMade(policy, tier string) string { return "to be made " + rule.Mark(policy, tier) }

// Maker is whose plan creates the group that stands under such an id; ok is false
// where it is the id of a group that exists.
func Maker(id string) (policy, tier string, ok bool) {
	policy, tier, ok = rule.ParseMark(id)
	return policy, tier, ok && id == ToBeMade(policy, tier)
}
