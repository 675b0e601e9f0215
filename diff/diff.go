// Package diff says what changes between two compiled policies: per group, which
// access opens and which closes, and the policy lines behind it. It compares
// packets, not rules: one range written as two is no difference. It is pure.
package diff

import (
	"maps"
	"slices"
	"strconv"
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

	Grants  []Change // what others may open by the new policy alone
	Revokes []Change // what others may open by the old policy alone
}

// Change is some access, and the rules as written that allow it: those of the
// new policy where it opens, of the old where it closes.
type Change struct {
	access.Opening
	Origins []rule.Origin
}

// Field is a property of a group or a policy that differs, in words. What one policy alone
// has, as a server, is created or removed.
type Field struct {
	Name, Old, New string
	Status         Status
}

// Policy is the difference of two policies.
type Policy struct {
	Before, After string  // their names
	Fields        []Field // what differs beside the groups: the name, what servers carry
	Groups        []Group // those that differ, by tier
}

// Empty says whether nothing differs.
func (p Policy) Empty() bool { return len(p.Fields) == 0 && len(p.Groups) == 0 }

// Sets compares two compiled policies. Tiers are matched by name.
func Sets(before, after *rule.Set) Policy {
	p := Policy{Before: before.Policy, After: after.Policy}
	// A policy knows its groups by its name: with another, all are another's.
	p.Fields = changed(p.Fields, "name", before.Policy, after.Policy)
	oldServers, newServers := carried(before), carried(after)
	for _, name := range either(oldServers, newServers) {
		old, hadOld := oldServers[name]
		new, hasNew := newServers[name]
		f := Field{"server " + name, old, new, became(hadOld, hasNew)}
		if f.Status != Changed || old != new {
			p.Fields = append(p.Fields, f)
		}
	}
	olds, news := byTier(before), byTier(after)
	for _, tier := range either(olds, news) {
		old, hadOld := olds[tier]
		new, hasNew := news[tier]
		g := Group{Tier: tier, Status: became(hadOld, hasNew)}
		if g.Status == Changed {
			g.Fields = fields(old, new)
		}
		g.Opens, g.Closes = Access(old.Written, new.Written)
		g.Grants, g.Revokes = Access(old.Others, new.Others)
		if g.Status != Changed || g.Opens != nil || g.Closes != nil || g.Fields != nil || g.Grants != nil || g.Revokes != nil {
			p.Groups = append(p.Groups, g)
		}
	}
	return p
}

// became is what becomes of a thing by whether the old policy has it, and the new.
func became(hadOld, hasNew bool) Status {
	switch {
	case !hadOld:
		return Created
	case !hasNew:
		return Removed
	}
	return Changed
}

// either is the keys of two maps, sorted.
func either[V any](a, b map[string]V) []string {
	keys := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(keys)
	return slices.Compact(keys)
}

// carried is the tiers of each server, in words.
func carried(s *rule.Set) map[string]string {
	tiers := map[string]string{}
	for _, server := range s.Servers {
		sorted := slices.Sorted(slices.Values(server.Tiers))
		tiers[server.Name] = strings.Join(sorted, ", ")
	}
	return tiers
}

// Access is what opens and what closes when a group's entries change from before to after.
func Access(before, after []rule.Entry) (opens, closes []Change) {
	old, new := access.Of(rules(before)...), access.Of(rules(after)...)
	return changes(access.Difference(new, old), after), changes(access.Difference(old, new), before)
}

func changes(openings []access.Opening, entries []rule.Entry) []Change {
	if openings == nil {
		return nil
	}
	x := newIndex(entries)
	list := make([]Change, len(openings))
	for i, opening := range openings {
		list[i] = Change{opening, x.behind(opening)}
	}
	return list
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
		g.Written, g.Others = slices.Clone(g.Written), slices.Clone(g.Others)
		for _, entries := range [][]rule.Entry{g.Written, g.Others} {
			for i, e := range entries {
				switch e.Remote.Kind() {
				case rule.RemoteGroup:
					entries[i].Remote = rule.ForeignGroup(foreign[e.Remote.Name()])
				case rule.RemoteAddressGroup:
					entries[i].Remote = rule.AddressGroup(addressGroups[e.Remote.Name()])
				}
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
			continue
		}
		ids[e.Key] = e.Name
		if strings.HasPrefix(e.Name, "id ") || strings.HasPrefix(e.Name, `"`) {
			ids[e.Key] = strconv.Quote(e.Name) // never the same as an id's
		}
	}
	return ids
}

// fields is what differs about a group that is in both policies, but for access.
// Descriptions are compared where a rule is in both as it is.
func fields(old, new rule.Group) []Field {
	list := changed(nil, "name", old.Name, new.Name)
	list = changed(list, "description", old.Description, new.Description)
	list = changed(list, "stateful", strconv.FormatBool(old.Stateful), strconv.FormatBool(new.Stateful))
	list = changed(list, "tags", strings.Join(old.Tags, ", "), strings.Join(new.Tags, ", "))
	was := make(map[rule.Rule]string, len(old.Rules))
	for _, e := range old.Rules {
		was[e.Rule] = e.Description()
	}
	for _, e := range new.Rules {
		if description, ok := was[e.Rule]; ok {
			list = changed(list, "description of "+e.Rule.String(), description, e.Description())
		}
	}
	return list
}

// changed appends a field if it has.
func changed(list []Field, name, old, new string) []Field {
	if old == new {
		return list
	}
	return append(list, Field{name, old, new, Changed})
}
