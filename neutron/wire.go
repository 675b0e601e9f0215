package neutron

import (
	"cmp"
	"errors"
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
	Updated     string     `json:"updated_at"`
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
		return errors.New("security group " + g.ID + " has no project_id")
	}
	return nil
}

// ruleWire is a rule as Neutron writes it. gophercloud's own has ports that
// cannot tell null from 0: an echo reply, ICMP type 0, would read as all of ICMP.
type ruleWire struct {
	ID                 string  `json:"id"`
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
