package neutron

import (
	"fmt"

	"sgc.dev/sgc/rule"
)

// request is the body of the call that creates the rule in a group. ids are those of
// what rules name.
func request(group string, e rule.Entry, ids map[rule.Remote]string) (newRule, error) {
	if err := e.Check(); err != nil {
		return newRule{}, fmt.Errorf("rule %s: %w", e.Rule, err)
	}
	n := newRule{Group: group, Direction: e.Direction.String(), Ethertype: e.Family.String(), Description: e.Description()}
	if e.Protocol != rule.AnyProtocol {
		name := e.Protocol.String()
		n.Protocol = &name
	}
	if lo, hi, ok := e.Ports.Range(); ok {
		low, high := int(lo), int(hi)
		n.PortRangeMin, n.PortRangeMax = &low, &high
	}
	if t, ok := e.Ports.Type(); ok {
		number := int(t)
		n.PortRangeMin = &number
	}
	if code, ok := e.Ports.Code(); ok {
		number := int(code)
		n.PortRangeMax = &number
	}
	switch e.Remote.Kind() {
	case rule.RemoteAnyone:
		return n, nil
	case rule.RemotePrefix:
		prefix := e.Remote.Prefix().String()
		n.RemoteIPPrefix = &prefix
		return n, nil
	}
	id := ids[e.Remote]
	if rule.CheckID(id) != nil {
		return n, fmt.Errorf("the cloud has nothing called %s", e.Remote)
	}
	if e.Remote.Kind() == rule.RemoteAddressGroup {
		n.RemoteAddressGroup = &id
	} else {
		n.RemoteGroup = &id
	}
	return n, nil
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
