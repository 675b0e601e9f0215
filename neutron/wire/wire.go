// Package wire is what Neutron writes, and what it means: nulls, keys that are missing, and how
// much of it is read.
package wire

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"

	"sgc.dev/sgc/rule"
)

// Group is a security group as Neutron writes it.
type Group struct {
	ID          string   `json:"id"`
	ProjectID   string   `json:"project_id"`
	TenantID    string   `json:"tenant_id"` // the same, in older clouds alone
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Stateful    *bool    `json:"stateful"` // nil where the cloud lacks the extension: all are stateful
	Shared      bool     `json:"shared"`
	Tags        []string `json:"tags"`
	Revision    int      `json:"revision_number"`
	Created     string   `json:"created_at"`
	Touched     string   `json:"updated_at"`
	Rules       []Rule   `json:"security_group_rules"`
}

// Key is the id.
func (g Group) Key() string { return g.ID }

// Project is the id of the project whose group it is.
func (g Group) Project() string { return cmp.Or(g.ProjectID, g.TenantID) }

// Check refuses a group that cannot be told to be the project's: taken for none of
// it, it would be made a second time.
func (g Group) Check() error {
	if err := g.Live().CheckIDs(); err != nil {
		return err
	}
	if g.Project() == "" {
		return &Unwritten{"security group " + g.ID, "project_id"}
	}
	return nil
}

// WholeGroup is a group of which nothing is missing: what is not written would read as
// null, and a rule without its ports or its remote as one for all of them.
type WholeGroup struct {
	Group
	Printed []Rule `json:"rules"` // instead, as openstack calls them
}

// UnmarshalJSON implements [json.Unmarshaler].
func (g *WholeGroup) UnmarshalJSON(data []byte) error {
	if err := rule.CheckKeys(data, Fields...); err != nil {
		return err
	}
	type group WholeGroup // without this method
	if err := json.Unmarshal(data, (*group)(g)); err != nil {
		return err
	}
	var written map[string]json.RawMessage
	if err := json.Unmarshal(data, &written); err != nil {
		return err
	}
	list := written["security_group_rules"]
	if g.Printed != nil && g.Rules != nil {
		return fmt.Errorf("security group %s has rules twice, as rules and as security_group_rules", g.ID)
	}
	if g.Printed != nil {
		list, g.Rules, g.Printed = written["rules"], g.Printed, nil
	}
	if err := g.Check(); err != nil {
		return err
	}
	what := "security group " + g.ID
	if err := complete(written, what, "name", "description"); err != nil {
		return err
	}
	if g.Rules == nil {
		return &Unwritten{what, "security_group_rules"}
	}
	var rules []map[string]json.RawMessage
	if err := json.Unmarshal(list, &rules); err != nil {
		return err
	}
	for i, r := range g.Rules {
		what := "rule " + r.ID + " of " + what
		if err := complete(rules[i], what, ruleKeys...); err != nil {
			return err
		}
		if r.Group != "" && r.Group != g.ID {
			return fmt.Errorf("%s says that it is of security group %q", what, r.Group)
		}
	}
	return nil
}

// ruleKeys is what Neutron writes of every rule, null or not.
var ruleKeys = []string{"direction", "ethertype", "protocol", "port_range_min", "port_range_max", "remote_ip_prefix", "remote_group_id"}

// complete says which of the keys an object lacks.
func complete(object map[string]json.RawMessage, what string, keys ...string) error {
	for _, key := range keys {
		if _, there := object[key]; !there {
			return &Unwritten{what, key}
		}
	}
	return nil
}

// Unwritten is a key that Neutron always writes, and that is not there.
type Unwritten struct{ What, Key string }

func (u *Unwritten) Error() string { return fmt.Sprintf("%s has no %s", u.What, u.Key) }

// Rule is a rule as Neutron writes it. gophercloud's own has ports that
// cannot tell null from 0: an echo reply, ICMP type 0, would read as all of ICMP.
type Rule struct {
	ID                 string  `json:"id"`
	Group              string  `json:"security_group_id"` // "" where openstack leaves it out
	Direction          string  `json:"direction"`
	Ethertype          string  `json:"ethertype"`
	Protocol           *string `json:"protocol"`
	PortRangeMin       *int    `json:"port_range_min"`
	PortRangeMax       *int    `json:"port_range_max"`
	RemoteIPPrefix     *string `json:"remote_ip_prefix"`
	RemoteGroup        *string `json:"remote_group_id"`
	RemoteAddressGroup *string `json:"remote_address_group_id"`
	Description        *string `json:"description"`
	Created            string  `json:"created_at"`
	Updated            string  `json:"updated_at"`
}

// Fields is the names of all that is read of a group.
var Fields = append(fieldsOf[WholeGroup](), fieldsOf[Rule]()...)

func fieldsOf[T any]() (names []string) {
	for _, f := range reflect.VisibleFields(reflect.TypeFor[T]()) {
		if name := f.Tag.Get("json"); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// NextPage is the address of the page that follows, "" after the last.
func NextPage(links json.RawMessage) string {
	var list []struct{ Rel, Href string }
	if json.Unmarshal(links, &list) != nil {
		return ""
	}
	for _, link := range list {
		if link.Rel == "next" {
			return link.Href
		}
	}
	return ""
}
