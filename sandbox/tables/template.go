package tables

import (
	"net/http"
	"strconv"

	"sgc.dev/sgc/sandbox/api"
)

// A TemplateRule is a rule that groups are born with.
type TemplateRule struct {
	Direction string
	Ethertype string
	Protocol  string // "" is null
	// RemoteGroup makes the group itself the remote, as in the default group.
	RemoteGroup bool
	// Default and Others say which groups are born with it: the project's default
	// group, all others.
	Default, Others bool
}

// SetTemplate replaces the rules that groups are born with, as operators can
// from 2023.2 on. It changes nothing that exists.
func (t *Tables) SetTemplate(rules []TemplateRule) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.template = nil
	for _, r := range rules {
		t.template = append(t.template, templateRule{r, t.ids.NewUUID("template", strconv.Itoa(len(t.template)))})
	}
}

// templateRule is a rule of the template as the cloud keeps it.
type templateRule struct {
	TemplateRule
	id string
}

// defaultTemplate is Neutron's own.
func defaultTemplate() []TemplateRule {
	return []TemplateRule{
		{Direction: "egress", Ethertype: "IPv4", Default: true, Others: true},
		{Direction: "egress", Ethertype: "IPv6", Default: true, Others: true},
		{Direction: "ingress", Ethertype: "IPv4", RemoteGroup: true, Default: true},
		{Direction: "ingress", Ethertype: "IPv6", RemoteGroup: true, Default: true},
	}
}

func (t TemplateRule) usedIn(isDefault bool) bool {
	if isDefault {
		return t.Default
	}
	return t.Others
}

func (t TemplateRule) rule(g *group) Rule {
	r := Rule{Direction: t.Direction, Ethertype: t.Ethertype, Protocol: t.Protocol}
	if t.RemoteGroup {
		r.RemoteGroupID = g.ID
	}
	return r
}

// templates is the resource default_security_group_rule. Only SetTemplate changes
// it: writing is refused to all.
type templates struct{ *Tables }

func (templates) table() api.Attributes {
	table := api.Attributes{{Name: "used_in_default_sg", Post: true, Required: true, Convert: toBoolean, Filter: true, Sort: true},
		{Name: "used_in_non_default_sg", Post: true, Required: true, Convert: toBoolean, Filter: true, Sort: true}}
	for _, a := range (rules{}).table() {
		if a.Name != "security_group_id" && a.Name != "tenant_id" && a.Name != "project_id" {
			a.Put = false
			table = append(table, a)
		}
	}
	return table
}

func (t templateRule) view() api.Object {
	v := api.Object{
		"id": t.id, "description": "", "direction": t.Direction, "ethertype": t.Ethertype, "protocol": orNull(t.Protocol),
		"port_range_min": nil, "port_range_max": nil, "remote_ip_prefix": nil, "remote_group_id": nil, "remote_address_group_id": nil,
		"used_in_default_sg": t.Default, "used_in_non_default_sg": t.Others,
	}
	if t.RemoteGroup {
		v["remote_group_id"] = "PARENT"
	}
	return v
}

func (ts templates) visible(api.Account) []api.Object {
	var views []api.Object
	for _, t := range ts.template {
		views = append(views, t.view())
	}
	return views
}

func (ts templates) show(_ api.Account, id string) (api.Object, error) {
	for _, t := range ts.template {
		if t.id == id {
			return t.view(), nil
		}
	}
	return nil, api.Missing("DefaultSecurityGroupRuleNotFound", "Default Security Group rule %s does not exist", id)
}

func (ts templates) create(api.Account, []api.Object, bool) ([]api.Object, error) {
	return nil, api.Forbidden("create_default_security_group_rule")
}

func (ts templates) update(who api.Account, id string, _ api.Object, _ constraint) (api.Object, error) {
	if _, err := ts.show(who, id); err != nil {
		return nil, err
	}
	return nil, api.Failed(http.StatusInternalServerError, "PolicyCheckError", "Failed to check policy tenant_id:%(tenant_id)s because "+
		"Unable to verify match:%(tenant_id)s as the parent resource: tenant was not found.")
}

func (ts templates) remove(who api.Account, id string, _ constraint) error {
	if _, err := ts.show(who, id); err != nil {
		return err
	}
	return api.Forbidden("delete_default_security_group_rule")
}

// born is the number of rules that a group is born with.
func (t *Tables) born(isDefault bool) int {
	n := 0
	for _, r := range t.template {
		if r.usedIn(isDefault) {
			n++
		}
	}
	return n
}
