package conformance

import (
	"fmt"
	"net/netip"
	"strings"

	"sgc.dev/sgc/rule"
)

// A probe is a packet that tells the rules of scene_test.go apart. Its remote
// end has an address, or is a member of a group or of an address group, whose
// address is like nobody else's.
type probe struct {
	direction, family string
	protocol          int
	a, b              int // the port, or ICMP type and code
	address           string
	group             string // a label
	addressGroup      string
}

// flows is which packets of a universe something allows.
type flows []bool

// A universe is packets, and which of them each rule allows that was met so far.
type universe struct {
	packets []probe
	known   map[string]flows
}

func newUniverse() *universe {
	u := &universe{known: map[string]flows{}}
	for _, direction := range []string{"ingress", "egress"} {
		for _, family := range []string{"IPv4", "IPv6"} {
			for _, end := range remoteEnds(family) {
				for _, service := range services(family) {
					p := end
					p.direction, p.family, p.protocol, p.a, p.b = direction, family, service[0], service[1], service[2]
					u.packets = append(u.packets, p)
				}
			}
		}
	}
	return u
}

func remoteEnds(family string) []probe {
	addresses := []string{"8.8.8.8", "10.0.0.1", "10.128.0.1", "192.0.2.7", "192.0.2.8"}
	if family == "IPv6" {
		addresses = []string{"2001:4860::1", "2001:db8::5", "2001:db8::6", "2001:db8:8000::1"}
	}
	var all []probe
	for _, a := range addresses {
		all = append(all, probe{address: a})
	}
	for _, label := range labels() {
		all = append(all, probe{group: label})
	}
	for _, label := range addressGroupLabels() {
		all = append(all, probe{addressGroup: label})
	}
	return all
}

func services(family string) [][3]int {
	icmp := 1
	if family == "IPv6" {
		icmp = 58
	}
	all := [][3]int{{icmp, 0, 0}, {icmp, 0, 1}, {icmp, 8, 0}, {icmp, 255, 255}, {50, 0, 0}, {99, 0, 0}, {132, 7, 0}}
	for port := 1; port <= 9; port++ {
		all = append(all, [3]int{6, port, 0})
	}
	for _, port := range []int{1, 2, 3, 65535} {
		all = append(all, [3]int{17, port, 0})
	}
	return append(all, [3]int{6, 65535, 0})
}

var protocolNumbers = map[string]int{"icmp": 1, "tcp": 6, "udp": 17, "esp": 50, "ipv6-icmp": 58, "icmpv6": 58, "sctp": 132}

// of is the packets that rules allow as a cloud has them. Rules that Neutron
// takes and nobody can be sure of are left out. label says what the id of a group
// or address group stands for.
func (u *universe) of(rules []liveRule, label func(id string) string) flows {
	sum := make(flows, len(u.packets))
	for _, r := range rules {
		group, addressGroup := "", ""
		if r.Group != nil {
			group = label(*r.Group)
		}
		if r.AddressGroup != nil {
			addressGroup = label(*r.AddressGroup)
		}
		key := fmt.Sprint(r.Direction, r.Ethertype, text(r.Protocol), " ", number(r.Min), number(r.Max), text(r.Prefix), "|", group, "|", addressGroup)
		if u.known[key] == nil {
			one := make(flows, len(u.packets))
			for i, p := range u.packets {
				one[i] = p.passes(r, group, addressGroup)
			}
			u.known[key] = one
		}
		sum.add(u.known[key])
	}
	return sum
}

func number(n *int) int {
	if n == nil {
		return -1
	}
	return *n
}

// passes says whether a rule as Neutron stores it lets the packet through.
func (p probe) passes(r liveRule, group, addressGroup string) bool {
	if r.Direction != p.direction || r.Ethertype != p.family || opaque(r) {
		return false
	}
	if name := strings.ToLower(text(r.Protocol)); name != "" {
		n, known := protocolNumbers[name]
		if !known {
			fmt.Sscan(name, &n)
		}
		if n == 1 && p.family == "IPv6" {
			n = 58
		}
		if n != p.protocol {
			return false
		}
	}
	if p.protocol == 1 || p.protocol == 58 {
		if r.Min != nil && *r.Min != p.a || r.Max != nil && *r.Max != p.b {
			return false
		}
	} else if r.Min != nil && (p.a < *r.Min || p.a > *r.Max) {
		return false
	}
	switch {
	case r.Prefix != nil && (strings.HasSuffix(*r.Prefix, "/0")):
		return true
	case r.Prefix != nil:
		prefix, err := netip.ParsePrefix(*r.Prefix)
		if err != nil {
			prefix = netip.PrefixFrom(netip.MustParseAddr(*r.Prefix), netip.MustParseAddr(*r.Prefix).BitLen())
		}
		return p.address != "" && prefix.Masked().Contains(netip.MustParseAddr(p.address))
	case r.Group != nil:
		return p.group != "" && p.group == group
	case r.AddressGroup != nil:
		return p.addressGroup != "" && p.addressGroup == addressGroup
	}
	return true
}

// opaque says whether what the rule allows is the backend's affair: protocol 0.
func opaque(r liveRule) bool { return text(r.Protocol) == "0" || text(r.Protocol) == "ip" }

// wanted is the packets that rules of a policy allow.
func (u *universe) wanted(entries []rule.Entry) flows {
	sum := make(flows, len(u.packets))
	for i, p := range u.packets {
		for _, e := range entries {
			sum[i] = sum[i] || p.wanted(e.Rule)
		}
	}
	return sum
}

func (p probe) wanted(r rule.Rule) bool {
	if r.Direction.String() != p.direction || r.Family.String() != p.family {
		return false
	}
	if r.Protocol != rule.AnyProtocol && int(r.Protocol) != p.protocol {
		return false
	}
	if low, high, ranged := r.Ports.Range(); ranged && (p.a < int(low) || p.a > int(high)) {
		return false
	}
	if t, typed := r.Ports.Type(); typed && p.a != int(t) {
		return false
	}
	if code, coded := r.Ports.Code(); coded && p.b != int(code) {
		return false
	}
	switch r.Remote.Kind() {
	case rule.RemoteAnyone:
		return true
	case rule.RemotePrefix:
		return p.address != "" && r.Remote.Prefix().Contains(netip.MustParseAddr(p.address))
	case rule.RemoteTier:
		return p.group == "tier "+r.Remote.Name()
	case rule.RemoteGroup:
		return p.group == r.Remote.Name()
	case rule.RemoteAddressGroup:
		return p.addressGroup == r.Remote.Name()
	}
	return false
}

func (f flows) add(g flows) {
	for i := range g {
		f[i] = f[i] || g[i]
	}
}

// first is a packet of f that g lacks.
func (u *universe) first(f, g flows) (probe, bool) {
	for i := range f {
		if f[i] && !g[i] {
			return u.packets[i], true
		}
	}
	return probe{}, false
}

// both is the packets of f and of g.
func both(f, g flows) flows {
	all := make(flows, len(f))
	for i := range f {
		all[i] = f[i] && g[i]
	}
	return all
}
