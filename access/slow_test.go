package access

import (
	"math/bits"
	"math/rand/v2"
	"net/netip"
	"slices"

	"sgc.dev/sgc/rule"
)

// The oracle knows nothing of lines, trees and primes. It has a universe of few
// packets, asks of each whether one of the rules lets it in, and finds smallest
// rule sets by trying.

// packet is one service at one remote end: an address, or a server of a group
// whose address nobody knows.
type packet struct {
	protocol   rule.Protocol
	port       uint16 // of tcp and udp
	kind, code uint8  // of ICMP
	addr       netip.Addr
	group      rule.Remote
}

// universe is the packets and all rules that are no finer than the packets:
// where it has one packet for many (port 40000 is 8 to 65534), no rule tells
// those apart.
type universe struct {
	family  rule.Family
	packets []packet
	rules   []rule.Rule
	sets    map[rule.Rule]set // of each rule, the packets that it names
	all     bool              // the addresses are every address there is
}

func universeRemotes(family rule.Family, base netip.Prefix) (remotes []rule.Remote, addrs []netip.Addr) {
	remotes = []rule.Remote{rule.Anyone(), rule.Tier("app"), rule.ForeignGroup("app")}
	for length := 0; length <= 3; length++ {
		for i := range 1 << length {
			b := base.Addr().AsSlice()
			at := base.Bits()
			for k := range length {
				if i>>(length-1-k)&1 == 1 {
					b[(at+k)/8] |= 1 << (7 - (at+k)%8)
				}
			}
			a, _ := netip.AddrFromSlice(b)
			if r := rule.Prefix(netip.PrefixFrom(a, at+length)); r != rule.Anyone() {
				remotes = append(remotes, r)
			}
			if length == 3 {
				addrs = append(addrs, a)
			}
		}
	}
	return remotes, addrs
}

// newUniverse is around a prefix whose next three bits tell addresses apart.
func newUniverse(base netip.Prefix) *universe {
	u := &universe{family: rule.IPv4, all: base.Bits() == 0}
	icmp := rule.ICMP
	if base.Addr().Is6() {
		u.family, icmp = rule.IPv6, rule.ICMPv6
	}
	remotes, addrs := universeRemotes(u.family, base)
	if !u.all {
		outside := netip.MustParseAddr("203.0.113.9")
		if u.family == rule.IPv6 {
			outside = netip.MustParseAddr("2001:db8:ffff::9")
		}
		addrs = append(addrs, outside)
	}
	var services []packet
	var matches []rule.Rule
	add := func(p rule.Protocol, ports rule.Ports) {
		matches = append(matches, rule.Rule{Direction: rule.Ingress, Family: u.family, Protocol: p, Ports: ports})
	}
	add(rule.AnyProtocol, rule.NoPorts())
	for _, p := range []rule.Protocol{rule.TCP, rule.UDP} {
		for _, port := range []uint16{0, 1, 2, 3, 4, 5, 6, 7, 40000, 65535} {
			services = append(services, packet{protocol: p, port: port})
		}
		for _, lo := range []uint16{1, 2, 3, 4, 5, 6, 7, 8, 65535} {
			for _, hi := range []uint16{1, 2, 3, 4, 5, 6, 7, 65534, 65535} {
				if lo <= hi {
					add(p, rule.PortRange(lo, hi))
				}
			}
		}
	}
	add(icmp, rule.AllPorts())
	for _, kind := range []uint8{0, 3, 4, 100} {
		for _, code := range []uint8{0, 1, 100} {
			services = append(services, packet{protocol: icmp, kind: kind, code: code})
			if kind != 100 && code != 100 {
				add(icmp, rule.ICMPTypeCode(kind, code))
			}
		}
		if kind != 100 {
			add(icmp, rule.ICMPType(kind))
		}
	}
	add(50, rule.NoPorts())
	services = append(services, packet{protocol: 50}, packet{protocol: 51})
	for _, s := range services {
		for _, a := range addrs {
			s.addr = a
			u.packets = append(u.packets, s)
		}
		s.addr = netip.Addr{}
		for _, g := range []rule.Remote{rule.Tier("app"), rule.ForeignGroup("app"), rule.Tier("other")} {
			s.group = g
			u.packets = append(u.packets, s)
		}
	}
	for _, r := range matches {
		for _, r.Remote = range remotes {
			u.rules = append(u.rules, r)
		}
	}
	u.look()
	return u
}

func (u *universe) look() {
	u.sets = make(map[rule.Rule]set, len(u.rules))
	for _, r := range u.rules {
		var s set
		for i, p := range u.packets {
			if lets(r, p) {
				s.put(i)
			}
		}
		u.sets[r] = s
	}
}

// narrow is the universe with the services of few rules, for searches.
func (u *universe) narrow(keep func(packet) bool, rules func(rule.Rule) bool) *universe {
	n := &universe{family: u.family, all: u.all}
	for _, p := range u.packets {
		if keep(p) {
			n.packets = append(n.packets, p)
		}
	}
	for _, r := range u.rules {
		if rules(r) {
			n.rules = append(n.rules, r)
		}
	}
	n.look()
	return n
}

func lets(r rule.Rule, p packet) bool {
	switch r.Remote.Kind() {
	case rule.RemoteAnyone:
	case rule.RemotePrefix:
		if !p.addr.IsValid() || !r.Remote.Prefix().Contains(p.addr) {
			return false
		}
	default:
		if p.group != r.Remote {
			return false
		}
	}
	if r.Protocol == rule.AnyProtocol {
		return true
	}
	if r.Protocol != p.protocol {
		return false
	}
	if lo, hi, ok := r.Ports.Range(); ok {
		return lo <= p.port && p.port <= hi || lo == 1 && p.port == 0
	}
	if t, ok := r.Ports.Type(); ok && t != p.kind {
		return false
	}
	if c, ok := r.Ports.Code(); ok && c != p.code {
		return false
	}
	return true
}

// set is packets by their number in a universe.
type set [8]uint64

func (s set) has(i int) bool     { return s[i/64]>>(i%64)&1 == 1 }
func (s *set) put(i int)         { s[i/64] |= 1 << (i % 64) }
func (s set) within(t set) bool  { return s.minus(t) == set{} }
func (s set) touches(t set) bool { return s.minus(t) != s }

func (s set) minus(t set) set {
	for i := range s {
		s[i] &^= t[i]
	}
	return s
}

func (s set) plus(t set) set {
	for i := range s {
		s[i] |= t[i]
	}
	return s
}

func (s set) first() int {
	for i, w := range s {
		if w != 0 {
			return 64*i + bits.TrailingZeros64(w)
		}
	}
	return -1
}

// direct is the packets that the rules name. A rule that the universe lacks
// names none: nothing should make one up.
func (u *universe) direct(rules ...rule.Rule) set {
	var s set
	for _, r := range rules {
		s = s.plus(u.sets[r])
	}
	return s
}

// allowed is the packets that the rules let in. A server has some address, so
// a service that every address has is open to the groups as well.
func (u *universe) allowed(rules ...rule.Rule) set {
	s := u.direct(rules...)
	return s.plus(u.implied(s))
}

// implied is the packets of groups that follow from those of all addresses.
func (u *universe) implied(s set) set {
	var implied set
	if !u.all {
		return implied
	}
	shut := map[packet]bool{}
	for i, p := range u.packets {
		if p.addr.IsValid() && !s.has(i) {
			p.addr = netip.Addr{}
			shut[p] = true
		}
	}
	for i, p := range u.packets {
		if !p.addr.IsValid() {
			p.group = rule.Remote{}
			if !shut[p] {
				implied.put(i)
			}
		}
	}
	return implied
}

// smallest is the length of the shortest list of the universe's rules that, with
// the packets that are free, lets in the wanted and no others, if it is at most limit,
// else limit+1. It tries
// all lists by length; the one liberty it takes is to leave out rules that
// another one covers, which are never the better choice, and to settle first
// the packets that leave it the fewest choices.
func (u *universe) smallest(want, free set, limit int) int {
	var within []set
	for _, r := range u.rules {
		if s := u.sets[r]; s.within(want) {
			within = append(within, s)
		}
	}
	var candidates []set
	for i, s := range within {
		best := true
		for j, t := range within {
			best = best && !(i != j && s.within(t) && (s != t || j < i))
		}
		if best {
			candidates = append(candidates, s)
		}
	}
	type need struct {
		packet  int
		choices []set
	}
	var needs []need
	for rest := want.minus(u.implied(want)).minus(free); rest != (set{}); {
		n := need{packet: rest.first()}
		for _, c := range candidates {
			if c.has(n.packet) {
				n.choices = append(n.choices, c)
			}
		}
		needs = append(needs, n)
		var one set
		one.put(n.packet)
		rest = rest.minus(one)
	}
	slices.SortStableFunc(needs, func(a, b need) int { return len(a.choices) - len(b.choices) })
	var search func(have set, from, budget int) bool
	search = func(have set, from, budget int) bool {
		for from < len(needs) && have.has(needs[from].packet) {
			from++
		}
		if from == len(needs) {
			return true
		}
		for _, c := range needs[from].choices {
			if budget > 0 && search(have.plus(c), from+1, budget-1) {
				return true
			}
		}
		return false
	}
	for n := 0; n <= limit; n++ {
		if search(set{}, 0, n) {
			return n
		}
	}
	return limit + 1
}

// draw is a random rule set of the universe, often of rules that lie close.
func (u *universe) draw(rng *rand.Rand, n int) []rule.Rule {
	rules := make([]rule.Rule, n)
	for i := range rules {
		rules[i] = u.rules[rng.IntN(len(u.rules))]
	}
	return rules
}
