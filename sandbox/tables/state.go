package tables

import (
	"cmp"
	"maps"
	"slices"

	"sgc.dev/sgc/sandbox/api"
)

// A Group is a security group as plain data.
type Group struct {
	ID          string
	ProjectID   string
	Name        string
	Description string
	Stateful    bool
	Tags        []string // sorted
	Revision    int
	Rules       []Rule // in the order in which they were made
}

// A Rule is a rule of a security group as plain data, in Neutron's words. An
// empty string is null.
type Rule struct {
	ID                   string
	GroupID              string
	ProjectID            string // of who made it
	Direction            string
	Ethertype            string
	Protocol             string
	PortRangeMin         *int
	PortRangeMax         *int
	RemoteIPPrefix       string
	RemoteGroupID        string
	RemoteAddressGroupID string
	Description          *string // null where the group was born with the rule
}

// clone is the rule as data that shares nothing.
func (r Rule) clone() Rule {
	for _, n := range []**int{&r.PortRangeMin, &r.PortRangeMax} {
		if *n != nil {
			value := **n
			*n = &value
		}
	}
	if r.Description != nil {
		text := *r.Description
		r.Description = &text
	}
	return r
}

// Groups are the security groups of a project, in the order in which they were
// made. It asks nothing over HTTP and makes no default group.
func (t *Tables) Groups(projectID string) []Group {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []Group
	for _, g := range ordered(t.groups) {
		if g.ProjectID == projectID {
			all = append(all, g.plain())
		}
	}
	return all
}

// PlantGroup adds a security group with its rules as given, whatever Neutron
// would say to it; no rules of a template, no quota. An empty ID becomes a new
// one, an empty ProjectID the project of Demo, a Revision of 0 becomes 1.
func (t *Tables) PlantGroup(g Group) Group {
	t.mu.Lock()
	defer t.mu.Unlock()
	g.ProjectID = cmp.Or(g.ProjectID, t.home)
	g.ID = cmp.Or(g.ID, t.ids.NewUUID("group", g.ProjectID, g.Name))
	g.Revision = cmp.Or(g.Revision, 1)
	g.Tags = slices.SortedFunc(slices.Values(g.Tags), api.Collate)
	rules := g.Rules
	g.Rules = nil
	made := &group{Group: g, serial: t.next(), created: now(), updated: now()}
	t.groups[g.ID] = made
	for _, r := range rules {
		t.plantRule(made, r)
	}
	return made.plain()
}

// PlantRule adds a rule to a group as given, whatever Neutron would say to it: a
// true duplicate, say, as two writers at once can leave one. Empty fields other
// than the match become those of the group. It panics where there is no such group.
func (t *Tables) PlantRule(groupID string, r Rule) Rule {
	t.mu.Lock()
	defer t.mu.Unlock()
	g := t.groups[groupID]
	g.touch()
	return t.plantRule(g, r)
}

func (t *Tables) plantRule(g *group, r Rule) Rule {
	r.GroupID = g.ID
	r.ProjectID = cmp.Or(r.ProjectID, g.ProjectID)
	made := &rule{Rule: r.clone(), serial: t.next(), created: now()}
	if r.ID == "" {
		r.ID = t.ids.NewUUID("rule", made.key())
		made.ID = r.ID
	}
	g.rules = append(g.rules, made)
	return r
}

// EditGroup changes a group's name, description, statefulness and tags as another
// client would, whatever Neutron would say to it, with a PUT of its fields and one of
// its tags where f changes them; what f does to the rest counts for nothing. It reports
// whether the group was there. Rules are planted and removed.
func (t *Tables) EditGroup(id string, f func(*Group)) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	g, ok := t.groups[id]
	if !ok {
		return false
	}
	edited := g.plain()
	f(&edited)
	g.write(edited)
	if tags := slices.SortedFunc(slices.Values(edited.Tags), api.Collate); !slices.Equal(tags, g.Tags) {
		g.Tags = tags
		g.touch()
	}
	return true
}

// RemoveRule takes a rule away, as another client would, and reports whether it was there.
func (t *Tables) RemoveRule(id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.removeRule(id)
}

// RemoveGroup takes a group away, as another client would, with its rules and
// the rules of others that name it, and reports whether it was there.
func (t *Tables) RemoveGroup(id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, ok := t.groups[id]
	t.removeGroup(id)
	return ok
}

// ordered are groups in the order in which they were made.
func ordered(all map[string]*group) []*group {
	return slices.SortedFunc(maps.Values(all), func(a, b *group) int { return a.serial - b.serial })
}
