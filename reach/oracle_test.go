package reach

import (
	"net/netip"
	"slices"

	"sgc.dev/sgc/rule"
)

// The oracle puts single packets to the minimised rules, as a cloud would. It
// knows nothing of set computation: what a question is about it tries packet by
// packet, at each place where some rule or network begins or ends. Between two
// of these nothing changes, so that is every packet.

// host is one thing that sends or receives.
type host struct {
	name      string
	groups    []*rule.Group // nil and not guarded: no rules of the policy
	guarded   bool
	tiers     []string
	foreign   string
	stateful  bool
	addresses []netip.Addr      // of both families
	sure      []netip.Addr      // those of addresses that the policy says it has
	lives     []netip.Addr      // those that it may have where servers live
	in        func(string) bool // address groups, as far as they are sure
	notIn     []string          // address groups that it is not in
	share     bool              // of a server, some of its addresses alone
}

// wire is one packet.
type wire struct {
	family   rule.Family
	protocol rule.Protocol // 0 is one that no rule can name
	value    uint16        // port, or type<<8|code
	src, dst netip.Addr
	srcIn    bool // the address is in every address group that it may be in
	dstIn    bool
}

func allowed(groups []*rule.Group, d rule.Direction, w wire, far *host, addr netip.Addr, in bool) bool {
	for _, g := range groups {
		for _, e := range g.Rules {
			if e.Direction == d && e.Family == w.family && fits(e.Rule, w) && meant(e.Remote, far, addr, in) {
				return true
			}
		}
	}
	return false
}

func fits(r rule.Rule, w wire) bool {
	if r.Protocol == rule.AnyProtocol {
		return true
	}
	if r.Protocol != w.protocol {
		return false
	}
	if lo, hi, ok := r.Ports.Range(); ok {
		return lo <= w.value && w.value <= hi
	}
	if t, ok := r.Ports.Type(); ok && t != uint8(w.value>>8) {
		return false
	}
	if code, ok := r.Ports.Code(); ok && code != uint8(w.value) {
		return false
	}
	return true
}

func meant(r rule.Remote, far *host, addr netip.Addr, in bool) bool {
	switch r.Kind() {
	case rule.RemoteAnyone:
		return true
	case rule.RemotePrefix:
		return r.Prefix().Contains(addr)
	case rule.RemoteTier:
		return slices.Contains(far.tiers, r.Name())
	case rule.RemoteGroup:
		return far.foreign == r.Name()
	case rule.RemoteAddressGroup:
		return far.in(r.Name()) || in && !slices.Contains(far.notIn, r.Name())
	}
	return false
}

// delivered says whether the packet passes both ends.
func delivered(from, to *host, w wire) bool {
	return (!from.guarded || allowed(from.groups, rule.Egress, w, to, w.dst, w.dstIn)) &&
		(!to.guarded || allowed(to.groups, rule.Ingress, w, from, w.src, w.srcIn))
}

// answered says whether a packet back passes the stateless ends.
func answered(from, to *host, w wire) bool {
	return (!to.guarded || to.stateful || allowed(to.groups, rule.Egress, w, from, w.dst, w.dstIn)) &&
		(!from.guarded || from.stateful || allowed(from.groups, rule.Ingress, w, to, w.src, w.srcIn))
}

// world is a policy with all places at which something begins or ends.
type world struct {
	set       *rule.Set
	addresses []netip.Addr
	services  map[rule.Family][]wire // protocol and value alone
	tried     int                    // how many packets so far
	saw       func(from, to *host, packet wire, passes bool)
}

func newWorld(set *rule.Set, asked []rule.Match, networks ...netip.Prefix) *world {
	w := &world{set: set, services: map[rule.Family][]wire{}}
	for _, s := range set.Addresses {
		networks = append(networks, s.Prefixes...)
	}
	for _, s := range set.Servers {
		networks = append(networks, s.Addresses...)
	}
	networks = append(networks, set.Networks...)
	networks = append(networks, whole(rule.IPv4), whole(rule.IPv6))
	matches := slices.Clone(asked)
	for _, g := range set.Groups {
		for _, e := range g.Written {
			if e.Remote.Kind() == rule.RemotePrefix {
				networks = append(networks, e.Remote.Prefix())
			}
			matches = append(matches, e.Match())
		}
	}
	for _, p := range networks {
		if !p.IsValid() { // an end that is no network
			continue
		}
		w.addresses = append(w.addresses, p.Addr())
		if next := lastOf(p).Next(); next.IsValid() {
			w.addresses = append(w.addresses, next)
		}
	}
	slices.SortFunc(w.addresses, netip.Addr.Compare)
	w.addresses = slices.Compact(w.addresses)
	for _, f := range families {
		add := func(p rule.Protocol, value int) {
			x := wire{family: f, protocol: p, value: uint16(value)}
			if value >= 0 && value <= 65535 && !(p.HasPorts() && value == 0) && !slices.Contains(w.services[f], x) {
				w.services[f] = append(w.services[f], x)
			}
		}
		add(0, 0)
		add(rule.TCP, 1)
		if f == rule.IPv4 { // echo and its reply, which answers are about
			add(rule.ICMP, 8<<8)
			add(rule.ICMP, 0)
		} else {
			add(rule.ICMPv6, 128<<8)
			add(rule.ICMPv6, 129<<8)
		}
		for _, m := range matches {
			if m.Family != f || m.Protocol == rule.AnyProtocol {
				continue
			}
			p := m.Protocol
			add(p, 0)
			if p.HasPorts() {
				add(p, 1)
			}
			if lo, hi, ok := m.Ports.Range(); ok {
				add(p, int(lo))
				add(p, int(hi)+1)
			}
			if t, ok := m.Ports.Type(); ok {
				add(p, int(t)<<8)
				add(p, (int(t)+1)<<8)
				if code, ok := m.Ports.Code(); ok {
					add(p, int(t)<<8|int(code))
					add(p, int(t)<<8|int(code)+1)
				}
			}
		}
	}
	return w
}

// lastOf is the last address of a prefix, bit by bit.
func lastOf(p netip.Prefix) netip.Addr {
	b := p.Addr().AsSlice()
	for i := p.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}

// hosts is what an end means: the long way round.
func (w *world) hosts(end rule.End) []*host {
	never := func(string) bool { return false }
	switch end.Kind {
	case rule.EndPublic:
		return w.outsidersIn(end)
	case rule.EndPrefix:
		return append(w.outsidersIn(end), w.serversIn(end.Prefix.Contains)...)
	case rule.EndAddresses:
		for _, s := range w.set.Addresses {
			if s.Name == end.Name {
				return append(w.outsidersIn(end), w.serversIn(inAny(s.Prefixes))...)
			}
		}
	case rule.EndGroup:
		return []*host{{name: end.Name, in: never, foreign: end.Name, addresses: w.addresses}}
	case rule.EndAddressGroup:
		return []*host{{name: end.Name, in: func(g string) bool { return g == end.Name }, addresses: w.addresses}}
	case rule.EndServer:
		for i := range w.set.Servers {
			if s := &w.set.Servers[i]; s.Name == end.Name {
				return []*host{w.machine(s)}
			}
		}
	case rule.EndTier:
		var hosts []*host
		for i := range w.set.Servers {
			if h := w.machine(&w.set.Servers[i]); slices.Contains(h.tiers, end.Name) {
				hosts = append(hosts, h)
			}
		}
		if hosts == nil {
			hosts = append(hosts, w.machine(&rule.Server{Name: end.Name, Tiers: []string{end.Name}}))
		}
		return hosts
	}
	return nil
}

// outsidersIn is those of an end who are no server, address by address: what a
// server declares by itself is nobody else's.
func (w *world) outsidersIn(end rule.End) []*host {
	h := &host{name: end.Name, in: func(string) bool { return false }}
	for _, a := range w.addresses {
		there := end.Kind == rule.EndPublic || end.Kind == rule.EndPrefix && end.Prefix.Contains(a)
		for _, s := range w.set.Addresses {
			switch {
			case end.Kind == rule.EndPublic && w.narrow(s, a) && inAny(s.Prefixes)(a):
				there = false
			case end.Kind == rule.EndAddresses && end.Name == s.Name && inAny(s.Prefixes)(a):
				there = true
			}
		}
		if there && !w.owned(a) {
			h.addresses = append(h.addresses, a)
		}
	}
	h.sure = h.addresses
	return []*host{h}
}

// owned says whether an address is one that a server declares by itself.
func (w *world) owned(a netip.Addr) bool {
	return slices.ContainsFunc(w.set.Servers, func(s rule.Server) bool {
		return slices.Contains(s.Addresses, netip.PrefixFrom(a, a.BitLen()))
	})
}

// serversIn is the servers that have addresses of a place, or may have some where
// servers live, at these alone.
func (w *world) serversIn(place func(netip.Addr) bool) []*host {
	var hosts []*host
	for _, h := range w.machines() {
		keep := func(list []netip.Addr) []netip.Addr {
			return slices.DeleteFunc(slices.Clone(list), func(a netip.Addr) bool { return !place(a) })
		}
		sure, lives := keep(h.sure), keep(h.lives)
		if len(sure)+len(lives) > 0 {
			h.share = len(sure)+len(lives) < len(h.addresses)
			h.addresses, h.sure, h.lives = slices.Concat(sure, lives), sure, lives
			hosts = append(hosts, h)
		}
	}
	return hosts
}

// machines is the servers, and each tier that none of them carries.
func (w *world) machines() []*host {
	var hosts []*host
	carried := map[string]bool{}
	for i := range w.set.Servers {
		h := w.machine(&w.set.Servers[i])
		hosts = append(hosts, h)
		for _, t := range h.tiers {
			carried[t] = true
		}
	}
	for _, g := range w.set.Groups {
		if !carried[g.Tier] {
			hosts = append(hosts, w.machine(&rule.Server{Name: g.Tier, Tiers: []string{g.Tier}}))
		}
	}
	return hosts
}

func inAny(prefixes []netip.Prefix) func(netip.Addr) bool {
	return func(a netip.Addr) bool {
		return slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Contains(a) })
	}
}

// narrow says whether a set counts as a place in the family of an address.
func (w *world) narrow(s rule.AddressSet, a netip.Addr) bool {
	for _, p := range s.Prefixes {
		if p.Addr().Is4() == a.Is4() && (p.Addr().Is4() && p.Bits() < 8 || !p.Addr().Is4() && p.Bits() < 32) {
			return false
		}
	}
	return true
}

func (w *world) machine(s *rule.Server) *host {
	h := &host{name: s.Name, guarded: true, stateful: true, tiers: slices.Clone(s.Tiers), in: func(string) bool { return false }}
	for i := range w.set.Groups {
		g := &w.set.Groups[i]
		if g.Tier == s.Name && !slices.Contains(h.tiers, s.Name) {
			h.tiers = append(h.tiers, s.Name)
		}
		if slices.Contains(h.tiers, g.Tier) {
			h.groups = append(h.groups, g)
			h.stateful = h.stateful && g.Stateful
		}
	}
	for _, f := range families {
		is := func(p netip.Prefix) bool { return p.Addr().Is4() == (f == rule.IPv4) }
		home := func(a netip.Addr) bool { return a.Is4() == (f == rule.IPv4) && inAny(w.set.Networks)(a) && !w.owned(a) }
		declared, told := slices.ContainsFunc(s.Addresses, is), slices.ContainsFunc(w.addresses, home)
		for _, a := range w.addresses {
			switch {
			case a.Is4() != (f == rule.IPv4):
			case declared && inAny(s.Addresses)(a):
				h.addresses, h.sure = append(h.addresses, a), append(h.sure, a)
			case !declared && told && home(a):
				h.addresses, h.lives = append(h.addresses, a), append(h.lives, a)
			case !declared && !told:
				h.addresses = append(h.addresses, a)
			}
		}
	}
	return h
}

// trial is what became of the packets of one match between two hosts.
type trial struct{ passed, dropped, answers, silences int }

// try sends every packet of a match. An address that is in no address group for
// certain is tried as in all of them and as in none.
func (w *world) try(from, to *host, q rule.Match) trial {
	var t trial
	asked := rule.Rule{Direction: rule.Ingress, Family: q.Family, Protocol: q.Protocol, Ports: q.Ports}
	for _, packet := range w.services[q.Family] {
		if !fits(asked, packet) {
			continue
		}
		for _, packet.src = range from.addresses {
			if packet.src.BitLen() != q.Family.Bits() {
				continue
			}
			for _, packet.dst = range to.addresses {
				if packet.dst.BitLen() != q.Family.Bits() {
					continue
				}
				for _, packet.srcIn = range []bool{false, true} {
					for _, packet.dstIn = range []bool{false, true} {
						w.tried++
						passes := delivered(from, to, packet)
						if w.saw != nil {
							w.saw(from, to, packet, passes)
						}
						if !passes {
							t.dropped++
							continue
						}
						t.passed++
						w.reply(from, to, packet, &t)
					}
				}
			}
		}
	}
	return t
}

// reply sends what may come back to a packet.
func (w *world) reply(from, to *host, packet wire, t *trial) {
	back := wire{family: packet.family, protocol: packet.protocol, src: packet.dst, dst: packet.src, srcIn: packet.dstIn, dstIn: packet.srcIn}
	for _, service := range w.services[packet.family] {
		if service.protocol != packet.protocol {
			continue
		}
		if packet.protocol.IsICMP() {
			if packet.value>>8 != 8 && packet.protocol == rule.ICMP || packet.value>>8 != 128 && packet.protocol == rule.ICMPv6 {
				continue
			}
			if kind := service.value >> 8; kind != 0 && packet.protocol == rule.ICMP || kind != 129 && packet.protocol == rule.ICMPv6 {
				continue
			}
		}
		back.value = service.value
		if answered(from, to, back) {
			t.answers++
		} else {
			t.silences++
		}
	}
}

// verdict sums trials up, as far as the policy's families want them.
func (w *world) verdict(froms, tos []*host, matches []rule.Match) (v, replies Verdict) {
	var sum, beside trial
	for _, from := range froms {
		for _, to := range tos {
			if !from.guarded && !to.guarded {
				continue
			}
			for _, q := range matches {
				t := w.try(from, to, q)
				into := &sum
				if t.passed == 0 && !slices.Contains(w.set.Families, q.Family) {
					into = &beside
				}
				into.passed += t.passed
				into.dropped += t.dropped
				into.answers += t.answers
				into.silences += t.silences
			}
		}
	}
	if sum.passed+sum.dropped == 0 {
		sum = beside
	}
	return inWord(sum.passed, sum.dropped), inWord(sum.answers, sum.silences)
}

// inWord is 0 where there is nothing to judge.
func inWord(passed, dropped int) Verdict {
	switch {
	case passed+dropped == 0:
		return 0
	case dropped == 0:
		return Yes
	case passed == 0:
		return No
	}
	return InPart
}
