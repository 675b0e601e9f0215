package plan

import (
	"cmp"
	"fmt"
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
		case owner != policy:
			refuse("security group %s (%s) belongs to policy %s: give the tier another name with group: \"…\", or all of them with tiers: [T=string]: group: \"\\(name)-\\(T)\"; where this policy was called %s, it takes that name back, or sgc destroy goes first", g.Name, g.ID, owner, owner)
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
		refuse("%d security groups are called %s (%s), and none is the policy's: rename or delete all but one, or give the tier another name with group: \"…\"",
			len(free), want.Name, ids(free))
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
