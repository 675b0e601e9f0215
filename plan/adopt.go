package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// adopt takes over, for tiers, the groups that a user has named, and those that another
// policy gives away, by tier.
func (m *matches) adopt(d Desired, o Options, byID map[string]*rule.LiveGroup, given map[string][]*rule.LiveGroup) {
	for i, want := range d.Groups {
		id, named := o.AdoptGroups[want.Tier]
		switch groups := given[want.Tier]; {
		case named:
			m.byChoice(i, want, byID[id], id)
		case m.of[i] == nil && o.AdoptFrom != d.Policy && len(groups) > 0:
			m.take(i, groups[0], true)
		}
	}
}

// byChoice gives a tier the group that a user has named for it; g is nil where there is none.
func (m *matches) byChoice(i int, want DesiredGroup, g *rule.LiveGroup, id string) {
	refuse := func(format string, args ...any) {
		m.refuse(want, "--adopt-group %s=%s: %s", want.Tier, id, fmt.Sprintf(format, args...))
	}
	if g == nil {
		refuse("the project has no security group with this id")
		return
	}
	owner, tier, marked := rule.ParseMark(g.Description)
	switch mine := m.of[i]; {
	case g == mine: // by an earlier run
	case mine != nil:
		refuse("the tier has security group %s (%s) already: release it first", mine.Name, mine.ID)
	case marked:
		refuse("security group %s belongs to tier %s of policy %s: release it there first", g.Name, tier, owner)
	case m.taken[id]:
		refuse("security group %s is another tier's already", g.Name)
	default:
		m.take(i, g, true)
	}
}

// byName looks for the group of a tier that has none by its mark, among those of
// its name.
func (m *matches) byName(d Desired, i int, alike []*rule.LiveGroup, o Options) {
	want := d.Groups[i]
	stays := func(tier string) bool {
		return slices.ContainsFunc(d.Groups, func(w DesiredGroup) bool { return w.Tier == tier })
	}
	var free []*rule.LiveGroup
	for _, g := range alike {
		owner, tier, marked := rule.ParseMark(g.Description)
		switch {
		case m.taken[g.ID]:
		case !marked:
			free = append(free, g)
		case owner == o.AdoptFrom && owner != d.Policy:
			m.take(i, g, true)
			return
		case owner != d.Policy:
			m.refuse(want, "security group %s (%s) belongs to policy %s: --adopt-from %s takes it over if it is this policy's now; else group: \"…\" names another",
				g.Name, g.ID, owner, owner)
			return
		case !stays(tier): // the tier has another name now, and the same group
			m.take(i, g, false)
			return
		}
	}
	switch {
	case len(free) > 0 && o.Adopt && len(o.AdoptOnly) > 0 && !o.AdoptOnly.Match(want.Tier):
		m.leave(want, free)
	case len(free) == 1 && (o.Adopt || want.ID != ""):
		m.take(i, free[0], o.Adopt)
	case len(free) == 1:
		why := "exists and is not the policy's"
		if slices.Contains(free[0].Tags, rule.OwnershipTags(d.Policy, "")[0]) {
			why = "has the policy's tags, but its description has lost the mark"
		}
		how := "--adopt takes it over"
		if len(d.Groups) > 1 {
			how += ", --adopt-only plans the rest"
		}
		m.refuse(want, "security group %s (%s) %s: %s, group: \"…\" gives its group another name", want.Name, free[0].ID, why, how)
	case len(free) > 1:
		m.refuse(want, "%d security groups are called %s (%s), and none is the policy's: --adopt-group %s=ID takes one of them over, group: \"…\" gives its group another name",
			len(free), want.Name, ids(free), want.Tier)
	}
}

// release finds the groups that are given back.
func (m *matches) release(d Desired, owned map[string][]*rule.LiveGroup) {
	for _, tier := range d.Release {
		groups := owned[tier]
		if groups == nil {
			message := fmt.Sprintf("policy %s has no security group for tier %s here", d.Policy, tier)
			if others := slices.Sorted(maps.Keys(owned)); others != nil {
				message += "; it has them for " + strings.Join(others, ", ")
			}
			m.problems = append(m.problems, Problem{Message: message})
		}
		m.leftover = append(m.leftover, groups...)
	}
	for tier, groups := range owned {
		if !slices.Contains(d.Release, tier) {
			m.kin = append(m.kin, groups[0])
		}
	}
}
