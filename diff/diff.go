// Package diff says what changes between two compiled policies: per group, which
// access opens and which closes, and the policy lines behind it. It compares
// packets, not rules: one range written as two is no difference. It is pure.
package diff

import (
	"slices"
	"strings"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/rule"
)

// Status is what becomes of a group.
type Status string

const (
	Created Status = "created"
	Removed Status = "removed"
	Changed Status = "changed"
)

// Group is the difference of one group. A group without one is not reported.
type Group struct {
	Tier   string
	Status Status
	Opens  []Change // what the new policy allows and the old does not
	Closes []Change // what the old policy allows and the new does not
	Fields []Field  // what else differs about the group
}

// Change is some access, and the rules as written that allow it: those of the
// new policy where it opens, of the old where it closes.
type Change struct {
	access.Opening
	Origins []rule.Origin
}

// Field is a property of a group that differs, in words.
type Field struct{ Name, Old, New string }

// Sets lists the groups that differ, by tier. Tiers are matched by name.
func Sets(before, after *rule.Set) []Group {
	olds, news := byTier(before), byTier(after)
	var tiers []string
	for tier := range olds {
		tiers = append(tiers, tier)
	}
	for tier := range news {
		if _, ok := olds[tier]; !ok {
			tiers = append(tiers, tier)
		}
	}
	slices.Sort(tiers)

	var groups []Group
	for _, tier := range tiers {
		old, hadOld := olds[tier]
		new, hasNew := news[tier]
		g := Group{Tier: tier, Status: Changed}
		switch {
		case !hadOld:
			g.Status = Created
		case !hasNew:
			g.Status = Removed
		default:
			g.Fields = fields(old, new)
		}
		g.Opens, g.Closes = Access(old.Written, new.Written)
		if g.Status != Changed || g.Opens != nil || g.Closes != nil || g.Fields != nil {
			groups = append(groups, g)
		}
	}
	return groups
}

// Access is what opens and what closes when a group's entries change from before to after.
func Access(before, after []rule.Entry) (opens, closes []Change) {
	old, new := access.Of(rules(before)...), access.Of(rules(after)...)
	return changes(access.Difference(new, old), after), changes(access.Difference(old, new), before)
}

func changes(openings []access.Opening, entries []rule.Entry) []Change {
	var list []Change
	for _, opening := range openings {
		list = append(list, Change{opening, behind(opening, entries)})
	}
	return list
}

// behind finds the entries that allow some of an opening.
func behind(opening access.Opening, entries []rule.Entry) []rule.Origin {
	var origins []rule.Origin
	for _, e := range entries {
		if !access.Overlaps(opening.Rule, e.Rule) || excepted(opening, e.Rule) {
			continue
		}
		origins = append(origins, e.Origins...)
	}
	slices.SortFunc(origins, func(a, b rule.Origin) int {
		if c := rule.ComparePos(a.Pos, b.Pos); c != 0 {
			return c
		}
		return strings.Compare(a.Path, b.Path)
	})
	return slices.CompactFunc(origins, func(a, b rule.Origin) bool { return a.Pos == b.Pos && a.Path == b.Path })
}

func excepted(opening access.Opening, r rule.Rule) bool {
	return slices.ContainsFunc(opening.Except, func(except rule.Rule) bool { return access.Covers(except, r) })
}

func rules(entries []rule.Entry) []rule.Rule {
	list := make([]rule.Rule, len(entries))
	for i, e := range entries {
		list[i] = e.Rule
	}
	return list
}

// byTier indexes a set's groups, with remotes that mean the same in every
// policy: a foreign group by what it is in the cloud, not by the policy's word for it.
func byTier(s *rule.Set) map[string]rule.Group {
	foreign, addressGroups := identities(s.Foreign), identities(s.AddressGroups)
	groups := make(map[string]rule.Group, len(s.Groups))
	for _, g := range s.Groups {
		g.Written = slices.Clone(g.Written)
		for i, e := range g.Written {
			switch e.Remote.Kind() {
			case rule.RemoteGroup:
				g.Written[i].Remote = rule.ForeignGroup(foreign[e.Remote.Name()])
			case rule.RemoteAddressGroup:
				g.Written[i].Remote = rule.AddressGroup(addressGroups[e.Remote.Name()])
			}
		}
		groups[g.Tier] = g
	}
	return groups
}

func identities(externals []rule.External) map[string]string {
	ids := make(map[string]string, len(externals))
	for _, e := range externals {
		if e.ID != "" {
			ids[e.Key] = "id " + e.ID
		} else {
			ids[e.Key] = e.Name
		}
	}
	return ids
}

func fields(old, new rule.Group) []Field {
	var list []Field
	for _, f := range []Field{
		{"name", old.Name, new.Name},
		{"description", old.Description, new.Description},
		{"stateful", yesNo(old.Stateful), yesNo(new.Stateful)},
		{"tags", strings.Join(old.Tags, ", "), strings.Join(new.Tags, ", ")},
	} {
		if f.Old != f.New {
			list = append(list, f)
		}
	}
	return list
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
