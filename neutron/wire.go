package neutron

import (
	"cmp"
	"encoding/json"
	"fmt"

	"sgc.dev/sgc/rule"
)

// groupWire is a security group as Neutron writes it.
type groupWire struct {
	ID          string     `json:"id"`
	ProjectID   string     `json:"project_id"`
	TenantID    string     `json:"tenant_id"` // the same, in older clouds alone
	Name        string     `json:"name"`
	Description string     `json:"description"`
	Stateful    *bool      `json:"stateful"` // nil where the cloud lacks the extension: all are stateful
	Shared      bool       `json:"shared"`
	Tags        []string   `json:"tags"`
	Revision    int        `json:"revision_number"`
	Created     string     `json:"created_at"`
	Rules       []ruleWire `json:"security_group_rules"`
}

func (g groupWire) key() string { return g.ID }

func (g groupWire) project() string { return cmp.Or(g.ProjectID, g.TenantID) }

// check refuses a group that cannot be told to be the project's: taken for none of
// it, it would be made a second time.
func (g groupWire) check() error {
	if err := g.live().CheckIDs(); err != nil {
		return err
	}
	if g.project() == "" {
		return &unwritten{"security group " + g.ID, "project_id"}
	}
	return nil
}

// wholeGroup is a group of which nothing is missing: what is not written would read as
// null, and a rule without its ports or its remote as one for all of them.
type wholeGroup struct {
	groupWire
	Printed []ruleWire `json:"rules"` // instead, as openstack calls them
}

// UnmarshalJSON implements [json.Unmarshaler].
func (g *wholeGroup) UnmarshalJSON(data []byte) error {
	if err := rule.CheckKeys(data, savedFields...); err != nil {
		return err
	}
	type group wholeGroup // without this method
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
	if err := g.check(); err != nil {
		return err
	}
	what := "security group " + g.ID
	if err := complete(written, what, "name", "description"); err != nil {
		return err
	}
	if g.Rules == nil {
		return &unwritten{what, "security_group_rules"}
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
			return &unwritten{what, key}
		}
	}
	return nil
}

// unwritten is a key that Neutron always writes, and that is not there.
type unwritten struct{ what, key string }

func (u *unwritten) Error() string { return fmt.Sprintf("%s has no %s", u.what, u.key) }

// ruleWire is a rule as Neutron writes it. gophercloud's own has ports that
// cannot tell null from 0: an echo reply, ICMP type 0, would read as all of ICMP.
type ruleWire struct {
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
	Updated            string  `json:"updated_at"`
}

// newGroup is the request for a group. stateful is sent wherever the cloud knows
// it: operators may change what it is otherwise.
type newGroup struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Stateful    *bool  `json:"stateful,omitempty"`
}

// newRule is the request for a rule. Nothing is left out: absent and null are one.
type newRule struct {
	Group              string  `json:"security_group_id"`
	Direction          string  `json:"direction"`
	Ethertype          string  `json:"ethertype"`
	Protocol           *string `json:"protocol"`
	PortRangeMin       *int    `json:"port_range_min"`
	PortRangeMax       *int    `json:"port_range_max"`
	RemoteIPPrefix     *string `json:"remote_ip_prefix"`
	RemoteGroup        *string `json:"remote_group_id"`
	RemoteAddressGroup *string `json:"remote_address_group_id,omitempty"` // refused where the cloud lacks the extension
	Description        string  `json:"description"`
}
