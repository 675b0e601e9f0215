package plan

import (
	"fmt"
	"slices"

	"sgc.dev/sgc/rule"
)

// A saved plan is a promise that anybody may have written. What it says of the groups
// that exist is compared with the state, so that, whatever it says, it touches nothing
// outside of the policy's groups and those of a tier's name that nobody owns; and
// beyond that it does what it shows.

// untrue says where the plan is not true of the state, nil if it is.
func (p *Plan) untrue(s *rule.State) Problems {
	var problems Problems
	live := map[string]*rule.LiveGroup{}
	for i := range s.Groups {
		live[s.Groups[i].ID] = &s.Groups[i]
	}
	n := p.names()
	tiers, ids := map[string]bool{}, map[string]bool{}
	for _, g := range p.Groups {
		problem := ""
		switch now := live[g.ID]; {
		case g.stays() && tiers[g.Tier]:
			problem = fmt.Sprintf("the plan has two groups of tier %s", g.Tier)
		case g.Action == Create:
			problem = g.falseOfNew(p.Policy)
		case ids[g.ID]:
			problem = g.ID + " is in the plan twice"
		case now == nil:
			problem = g.ID + " does not exist"
		default:
			problem = p.falseOfLive(g, now, n)
		}
		if problem == "" {
			problem = p.unknown(g.Create)
		}
		if problem != "" {
			problems = append(problems, Problem{g.Pos, fmt.Sprintf("group %s: %s; plan again", g.Name, problem)})
		}
		tiers[g.Tier] = tiers[g.Tier] || g.stays()
		ids[g.ID] = true
	}
	return problems
}

// stays says whether the group is the policy's in the end.
func (g Group) stays() bool { return g.Action != Delete && g.Action != Release }

func (p *Plan) tierStays(tier string) bool {
	return slices.ContainsFunc(p.Groups, func(g Group) bool { return g.stays() && g.Tier == tier })
}

// names is the plan's words for the ids that live rules have as remotes, those that
// [newNames] gave it when it was made.
func (p *Plan) names() names {
	n := names{map[string]string{}, map[string]string{}, map[string]string{}, map[rule.Remote]bool{}}
	for _, g := range p.Groups {
		if g.ID != "" && (g.stays() || !p.tierStays(g.Tier)) {
			n.tiers[g.ID] = g.Tier
		}
	}
	for key, id := range p.Externals.Groups {
		n.groups[id] = key
	}
	for key, id := range p.Externals.AddressGroups {
		n.addressGroups[id] = key
	}
	return n
}

// falseOfNew says what is not so of a group that does not exist.
func (g Group) falseOfNew(policy string) string {
	switch {
	case g.ID != "" || g.Revision != 0 || len(g.Fields)+len(g.Remove)+len(g.Stay) > 0 || g.Unmark != (Field{}):
		return "a new group has no id, and nothing that changes or goes"
	case !g.willBe(policy):
		return "its description would not end in " + rule.Mark(policy, g.Tier)
	}
	return ""
}

// willBe says whether the group will have the mark of its tier.
func (g Group) willBe(policy string) bool {
	owner, tier, marked := rule.ParseMark(g.Description)
	return marked && owner == policy && tier == g.Tier
}

// falseOfLive says what is not so of a group that exists.
func (p *Plan) falseOfLive(g Group, live *rule.LiveGroup, n names) string {
	owner, tier, marked := rule.ParseMark(live.Description)
	mine := marked && owner == p.Policy
	var fields Group // as they would be planned now
	fields.fields(DesiredGroup{Name: g.Name, Description: g.Description, Stateful: g.Stateful}, live)
	switch {
	case g.Action == Adopt && (marked || live.Name != g.Name):
		return fmt.Sprintf("%s is not a group of that name that nobody owns", live.ID)
	case g.Action != Adopt && !mine:
		return fmt.Sprintf("%s is not the policy's", live.ID)
	case g.Action != Adopt && tier != g.Tier && (!g.stays() || p.tierStays(tier)):
		return fmt.Sprintf("%s is of tier %s, not %s", live.ID, tier, g.Tier)
	case g.stays() && !g.willBe(p.Policy):
		return "its description would not end in " + rule.Mark(p.Policy, g.Tier)
	case !slices.Equal(g.Fields, fields.Fields) || g.Unmark != fields.Unmark:
		return "what it is called and how it works is not what the plan says"
	case g.Why != p.why(g):
		return "the reason why it goes is not so"
	}
	problem := g.falseTags(p.Policy, live)
	switch {
	case g.Action == Keep && !g.Empty():
		problem = "it is to be kept, and changes"
	case g.Action == Delete && (live.Name == defaultGroup || len(g.Fields)+len(g.Create)+len(g.Stay) > 0 || g.Unmark != (Field{}) || g.Tags != nil):
		problem = "a group that is deleted takes along all that it has, and the default group stays"
	case g.Action == Release && (live.Name != defaultGroup || g.Description != rule.Unmarked(live.Description) || g.Name != live.Name ||
		g.Stateful != live.Stateful || len(g.Create)+len(g.Remove) > 0 || !slices.Equal(g.Tags, unowned(live.Tags))):
		problem = "none but the default group is let go, and it loses nothing but the mark"
	}
	if problem != "" {
		return problem
	}
	return falseRules(slices.Concat(g.Remove, g.Stay), n.rules(live.Rules))
}

// falseTags says what is not so of the tags: a group that stays has all that
// others gave it, and those of its tier.
func (g Group) falseTags(policy string, live *rule.LiveGroup) string {
	will := live.Tags
	if g.Tags != nil {
		will = g.Tags
	}
	for _, tag := range slices.Concat(unowned(live.Tags), rule.OwnershipTags(policy, g.Tier)) {
		if g.stays() && !slices.Contains(will, tag) {
			return "it would lack the tag " + tag
		}
	}
	return ""
}

// falseRules says where the rules that the plan knows of are not those of the group,
// each once.
func falseRules(planned, live []rule.LiveRule) string {
	left := map[string]rule.LiveRule{}
	for _, l := range live {
		left[l.ID] = l
	}
	for _, l := range planned {
		now, there := left[l.ID]
		switch {
		case !there:
			return fmt.Sprintf("it has no rule %s: %s", l.ID, l)
		case now != l:
			return fmt.Sprintf("rule %s is %s, not %s", l.ID, now, l)
		}
		delete(left, l.ID)
	}
	for _, l := range live {
		if _, missed := left[l.ID]; missed {
			return fmt.Sprintf("rule %s is not in the plan: %s", l.ID, l)
		}
	}
	return ""
}

// unknown says which of the rules to be created a cloud could not be asked for.
func (p *Plan) unknown(create []rule.Entry) string {
	for _, e := range create {
		known := true
		switch name := e.Remote.Name(); e.Remote.Kind() {
		case rule.RemoteTier:
			known = p.tierStays(name)
		case rule.RemoteGroup:
			known = p.Externals.Groups[name] != ""
		case rule.RemoteAddressGroup:
			known = p.Externals.AddressGroups[name] != ""
		}
		if err := e.Check(); err != nil {
			return fmt.Sprintf("rule %s: %v", e.Rule, err)
		}
		if !known {
			return fmt.Sprintf("the plan does not say what %s is", e.Remote)
		}
	}
	return ""
}
