package reach

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/internal/rounds"
	"sgc.dev/sgc/rule"
)

// networks is the whole of a tiny universe, with both its ends.
var networks = map[rule.Family][]netip.Prefix{
	rule.IPv4: prefixes("10.0.0.0/30", "10.0.0.0/31", "10.0.0.2/31", "10.0.0.1/32", "10.0.0.0/8", "0.0.0.0/1", "128.0.0.0/1", "255.255.255.255/32", "0.0.0.0/32"),
	rule.IPv6: prefixes("2001:db8::/126", "2001:db8::/127", "2001:db8::2/127", "2001:db8::1/128", "2001:db8::/32", "::/1", "8000::/1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"),
}

func prefixes(texts ...string) []netip.Prefix {
	var list []netip.Prefix
	for _, s := range texts {
		list = append(list, netip.MustParsePrefix(s))
	}
	return list
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

func randomMatch(r *rand.Rand, f rule.Family) rule.Match {
	m := rule.Match{Family: f, Ports: rule.NoPorts()}
	icmp, ask, answer := rule.ICMP, uint8(8), uint8(0)
	if f == rule.IPv6 {
		icmp, ask, answer = rule.ICMPv6, 128, 129
	}
	switch r.IntN(10) {
	case 0:
		m.Protocol = rule.AnyProtocol
	case 1:
		m.Protocol = 50
	case 2:
		m.Protocol, m.Ports = icmp, rule.AllPorts()
	case 3:
		m.Protocol, m.Ports = icmp, rule.ICMPType(pick(r, []uint8{ask, answer, 3, 255}))
	case 4:
		m.Protocol, m.Ports = icmp, rule.ICMPTypeCode(pick(r, []uint8{ask, answer, 3}), pick(r, []uint8{0, 1, 255}))
	case 5:
		m.Protocol, m.Ports = rule.TCP, rule.AllPorts()
	default:
		m.Protocol = pick(r, []rule.Protocol{rule.TCP, rule.TCP, rule.UDP})
		edges := []uint16{1, 2, 3, 1024, 1025, 65534, 65535}
		lo, hi := pick(r, edges), pick(r, edges)
		m.Ports = rule.PortRange(min(lo, hi), max(lo, hi))
	}
	return m
}

// randomSet is a policy with everything that a question can be about.
func randomSet(r *rand.Rand) *rule.Set {
	set := &rule.Set{Policy: "p", Families: families[:]}
	if r.IntN(6) == 0 {
		set.Families = []rule.Family{pick(r, families[:])}
	}
	for i := range r.IntN(3) {
		s := rule.AddressSet{Name: fmt.Sprintf("set%d", i)}
		for range 1 + r.IntN(2) {
			s.Prefixes = append(s.Prefixes, pick(r, networks[pick(r, families[:])]))
		}
		set.Addresses = append(set.Addresses, s)
	}
	for range r.IntN(3) {
		set.Networks = append(set.Networks, pick(r, networks[pick(r, families[:])]))
	}
	set.Foreign = []rule.External{{Key: "theirs", Name: "theirs"}}
	set.AddressGroups = []rule.External{{Key: "office", Name: "office"}}
	tiers := []string{"a", "b", "c"}
	line := 0
	for _, tier := range tiers {
		g := rule.Group{Tier: tier, Name: tier, Stateful: r.IntN(3) > 0}
		for range r.IntN(12) {
			line++
			f := pick(r, families[:])
			m := randomMatch(r, f)
			e := rule.Entry{Rule: rule.Rule{Direction: pick(r, []rule.Direction{rule.Ingress, rule.Egress}), Family: f, Protocol: m.Protocol, Ports: m.Ports},
				Origins: []rule.Origin{{Pos: rule.Pos{File: "p.cue", Line: line, Column: 1}, PeerPos: rule.Pos{File: "p.cue", Line: line, Column: 9}, Path: fmt.Sprintf("rule%d", line)}}}
			switch r.IntN(8) {
			case 0, 1:
				e.Remote = rule.Anyone()
			case 2, 3:
				e.Remote = rule.Tier(pick(r, tiers))
			case 4:
				e.Remote = pick(r, []rule.Remote{rule.ForeignGroup("theirs"), rule.AddressGroup("office")})
			default:
				e.Remote = rule.Prefix(pick(r, networks[f]))
			}
			g.Written = append(g.Written, e)
		}
		for _, d := range []rule.Direction{rule.Ingress, rule.Egress} {
			if f := pick(r, families[:]); r.IntN(3) == 0 { // as people do
				line++
				g.Written = append(g.Written, rule.Entry{Rule: rule.Rule{Direction: d, Family: f, Protocol: rule.AnyProtocol, Ports: rule.NoPorts(), Remote: rule.Anyone()},
					Origins: []rule.Origin{{Pos: rule.Pos{File: "p.cue", Line: line, Column: 1}, Path: fmt.Sprintf("rule%d", line)}}})
			}
		}
		slices.SortStableFunc(g.Written, func(a, b rule.Entry) int { return rule.Compare(a.Rule, b.Rule) })
		g.Rules = access.Minimise(g.Written, access.Full)
		set.Groups = append(set.Groups, g)
	}
	for _, name := range []string{"a", "s", "t"}[:r.IntN(4)] {
		s := rule.Server{Name: name}
		for _, tier := range tiers {
			if r.IntN(2) == 0 {
				s.Tiers = append(s.Tiers, tier)
			}
		}
		for range r.IntN(3) {
			s.Addresses = append(s.Addresses, pick(r, networks[pick(r, families[:])]))
		}
		set.Servers = append(set.Servers, s)
	}
	return set
}

func randomEnd(r *rand.Rand, v *View) rule.End {
	if r.IntN(5) == 0 {
		p := pick(r, networks[pick(r, families[:])])
		return rule.End{Kind: rule.EndPrefix, Name: p.String(), Prefix: p}
	}
	if r.IntN(3) == 0 {
		return rule.End{Kind: rule.EndTier, Name: pick(r, []string{"a", "b", "c"})}
	}
	return pick(r, v.everyone).end
}

func randomService(r *rand.Rand) rule.Service {
	if r.IntN(8) == 0 {
		return rule.AnyService()
	}
	s := rule.Service{Name: "service"}
	for range 1 + r.IntN(2) {
		s.Matches = append(s.Matches, randomMatch(r, pick(r, families[:])))
	}
	return s
}

// TestAskLikePackets compares answers with what becomes of every single packet,
// and examples with what becomes of them.
func TestAskLikePackets(t *testing.T) {
	n := rounds.Of(2000)
	packets, perhaps := 0, 0
	seen := map[Verdict]int{}
	answers := map[Verdict]int{}
	for seed := range n {
		r := rand.New(rand.NewPCG(uint64(seed), 4))
		set := randomSet(r)
		v := New(set)
		q := Question{randomEnd(r, v), randomEnd(r, v), randomService(r)}
		w := newWorld(set, q.Service.Matches, q.From.Prefix, q.To.Prefix)
		froms, tos := w.hosts(q.From), w.hosts(q.To)
		want, wantReplies := w.verdict(froms, tos, q.Service.Matches)
		packets += w.tried
		a, err := v.Ask(q)
		if (err != nil) != (want == 0) {
			t.Fatalf("seed %d: %+v: %v, packets say %v\n%s", seed, q, err, want, show(set))
		}
		if err != nil {
			continue
		}
		seen[want]++
		if a.Verdict != want {
			t.Fatalf("seed %d: %+v: %v, packets say %v\n%s", seed, q, a.Verdict, want, show(set))
		}
		w.saw = func(from, to *host, packet wire, passes bool) {
			if by := partsOf(set, a, from, to, packet); by != passes {
				t.Fatalf("seed %d: %+v: packet %+v from %s to %s: passes %v, by parts %v\n%s", seed, q, packet, from.name, to.name, passes, by, show(set))
			}
		}
		w.verdict(froms, tos, q.Service.Matches)
		w.saw = nil
		if (a.Verdict == Yes) != (a.Lacks == nil) || (a.Verdict == No) != (a.Parts == nil) {
			t.Fatalf("seed %d: %+v: %v with %d lacks and %d parts", seed, q, a.Verdict, len(a.Lacks), len(a.Parts))
		}
		known := slices.ContainsFunc(a.Parts, func(p Part) bool {
			return !p.From.Unknown && !p.To.Unknown || p.From.AddressGroup != "" || p.To.AddressGroup != ""
		})
		if a.Perhaps && (known || want != InPart) || !a.Perhaps && !known && want == InPart && !w.certainSome(froms, tos, q.Service.Matches) {
			t.Fatalf("seed %d: %+v: %v, perhaps %v, and of its parts some depend on nothing unknown: %v\n%s", seed, q, want, a.Perhaps, known, show(set))
		}
		if a.Perhaps {
			perhaps++
		}
		for _, p := range a.Lacks {
			if w.someDelivered(froms, tos, p) == Yes {
				t.Fatalf("seed %d: %+v: %s passes\n%s", seed, q, p, show(set))
			}
		}
		if !slices.ContainsFunc(q.Service.Matches, func(m rule.Match) bool { return m.Protocol == rule.AnyProtocol }) {
			answers[wantReplies]++
			if a.Replies.Verdict != wantReplies {
				t.Fatalf("seed %d: %+v: replies %v, packets say %v\n%s", seed, q, a.Replies, wantReplies, show(set))
			}
		}
	}
	t.Logf("%d packets; questions %v, %d of them perhaps, replies %v", packets, seen, perhaps, answers)
	if perhaps < n/100 {
		t.Errorf("only %d questions of %d are answered with perhaps: the test tries too little", perhaps, n)
	}
	for _, v := range []Verdict{Yes, No, InPart} {
		if seen[v] < n/20 {
			t.Errorf("only %d questions of %d have the answer %v: the test tries too little", seen[v], n, v)
		}
	}
}

// certainSome says whether all packets of some service pass between two hosts.
func (w *world) certainSome(froms, tos []*host, matches []rule.Match) bool {
	for _, f := range families {
		for _, packet := range w.services[f] {
			one := &world{set: w.set, addresses: w.addresses, services: map[rule.Family][]wire{f: {packet}}}
			for _, from := range froms {
				for _, to := range tos {
					for _, q := range matches {
						if q.Family != f || !from.guarded && !to.guarded {
							continue
						}
						if t := one.try(from, to, q); t.passed > 0 && t.dropped == 0 {
							return true
						}
					}
				}
			}
		}
	}
	return false
}

// partsOf says whether a packet is among the parts of an answer, and the rules
// that the part names let it through.
func partsOf(set *rule.Set, a Answer, from, to *host, packet wire) bool {
	at := func(s Side, h *host, addr netip.Addr, in bool) bool {
		return s.End.Name == h.name && (s.AddressGroup == "" || in || h.in(s.AddressGroup)) &&
			(s.Addresses == nil || slices.ContainsFunc(s.Addresses, func(p netip.Prefix) bool { return p.Contains(addr) }))
	}
	by := func(o *rule.Origin, h, far *host, d rule.Direction, addr netip.Addr, in bool) bool {
		if o == nil {
			return !h.guarded
		}
		for _, g := range h.groups {
			for _, e := range g.Written {
				if e.Origins[0] == *o && e.Direction == d && e.Family == packet.family && fits(e.Rule, packet) && meant(e.Remote, far, addr, in) {
					return true
				}
			}
		}
		return false
	}
	for _, p := range a.Parts {
		if p.Family != packet.family || !at(p.From, from, packet.src, packet.srcIn) || !at(p.To, to, packet.dst, packet.dstIn) {
			continue
		}
		if slices.ContainsFunc(p.Matches, func(m rule.Match) bool { return fits(rule.Rule{Protocol: m.Protocol, Ports: m.Ports}, packet) }) {
			return by(p.Egress, from, to, rule.Egress, packet.dst, packet.dstIn) && by(p.Ingress, to, from, rule.Ingress, packet.src, packet.srcIn)
		}
	}
	return false
}

// someDelivered is what becomes of an example between the hosts that it names,
// at the address that it names.
func (w *world) someDelivered(froms, tos []*host, p Packet) Verdict {
	var t trial
	for _, from := range froms {
		for _, to := range tos {
			if from.name != p.From.End.Name || to.name != p.To.End.Name {
				continue
			}
			one := func(h *host, s Spot) *host {
				at := *h
				if s.Addr.IsValid() {
					at.addresses = []netip.Addr{s.Addr}
				}
				if s.AddressGroup != "" {
					at.in = func(g string) bool { return g == s.AddressGroup }
				}
				return &at
			}
			x := wire{family: p.Match.Family, protocol: p.Match.Protocol}
			if lo, _, ok := p.Match.Ports.Range(); ok {
				x.value = lo
			}
			if kind, ok := p.Match.Ports.Type(); ok {
				code, _ := p.Match.Ports.Code()
				x.value = uint16(kind)<<8 | uint16(code)
			}
			tried := &world{set: w.set, addresses: w.addresses, services: map[rule.Family][]wire{x.family: {x}}}
			got := tried.try(one(from, p.From), one(to, p.To), rule.Match{Family: x.family, Protocol: rule.AnyProtocol, Ports: rule.NoPorts()})
			t.passed += got.passed
			t.dropped += got.dropped
		}
	}
	return inWord(t.passed, t.dropped)
}

func show(set *rule.Set) string {
	text := fmt.Sprintf("families %v, networks %v\n", set.Families, set.Networks)
	for _, s := range set.Addresses {
		text += fmt.Sprintf("%s: %v\n", s.Name, s.Prefixes)
	}
	for _, s := range set.Servers {
		text += fmt.Sprintf("server %s: %v %v\n", s.Name, s.Tiers, s.Addresses)
	}
	for _, g := range set.Groups {
		text += fmt.Sprintf("tier %s stateful %v\n", g.Tier, g.Stateful)
		for _, e := range g.Written {
			text += fmt.Sprintf("  %s\n", e.Rule)
		}
	}
	return text
}
