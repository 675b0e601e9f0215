package neutron

import (
	"fmt"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// targets are the ids that stand for a plan's remotes.
type targets struct {
	tiers map[string]string
	plan.Externals
}

// id is the id of a remote that needs one.
func (t targets) id(r rule.Remote) (string, error) {
	var id string
	switch r.Kind() {
	case rule.RemoteTier:
		id = t.tiers[r.Name()]
	case rule.RemoteGroup:
		id = t.Groups[r.Name()]
	case rule.RemoteAddressGroup:
		id = t.AddressGroups[r.Name()]
	}
	if id == "" {
		return "", fmt.Errorf("nothing is known to the cloud as %s", r)
	}
	return id, nil
}

// request is the body of the call that creates the rule in a group.
func (t targets) request(group string, e rule.Entry) (newRule, error) {
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
	id, err := t.id(e.Remote)
	if e.Remote.Kind() == rule.RemoteAddressGroup {
		n.RemoteAddressGroup = &id
	} else {
		n.RemoteGroup = &id
	}
	return n, err
}
