package tables

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"sgc.dev/sgc/sandbox/api"
)

// group is a security group as the cloud keeps it. Rules of the embedded Group is unused.
type group struct {
	Group
	serial           int
	isDefault        bool // the one that the project always has
	created, updated string
	rules            []*rule
	shares           []*share
}

// plain is the group as data that shares nothing with the cloud.
func (g *group) plain() Group {
	p := g.Group
	p.Tags = slices.Clone(g.Tags)
	for _, r := range g.rules {
		p.Rules = append(p.Rules, r.clone())
	}
	return p
}

// touch notes a change of the group or of its rules.
func (g *group) touch() {
	g.Revision++
	g.updated = now()
}

// write makes the group's own fields those of another.
func (g *group) write(to Group) {
	if g.Name != to.Name || g.Description != to.Description || g.Stateful != to.Stateful {
		g.Name, g.Description, g.Stateful = to.Name, to.Description, to.Stateful
		g.touch()
	}
}

// view is the group as the API shows it. listed: Neutron does not say in lists
// which rules belong to a default group.
func (g *group) view(who api.Account, listed bool) api.Object {
	rules := make([]api.Object, 0, len(g.rules))
	for _, r := range slices.SortedFunc(slices.Values(g.rules), func(a, b *rule) int { return cmp.Compare(a.ID, b.ID) }) {
		v := r.view(g)
		v["standard_attr_id"], v["tags"] = r.serial, []string{}
		if listed {
			v["belongs_to_default_sg"] = nil
		}
		rules = append(rules, v)
	}
	return api.Object{
		"id": g.ID, "name": g.Name, "description": g.Description, "stateful": g.Stateful,
		"project_id": g.ProjectID, "tenant_id": g.ProjectID,
		"shared": g.sharedWith(who.ProjectID),
		"tags":   append([]string{}, g.Tags...), "revision_number": g.Revision,
		"created_at": g.created, "updated_at": g.updated, "security_group_rules": rules,
	}
}

// mayUse reports whether the caller sees the group: its own, one shared with it, all for an administrator.
func (g *group) mayUse(who api.Account) bool {
	return who.Admin || g.ProjectID == who.ProjectID || g.sharedWith(who.ProjectID)
}

// mayChange reports whether the caller may write the group.
func (g *group) mayChange(who api.Account) bool {
	return who.Admin || g.ProjectID == who.ProjectID
}

// group finds a group that the caller sees.
func (t *Tables) group(who api.Account, id string) (*group, error) { return groupOf(t.groups, who, id) }

func groupOf(all map[string]*group, who api.Account, id string) (*group, error) {
	if g, ok := all[id]; ok && g.mayUse(who) {
		return g, nil
	}
	return nil, api.Missing("SecurityGroupNotFound", "Security group %s does not exist", id)
}

// groups is the resource security_group.
type groups struct{ *Tables }

func (groups) table() api.Attributes {
	return api.Attributes{
		{Name: "id", Filter: true, Sort: true},
		{Name: "name", Post: true, Put: true, Initial: "", Check: checkGroupName, Filter: true, Sort: true},
		{Name: "tenant_id", Post: true, Check: checkString(255), Filter: true, Sort: true},
		{Name: "security_group_rules"},
		{Name: "stateful", Post: true, Put: true, Initial: true, Convert: toBoolean, From: "stateful-security-group"},
		{Name: "shared", Convert: toBoolean, Filter: true},
		{Name: "description", Post: true, Put: true, Initial: "", Check: checkString(255), Filter: true, Sort: true},
		{Name: "created_at"},
		{Name: "updated_at"},
		{Name: "revision_number", Filter: true, Sort: true},
		{Name: "tags", Filter: true, From: "standard-attr-tag"},
		{Name: "project_id", Post: true, Filter: true, Sort: true},
	}
}

func checkGroupName(v any) (string, error) {
	if reason := stringReason(v, 255); reason != "" {
		return reason, nil
	}
	if strings.EqualFold(v.(string), "default") {
		return "", api.Conflict("SecurityGroupDefaultAlreadyExists", "Default security group already exists.")
	}
	return "", nil
}

func (gs groups) visible(who api.Account) []api.Object {
	var views []api.Object
	for _, g := range ordered(gs.replica()) {
		if g.mayUse(who) {
			views = append(views, g.view(who, true))
		}
	}
	return views
}

func (gs groups) show(who api.Account, id string) (api.Object, error) {
	g, err := groupOf(gs.replica(), who, id)
	if err != nil {
		return nil, err
	}
	return g.view(who, false), nil
}

func (gs groups) create(who api.Account, items []api.Object, bulk bool) ([]api.Object, error) {
	count := map[string]int{}
	for _, item := range items {
		count[item["project_id"].(string)]++
	}
	projects := slices.Sorted(maps.Keys(count))
	for _, project := range projects {
		if err := gs.room(project, "security_group", count[project]); err != nil {
			return nil, err
		}
	}
	for _, project := range projects {
		if !bulk {
			// The default group stays even where the other is refused.
			if err := gs.ensureDefault(who, project); err != nil {
				return nil, err
			}
		}
		need := count[project] * gs.born(false)
		if !gs.hasDefault(project) {
			need += gs.born(true)
		}
		if err := gs.room(project, "security_group_rule", need); err != nil {
			return nil, err
		}
	}
	for _, item := range items {
		if !storable(item["name"].(string)) || !storable(item["description"].(string)) {
			return nil, api.Crash()
		}
	}
	var views []api.Object
	for _, item := range items {
		project := item["project_id"].(string)
		if err := gs.ensureDefault(who, project); err != nil {
			return nil, err
		}
		g := gs.newGroup(project, item["name"].(string), item["description"].(string), false)
		if stateful, ok := item["stateful"].(bool); ok {
			g.Stateful = stateful
		}
		views = append(views, g.view(who, false))
	}
	return views, nil
}

// newGroup makes a group with the rules that groups are born with.
func (t *Tables) newGroup(project, name, description string, isDefault bool) *group {
	g := &group{serial: t.next(), isDefault: isDefault, created: now(), updated: now(),
		Group: Group{ID: t.ids.NewUUID("group", project, name), ProjectID: project, Name: name, Description: description, Stateful: true, Revision: 1}}
	for _, r := range t.template {
		if r.usedIn(isDefault) {
			t.plantRule(g, r.rule(g))
		}
	}
	t.groups[g.ID] = g
	return g
}

func (gs groups) update(who api.Account, id string, item api.Object, want constraint) (api.Object, error) {
	g, err := gs.group(who, id)
	if err != nil {
		return nil, err
	}
	if !g.mayChange(who) {
		return nil, api.Forbidden("update_security_group")
	}
	stateful, changes := item["stateful"].(bool)
	if changes && stateful != g.Stateful && gs.inUse(g.ID) {
		return nil, api.Conflict("SecurityGroupInUse", "Security Group %s in use.", id)
	}
	name, renames := item["name"].(string)
	if renames && g.Name == "default" {
		return nil, api.Conflict("SecurityGroupCannotUpdateDefault", "Updating default security group not allowed.")
	}
	if len(item) == 0 {
		return g.view(who, false), nil // a stale revision is nothing to an empty update
	}
	if err := want.check(g.Revision); err != nil {
		return nil, err
	}
	description, describes := item["description"].(string)
	if !storable(name) || !storable(description) {
		return nil, api.Crash()
	}
	to := g.Group
	if changes {
		to.Stateful = stateful
	}
	if renames {
		to.Name = name
	}
	if describes {
		to.Description = description
	}
	g.write(to)
	return g.view(who, false), nil
}

func (gs groups) remove(who api.Account, id string, want constraint) error {
	g, err := gs.group(who, id)
	if err != nil {
		return err
	}
	if !g.mayChange(who) {
		return api.Forbidden("delete_security_group")
	}
	if gs.inUse(id) {
		return api.Conflict("SecurityGroupInUse", "Security Group %s in use.", id)
	}
	if g.Name == "default" && !who.Admin {
		return api.Conflict("SecurityGroupCannotRemoveDefault", "Insufficient rights for removing default security group.")
	}
	if err := want.check(g.Revision); err != nil {
		return err
	}
	gs.removeGroup(id)
	return nil
}

// removeGroup deletes a group, its rules, and the rules of other groups that
// name it: the database cascades.
func (t *Tables) removeGroup(id string) {
	delete(t.groups, id)
	for _, g := range t.groups {
		kept := slices.DeleteFunc(slices.Clone(g.rules), func(r *rule) bool { return r.RemoteGroupID == id })
		if len(kept) < len(g.rules) {
			g.rules = kept
			g.touch()
		}
	}
	for _, p := range t.ports {
		p.groups = slices.DeleteFunc(p.groups, func(g string) bool { return g == id })
	}
}
