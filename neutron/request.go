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
		return n, fmt.Errorf("nothing is known to the cloud as %s", e.Remote)
	}
	if e.Remote.Kind() == rule.RemoteAddressGroup {
		n.RemoteAddressGroup = &id
	} else {
		n.RemoteGroup = &id
	}
	return n, nil
}
