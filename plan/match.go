package plan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// defaultGroup is the name of the group that every project has, whether it
// wants it or not: nobody creates, renames or deletes it.
const defaultGroup = "default"

// matches says which live group is which tier's.
type matches struct {
	of       []*rule.LiveGroup // for each desired group; nil where there is none
	adopted  []bool            // whether it is nobody's so far
	leftover []*rule.LiveGroup // the policy's, and no tier's
	notes    []Problem
	problems Problems
}

func match(d Desired, s *rule.State, o Options) matches {
	m := matches{of: make([]*rule.LiveGroup, len(d.Groups)), adopted: make([]bool, len(d.Groups))}
	byID, names, owned := map[string]*rule.LiveGroup{}, map[string][]*rule.LiveGroup{}, s.Owned(d.Policy)
	for i := range s.Groups {
		g := &s.Groups[i]
		byID[g.ID] = g
		names[g.Name] = append(names[g.Name], g)
	}
	if d.Release != nil {
		m.release(d, owned)
		return m
	}
	wanted, taken := map[string]bool{}, map[string]bool{}
	take := func(i int, g *rule.LiveGroup) {
		m.of[i] = g
		taken[g.ID] = true
	}
	for i, want := range d.Groups {
		wanted[want.Tier] = true
		if g := byID[want.ID]; g != nil {
			take(i, g)
		}
	}
	for i, want := range d.Groups {
		// Of several the eldest: two that ran at once agree on it.
		_, tier, _ := rule.ParseMark(want.born(d.Policy))
		if groups := owned[tier]; m.of[i] == nil && len(groups) > 0 && !taken[groups[0].ID] {
			take(i, groups[0])
		}
	}
	given := s.Owned(o.AdoptFrom)
	for i, want := range d.Groups {
		id, named := o.AdoptGroups[want.Tier]
		switch groups := given[want.Tier]; {
		case named:
			if m.takeNamed(d.Policy, want, m.of[i], byID[id], id) && m.of[i] == nil {
				take(i, byID[id])
				m.adopted[i] = true
			}
		case m.of[i] == nil && o.AdoptFrom != d.Policy && len(groups) > 0:
			take(i, groups[0])
			m.adopted[i] = true
		}
	}
	for i, want := range d.Groups {
		if m.of[i] != nil {
			m.noteNamesakes(names[want.Name], want, m.of[i])
			continue
		}
		if want.Name == defaultGroup && names[defaultGroup] == nil {
			m.problems = append(m.problems, Problem{want.Pos, "the project has no default group yet; a cloud makes it when one first lists the groups: try again"})
			continue
		}
		free := slices.DeleteFunc(slices.Clone(names[want.Name]), func(g *rule.LiveGroup) bool { return taken[g.ID] })
		m.byName(d.Policy, free, want, o, wanted, func(g *rule.LiveGroup, adopted bool) {
			take(i, g)
			m.adopted[i] = adopted
		})
	}
	m.keepDefault(d)
	for i := range s.Groups {
		g := &s.Groups[i]
		policy, _ := markOf(g)
		switch {
		case taken[g.ID]:
		case policy == d.Policy:
			m.leftover = append(m.leftover, g)
		case policy == "" && slices.Contains(g.Tags, rule.OwnershipTags(d.Policy, "")[0]):
			m.notes = append(m.notes, Problem{Message: fmt.Sprintf(
				"security group %s (%s) has the policy's tags, and its description has lost the mark: it is nobody's, and what it opens stays open; a tier of its name takes it over with --adopt",
				g.Name, g.ID)})
		}
	}
	slices.SortFunc(m.leftover, func(a, b *rule.LiveGroup) int {
		_, x := markOf(a)
		_, y := markOf(b)
		return cmp.Or(strings.Compare(x, y), strings.Compare(a.Created, b.Created), strings.Compare(a.ID, b.ID))
	})
	return m
}

// takeNamed says whether the group that a user has named for a tier can become the
// tier's, which is mine so far, nil for none.
func (m *matches) takeNamed(policy string, want DesiredGroup, mine, g *rule.LiveGroup, id string) bool {
	refuse := func(format string, args ...any) bool {
		m.problems = append(m.problems, Problem{want.Pos, fmt.Sprintf("--adopt-group %s=%s: ", want.Tier, id) + fmt.Sprintf(format, args...)})
		return false
	}
	switch {
	case g == nil:
		return refuse("the project has no security group with this id")
	case g == mine:
		return true // by an earlier run
	case mine != nil:
		return refuse("the tier has security group %s (%s) already: release it first", mine.Name, mine.ID)
	}
	if owner, tier, marked := rule.ParseMark(g.Description); marked {
		return refuse("security group %s belongs to tier %s of policy %s: release it there first", g.Name, tier, owner)
	}
	return true
}

// release finds the groups that are given back.
func (m *matches) release(d Desired, owned map[string][]*rule.LiveGroup) {
	for _, tier := range d.Release {
		groups := owned[tier]
		if groups == nil {
			message := fmt.Sprintf("policy %s has no security group of tier %s here", d.Policy, tier)
			if others := slices.Sorted(maps.Keys(owned)); others != nil {
				message += "; it has groups of " + strings.Join(others, ", ")
			}
			m.problems = append(m.problems, Problem{Message: message})
		}
		m.leftover = append(m.leftover, groups...)
	}
}

// byName looks for the group of a tier that has none by its mark, among those of
// its name.
func (m *matches) byName(policy string, alike []*rule.LiveGroup, want DesiredGroup, o Options, wanted map[string]bool, take func(*rule.LiveGroup, bool)) {
	refuse := func(format string, args ...any) {
		m.problems = append(m.problems, Problem{want.Pos, fmt.Sprintf(format, args...)})
	}
	var free []*rule.LiveGroup
	for _, g := range alike {
		owner, tier, marked := rule.ParseMark(g.Description)
		switch {
		case !marked:
			free = append(free, g)
		case owner == o.AdoptFrom && owner != policy:
			take(g, true)
			return
		case owner != policy:
			refuse("security group %s (%s) belongs to policy %s: give the tier another name with group: \"…\", or all of them with tiers: [T=string]: group: \"\\(name)-\\(T)\"; where this policy was called %s, or has this tier from it, --adopt-from %s takes it over", g.Name, g.ID, owner, owner, owner)
			return
		case !wanted[tier]: // the tier has another name now, and the same group
			take(g, false)
			return
		}
	}
	switch {
	case len(free) == 1 && (o.Adopt || want.ID != ""):
		take(free[0], o.Adopt)
	case len(free) == 1:
		refuse("security group %s (%s) exists and is not the policy's: --adopt takes it over, group: \"…\" gives the tier another name", want.Name, free[0].ID)
	case len(free) > 1:
		refuse("%d security groups are called %s (%s), and none is the policy's: --adopt-group %s=ID takes one of them over, group: \"…\" gives the tier another name",
			len(free), want.Name, ids(free), want.Tier)
	}
}

// keepDefault refuses what no cloud does: to give the project's default group another
// name, or its name to another group.
func (m *matches) keepDefault(d Desired) {
	for i, want := range d.Groups {
		g, format := m.of[i], ""
		switch {
		case g == nil || g.Name == want.Name:
		case g.Name == defaultGroup:
			format = "tier %[1]s has the project's default group (%[2]s), which cannot be renamed: give group %[3]s to a tier of another name, and default is given back"
		case want.Name == defaultGroup:
			format = "tier %[1]s has group %[4]s (%[2]s), which cannot become the project's default group: give default to a tier of another name, and %[4]s goes"
		}
		if format != "" {
			m.problems = append(m.problems, Problem{want.Pos, fmt.Sprintf(format, want.Tier, g.ID, want.Name, g.Name)})
		}
	}
}

// noteNamesakes says that a name is not the policy's alone: the policy is sure
// of its group, but servers are given groups by name.
func (m *matches) noteNamesakes(alike []*rule.LiveGroup, want DesiredGroup, mine *rule.LiveGroup) {
	var others []*rule.LiveGroup
	for _, g := range alike {
		twin := rule.Mark(markOf(g)) == rule.Mark(markOf(mine)) // goes anyway
		if g.ID != mine.ID && !twin {
			others = append(others, g)
		}
	}
	if others != nil {
		m.notes = append(m.notes, Problem{want.Pos, fmt.Sprintf("security group %s is %s; the project has another of this name: %s", want.Name, mine.ID, ids(others))})
	}
}

func markOf(g *rule.LiveGroup) (policy, tier string) {
	policy, tier, _ = rule.ParseMark(g.Description)
	return policy, tier
}

func ids(groups []*rule.LiveGroup) string {
	var list []string
	for _, g := range groups {
		list = append(list, g.ID)
	}
	return strings.Join(list, ", ")
}
