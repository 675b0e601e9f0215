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
	of       []*rule.LiveGroup    // for each desired group; nil where there is none
	adopted  []bool               // whether it is not the policy's so far
	taken    map[string]bool      // ids of those groups
	leftover []*rule.LiveGroup    // the policy's, and no tier's
	kin      []*rule.LiveGroup    // the policy's that are not looked at
	later    map[string]Later     // by tier
	near     map[string][]Unowned // by tier: see [Group.Near]
	notes    []Problem
	problems Problems
}

// take gives the group to the desired one of that index.
func (m *matches) take(i int, g *rule.LiveGroup, adopted bool) {
	m.of[i], m.adopted[i], m.taken[g.ID] = g, adopted, true
}

// refuse says why a tier cannot have a group.
func (m *matches) refuse(want DesiredGroup, format string, args ...any) {
	m.problems = append(m.problems, Problem{want.Pos, fmt.Sprintf(format, args...)})
}

func match(d Desired, s *rule.State, o Options) matches {
	m := matches{of: make([]*rule.LiveGroup, len(d.Groups)), adopted: make([]bool, len(d.Groups)), taken: map[string]bool{}, later: map[string]Later{}, near: map[string][]Unowned{}}
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
	for i, want := range d.Groups {
		if g := byID[want.ID]; g != nil {
			m.take(i, g, false)
		}
	}
	for i, want := range d.Groups {
		// Of several the eldest: two that ran at once agree on it.
		_, tier, _ := rule.ParseMark(want.born(d.Policy))
		if groups := owned[tier]; m.of[i] == nil && len(groups) > 0 && !m.taken[groups[0].ID] {
			m.take(i, groups[0], false)
		}
	}
	given := s.Owned(o.AdoptFrom)
	m.adopt(d, o, byID, given)
	for i, want := range d.Groups {
		if m.of[i] != nil {
			m.noteNamesakes(d.Policy, names[want.Name], want, m.of[i])
			continue
		}
		if want.Name == defaultGroup && names[defaultGroup] == nil {
			m.refuse(want, "there is no default group: a saved state must include it, and a cloud creates it when the groups are first listed, so try again")
			continue
		}
		m.byName(d, i, names[want.Name], o)
	}
	m.keepDefault(d)
	m.problems = append(m.problems, m.named(d)...)
	m.noteNear(d, s)
	if o.AdoptFrom != "" && len(given) == 0 {
		none := Problem{Message: fmt.Sprintf("policy %s has no security groups here: --adopt-from has nothing to take over", o.AdoptFrom)}
		if m.problems == nil {
			m.notes = slices.Insert(m.notes, 0, none)
		} else { // which it may well explain
			m.problems = slices.Insert(m.problems, 0, none)
		}
	}
	for i := range s.Groups {
		g := &s.Groups[i]
		policy, _ := markOf(g)
		switch {
		case m.taken[g.ID]:
		case policy == d.Policy:
			m.leftover = append(m.leftover, g)
		case policy == "" && slices.Contains(g.Tags, rule.OwnershipTags(d.Policy, "")[0]):
			m.notes = append(m.notes, Problem{Message: fmt.Sprintf(
				"security group %s (%s) has the policy's tags, but its description has lost the mark: it is nobody's, and what it opens stays open; a tier of its name takes it over with --adopt",
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
			m.refuse(want, format, want.Tier, g.ID, want.Name, g.Name)
		}
	}
}

// noteNamesakes says that a name is not the policy's alone: the policy is sure
// of its group, but servers are given groups by name.
func (m *matches) noteNamesakes(policy string, alike []*rule.LiveGroup, want DesiredGroup, mine *rule.LiveGroup) {
	var others []*rule.LiveGroup
	for _, g := range alike {
		owner, _ := markOf(g)
		twin := owner == policy && rule.Mark(markOf(g)) == rule.Mark(markOf(mine)) // goes anyway
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
