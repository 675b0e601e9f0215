//go:build conformance

package conformance

import (
	"fmt"
	"net/netip"
	"slices"

	"sgc.dev/sgc/rule"
)

// A port is where packets enter and leave a network: one of a server of the
// policy, or the probe, which no group guards and behind which the rest of the
// world is.
type port struct {
	id        string // Neutron's, and the name of OVN's logical port
	mac       string
	server    string   // "" is the probe
	tiers     []string // of the server
	stateful  bool     // whether the groups of these tiers are
	addresses []netip.Addr
	declared  bool // whether the policy knows the addresses
}

// A packet is what ovn-trace is asked about. Packets are compared with ==.
type packet struct {
	src, dst         netip.Addr // of one family
	protocol         rule.Protocol
	srcPort, dstPort uint16 // of tcp, udp and sctp
	kind, code       uint8  // type and code of the ICMPs
	from, to         *port
}

func (p packet) family() rule.Family {
	if p.src.Is4() {
		return rule.IPv4
	}
	return rule.IPv6
}

// service is the packet as the narrowest match.
func (p packet) service() rule.Match {
	m := rule.Match{Family: p.family(), Protocol: p.protocol, Ports: p.protocol.WholeProtocol()}
	switch {
	case p.protocol.HasPorts():
		m.Ports = rule.PortRange(p.dstPort, p.dstPort)
	case p.protocol.IsICMP():
		m.Ports = rule.ICMPTypeCode(p.kind, p.code)
	}
	return m
}

func (p packet) String() string {
	return fmt.Sprintf("%s from %s (%s) to %s (%s)", p.service(), p.src, p.from, p.dst, p.to)
}

// address is the port's, of a family.
func (p *port) address(f rule.Family) netip.Addr {
	return p.addresses[slices.IndexFunc(p.addresses, func(a netip.Addr) bool { return a.Is4() == (f == rule.IPv4) })]
}

func (p *port) String() string {
	if p.server == "" {
		return "outside"
	}
	return "server " + p.server
}

// reply is the packet that answers, where there is one: to the port that the first
// came from, and an echo reply to an echo request.
func (p packet) reply() (packet, bool) {
	r := p
	r.from, r.to, r.src, r.dst, r.srcPort, r.dstPort = p.to, p.from, p.dst, p.src, p.dstPort, p.srcPort
	if !p.protocol.IsICMP() {
		return r, true
	}
	switch {
	case p.protocol == rule.ICMP && p.kind == 8:
		r.kind = 0
	case p.protocol == rule.ICMPv6 && p.kind == 128:
		r.kind = 129
	default:
		return r, false
	}
	return r, true
}

// findsNeighbours says whether the packet is one of neighbour discovery: a router's
// solicitation or advertisement, or a neighbour's.
func (p packet) findsNeighbours() bool {
	return p.protocol == rule.ICMPv6 && p.kind >= 133 && p.kind <= 136
}

// microflow is the packet in the words of ovn-trace.
func (p packet) microflow() string {
	ip := "ip4"
	if p.family() == rule.IPv6 {
		ip = "ip6"
	}
	ttl := 64
	if p.findsNeighbours() {
		ttl = 255 // so that none comes from beyond a router
	}
	flow := fmt.Sprintf("inport==%q && eth.src==%s && eth.dst==%s && %s.src==%s && %s.dst==%s && ip.ttl==%d",
		p.from.id, p.from.mac, p.to.mac, ip, p.src, ip, p.dst, ttl)
	switch {
	case p.findsNeighbours() && p.kind == 135:
		return fmt.Sprintf("%s && icmp6.type==135 && icmp6.code==0 && nd.target==%s && nd.sll==%s", flow, p.dst, p.from.mac)
	case p.findsNeighbours() && p.kind == 136:
		return fmt.Sprintf("%s && icmp6.type==136 && icmp6.code==0 && nd.target==%s && nd.tll==%s", flow, p.src, p.from.mac)
	case p.protocol.HasPorts():
		return fmt.Sprintf("%s && %s.src==%d && %[2]s.dst==%[4]d", flow, p.protocol, p.srcPort, p.dstPort)
	case p.protocol == rule.ICMP:
		return fmt.Sprintf("%s && icmp4.type==%d && icmp4.code==%d", flow, p.kind, p.code)
	case p.protocol == rule.ICMPv6:
		return fmt.Sprintf("%s && icmp6.type==%d && icmp6.code==%d", flow, p.kind, p.code)
	}
	return fmt.Sprintf("%s && ip.proto==%d", flow, p.protocol)
}
