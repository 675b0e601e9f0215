package draft

import (
	"fmt"
	"net/netip"

	"go4.org/netipx"

	"sgc.dev/sgc/rule"
)

// packet is one packet at a group: what it is, and who is at its other end, an address or
// a member of a group whose address nobody knows.
type packet struct {
	direction rule.Direction
	family    rule.Family
	protocol  rule.Protocol
	at        uint16 // its port, or ICMP's type and code
	addr      netip.Addr
	group     rule.Remote
}

func (p packet) String() string {
	end := p.addr.String()
	if !p.addr.IsValid() {
		end = p.group.String()
	}
	return fmt.Sprintf("%s %s protocol %d at %d, %s", p.direction, p.family, p.protocol, p.at, end)
}

// span is the ports of a rule, or ICMP's types with their codes, as one range of numbers.
func span(p rule.Ports) (lo, hi uint16) {
	if lo, hi, ok := p.Range(); ok {
		return lo, hi
	}
	kind, typed := p.Type()
	code, coded := p.Code()
	switch first := uint16(kind) << 8; {
	case coded:
		return first | uint16(code), first | uint16(code)
	case typed:
		return first, first | 255
	}
	return 0, 65535
}

// lets says whether a rule allows a packet. It knows nothing of sets of packets, by which
// policies are compiled.
func lets(r rule.Rule, p packet) bool {
	if r.Direction != p.direction || r.Family != p.family || r.Protocol != rule.AnyProtocol && r.Protocol != p.protocol {
		return false
	}
	if lo, hi := span(r.Ports); p.at < lo || p.at > hi {
		return false
	}
	switch r.Remote.Kind() {
	case rule.RemoteAnyone:
		return true
	case rule.RemotePrefix:
		return p.addr.IsValid() && r.Remote.Prefix().Contains(p.addr)
	}
	return r.Remote == p.group
}

// edges is the packets by which a rule would be found out: at both ends of its ports and
// addresses and one beyond, and by another protocol.
func edges(r rule.Rule) []packet {
	one := packet{direction: r.Direction, family: r.Family, protocol: r.Protocol}
	whole := netip.PrefixFrom(netip.IPv4Unspecified(), 0)
	if r.Family == rule.IPv6 {
		whole = netip.PrefixFrom(netip.IPv6Unspecified(), 0)
	}
	var ends []packet
	addresses := []netip.Addr{whole.Addr(), netipx.PrefixLastIP(whole)}
	switch r.Remote.Kind() {
	case rule.RemoteAnyone:
	case rule.RemotePrefix:
		first, last := r.Remote.Prefix().Addr(), netipx.PrefixLastIP(r.Remote.Prefix())
		addresses = []netip.Addr{first.Prev(), first, last, last.Next()}
	default:
		ends = append(ends, one)
		ends[0].group = r.Remote
	}
	for _, addr := range addresses {
		if addr.IsValid() {
			one.addr = addr
			ends = append(ends, one)
		}
	}
	lo, hi := span(r.Ports)
	var list []packet
	for _, p := range ends {
		add := func(protocol rule.Protocol, at uint16) {
			p.protocol, p.at = protocol, at
			list = append(list, p)
		}
		if r.Protocol == rule.AnyProtocol {
			add(rule.TCP, 0)
			add(255, 0)
			continue
		}
		add(r.Protocol, lo)
		add(r.Protocol, hi)
		add(r.Protocol^1, lo)
		if lo > 0 {
			add(r.Protocol, lo-1)
		}
		if hi < 65535 {
			add(r.Protocol, hi+1)
		}
	}
	return list
}

// mostTries is how many times packets are put to rules: of a group with thousands of rules some
// of the packets are tried.
const mostTries = 1 << 24

// tried compares, packet by packet, what two lists of rules do with those at their edges.
func tried(says, should []rule.Rule) (packets int, wrong []packet) {
	seen := map[packet]bool{}
	var all []packet
	for _, list := range [][]rule.Rule{says, should} {
		for _, r := range list {
			for _, p := range edges(r) {
				if !seen[p] {
					seen[p] = true
					all = append(all, p)
				}
			}
		}
	}
	allowed := func(list []rule.Rule, p packet) bool {
		for _, r := range list {
			if lets(r, p) {
				return true
			}
		}
		return false
	}
	step := 1 + len(all)*(len(says)+len(should))/mostTries
	for i := 0; i < len(all); i += step {
		packets++
		if allowed(says, all[i]) != allowed(should, all[i]) {
			wrong = append(wrong, all[i])
		}
	}
	return packets, wrong
}
