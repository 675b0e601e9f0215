package tables

import (
	"cmp"
	"fmt"
	"slices"

	"sgc.dev/sgc/sandbox/api"
)

// rule is a rule as the cloud keeps it.
type rule struct {
	Rule
	serial  int
	created string
}

// orNull is null for the empty string.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func numberOrNull(n *int) any {
	if n == nil {
		return nil
	}
	return *n
}

// view is the rule as the API shows it.
func (r *rule) view(of *group) api.Object {
	v := api.Object{
		"id": r.ID, "security_group_id": r.GroupID, "project_id": r.ProjectID, "tenant_id": r.ProjectID,
		"direction": r.Direction, "ethertype": r.Ethertype, "protocol": orNull(r.Protocol),
		"port_range_min": numberOrNull(r.PortRangeMin), "port_range_max": numberOrNull(r.PortRangeMax),
		"remote_ip_prefix": orNull(r.RemoteIPPrefix), "normalized_cidr": nil,
		"remote_group_id": orNull(r.RemoteGroupID), "remote_address_group_id": orNull(r.RemoteAddressGroupID),
		"description": nil, "belongs_to_default_sg": of.isDefault,
		"revision_number": 0, "created_at": r.created, "updated_at": r.created,
	}
	if prefix, ok := parsePrefix(r.RemoteIPPrefix); ok {
		v["normalized_cidr"] = prefix.masked().String()
	}
	if r.Description != nil {
		v["description"] = *r.Description
	}
	return v
}

// key is what makes two rules one: Neutron's _rule_to_key. The text of a prefix
// counts, a name of a protocol is its number, and anywhere is no remote.
func (r *rule) key() string {
	prefix := r.RemoteIPPrefix
	if prefix == "0.0.0.0/0" || prefix == "::/0" {
		prefix = ""
	}
	return fmt.Sprint([]any{r.GroupID, r.Direction, r.Ethertype, protocolKey(r.Protocol),
		numberOrNull(r.PortRangeMin), numberOrNull(r.PortRangeMax), prefix, r.RemoteGroupID, r.RemoteAddressGroupID})
}

// rules is the resource security_group_rule.
type rules struct{ *Tables }

func (rules) table() api.Attributes {
	return api.Attributes{
		{Name: "id", Filter: true, Sort: true},
		{Name: "security_group_id", Post: true, Required: true, Check: checkString(36), Filter: true, Sort: true},
		{Name: "remote_group_id", Post: true, Filter: true, Sort: true},
		{Name: "direction", Post: true, Required: true, Check: checkValues("ingress", "egress"), Filter: true, Sort: true, Ranks: []string{"ingress", "egress"}},
		{Name: "protocol", Post: true, Convert: toProtocol, Filter: true, Sort: true},
		{Name: "port_range_min", Post: true, Convert: toPort, Filter: true, Sort: true},
		{Name: "port_range_max", Post: true, Convert: toPort, Filter: true, Sort: true},
		{Name: "ethertype", Post: true, Initial: "IPv4", Convert: toEthertype, Filter: true, Sort: true},
		{Name: "remote_ip_prefix", Post: true, Convert: toPrefix, Filter: true, Sort: true},
		{Name: "tenant_id", Post: true, Check: checkString(255), Filter: true, Sort: true},
		{Name: "remote_address_group_id", Post: true, Filter: true, Sort: true, From: "security-groups-remote-address-group"},
		{Name: "normalized_cidr", Filter: true, Idle: true, From: "security-groups-normalized-cidr"},
		{Name: "belongs_to_default_sg", Convert: toBoolean, Filter: true, Idle: true, From: "security-groups-rules-belongs-to-default-sg"},
		{Name: "description", Post: true, Put: true, Initial: "", Check: checkString(255), Filter: true, Sort: true},
		{Name: "created_at"},
		{Name: "updated_at"},
		{Name: "revision_number", Filter: true, Sort: true},
		{Name: "project_id", Post: true, Filter: true, Sort: true},
	}
}

// find returns a rule that the caller sees, with its group. Whoever owns either
// sees it; to whom a group is shared sees its rules in the group alone.
func (t *Tables) find(who api.Account, id string) (*rule, *group, error) {
	for _, g := range t.groups {
		for _, r := range g.rules {
			if r.ID != id {
				continue
			}
			if !r.visibleTo(who, g) {
				return nil, nil, api.Hidden()
			}
			return r, g, nil
		}
	}
	return nil, nil, api.Missing("SecurityGroupRuleNotFound", "Security group rule %s does not exist", id)
}

func (r *rule) visibleTo(who api.Account, g *group) bool {
	return r.ProjectID == who.ProjectID || g.mayChange(who)
}

func (rs rules) visible(who api.Account) []api.Object {
	var views []api.Object
	for _, g := range ordered(rs.groups) {
		for _, r := range g.rules {
			if r.visibleTo(who, g) {
				views = append(views, r.view(g))
			}
		}
	}
	return views
}

func (rs rules) show(who api.Account, id string) (api.Object, error) {
	r, g, err := rs.find(who, id)
	if err != nil {
		return nil, err
	}
	return r.view(g), nil
}

func (rs rules) create(who api.Account, items []api.Object, _ bool) ([]api.Object, error) {
	if err := rs.permitted(who, items); err != nil {
		return nil, err
	}
	count := map[string]int{}
	for _, item := range items {
		count[item["project_id"].(string)]++
	}
	for project, n := range count {
		if err := rs.room(project, "security_group_rule", n); err != nil {
			return nil, err
		}
	}
	g, err := rs.one(items)
	if err != nil {
		return nil, err
	}
	var made []*rule
	for _, item := range items {
		r, err := rs.newRule(who, item)
		if err != nil {
			return nil, err
		}
		made = append(made, r)
	}
	if err := duplicates(g, made); err != nil {
		return nil, err
	}
	var views []api.Object
	for i, r := range made {
		// What the checks let pass and the database does not take.
		if !protocolStorable(r.Protocol) || !storable(*r.Description) || items[i]["remote_group_id"] == "" || items[i]["remote_address_group_id"] == "" {
			return nil, api.Crash()
		}
	}
	for _, r := range made {
		r.ID = rs.ids.NewUUID("rule", r.key())
		views = append(views, r.view(g))
	}
	g.rules = append(g.rules, made...)
	g.touch()
	return views, nil
}

// permitted refuses rules of groups that are not there, or not the caller's: the
// first of Neutron's checks, before quotas. An administrator may do anything.
func (rs rules) permitted(who api.Account, items []api.Object) error {
	if who.Admin {
		return nil
	}
	for _, item := range items {
		id := item["security_group_id"].(string)
		g, ok := rs.groups[id]
		if !ok {
			return api.Missing("SecurityGroupNotFound", "Security group %s does not exist", id)
		}
		if !g.mayChange(who) {
			return api.Forbidden("create_security_group_rule")
		}
	}
	return nil
}

// one is the group that all rules of a request must be of, nil where it is not
// there, which newRule finds; they must also be of one project.
func (rs rules) one(items []api.Object) (*group, error) {
	first := items[0]
	for _, item := range items {
		if item["security_group_id"] != first["security_group_id"] {
			return nil, api.Invalid("SecurityGroupNotSingleGroupRules", "Only allowed to update rules for one security profile at a time")
		}
		if item["project_id"] != first["project_id"] {
			return nil, api.Invalid("SecurityGroupRulesNotSingleTenant", "Multiple tenant_ids in bulk security group rule create not allowed")
		}
	}
	return rs.groups[first["security_group_id"].(string)], nil
}

// duplicates refuses rules that are one with each other, or with one of the group.
func duplicates(g *group, made []*rule) error {
	keys := map[string]bool{}
	for _, r := range made {
		if keys[r.key()] {
			return api.Conflict("DuplicateSecurityGroupRuleInPost", "Duplicate Security Group Rule in POST.")
		}
		keys[r.key()] = true
	}
	existing := slices.SortedFunc(slices.Values(g.rules), func(a, b *rule) int { return cmp.Compare(a.ID, b.ID) })
	for _, r := range existing {
		if keys[r.key()] {
			return api.Conflict("SecurityGroupRuleExists", "Security group rule already exists. Rule id is %s.", r.ID)
		}
	}
	return nil
}

// update changes nothing: a description may be in the request, and Neutron has
// nothing that would write it.
func (rs rules) update(who api.Account, id string, _ api.Object, _ constraint) (api.Object, error) {
	if _, _, err := rs.find(who, id); err != nil {
		return nil, err
	}
	return nil, api.Crash()
}

func (rs rules) remove(who api.Account, id string, want constraint) error {
	r, _, err := rs.find(who, id)
	if err != nil {
		return err
	}
	if r.ProjectID != who.ProjectID && !who.Admin {
		// What an administrator added to its group a project sees and cannot delete.
		return api.Missing("SecurityGroupRuleNotFound", "Security group rule %s does not exist", id)
	}
	if err := want.check(0); err != nil {
		return err
	}
	rs.removeRule(id)
	return nil
}

func (t *Tables) removeRule(id string) bool {
	for _, g := range t.groups {
		if i := slices.IndexFunc(g.rules, func(r *rule) bool { return r.ID == id }); i >= 0 {
			g.rules = slices.Delete(slices.Clone(g.rules), i, i+1)
			g.touch()
			return true
		}
	}
	return false
}
