//go:build conformance

package conformance

import (
	"net/netip"
	"slices"

	"sgc.dev/sgc/rule"
)

// An oracle judges packets one by one by the rules as written, in the plainest
// way: what a compiled policy is meant to do.
type oracle struct {
	set   *rule.Set
	ports []*port
}

// allows says whether the first packet of a flow passes: the egress of its source
// and the ingress of its destination must both have a rule for it.
func (o oracle) allows(p packet) bool {
	return o.guard(p, p.from, rule.Egress, p.dst) && o.guard(p, p.to, rule.Ingress, p.src)
}

// repliesPass says whether the answer to a packet that passed does. Stateful groups
// know it; for those that are not it is a packet like any other.
func (o oracle) repliesPass(reply packet) bool {
	return (reply.from.stateful || o.guard(reply, reply.from, rule.Egress, reply.dst)) &&
		(reply.to.stateful || o.guard(reply, reply.to, rule.Ingress, reply.src))
}

// guard is one side of a flow: the union of the groups of a port.
func (o oracle) guard(p packet, at *port, d rule.Direction, remote netip.Addr) bool {
	if at.server == "" {
		return true // no port security
	}
	for _, g := range o.set.Groups {
		if !slices.Contains(at.tiers, g.Tier) {
			continue
		}
		for _, e := range g.Written {
			if e.Direction == d && o.matches(e.Rule, p, remote) {
				return true
			}
		}
	}
	return false
}

func (o oracle) matches(r rule.Rule, p packet, remote netip.Addr) bool {
	if r.Family != p.family() || r.Protocol != rule.AnyProtocol && r.Protocol != p.protocol {
		return false
	}
	if lo, hi, ok := r.Ports.Range(); ok && (p.dstPort < lo || p.dstPort > hi) {
		return false
	}
	if kind, ok := r.Ports.Type(); ok && p.kind != kind {
		return false
	}
	if code, ok := r.Ports.Code(); ok && p.code != code {
		return false
	}
	switch r.Remote.Kind() {
	case rule.RemoteAnyone:
		return true
	case rule.RemotePrefix:
		return r.Remote.Prefix().Contains(remote)
	case rule.RemoteTier:
		return slices.ContainsFunc(o.ports, func(member *port) bool {
			return slices.Contains(member.tiers, r.Remote.Name()) && slices.Contains(member.addresses, remote)
		})
	}
	panic("a remote that the proof has no network for: " + r.Remote.String())
}
