package lint

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/compiler"
	"sgc.dev/sgc/internal/rounds"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// randomTier is a tier of a few rules from a universe so small that rules cover
// each other all the time.
func randomTier(r *rand.Rand) schema.Tier {
	prefixes := []string{"0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/9", "10.128.0.0/9", "10.0.0.0/10", "2001:db8::/32", "2001:db8::/33"}
	matches := []schema.Match{
		{Protocol: rule.AnyProtocol, Ports: rule.NoPorts(), Families: schema.Families{IPv4: true, IPv6: true}},
		{Protocol: rule.UDP, Ports: rule.AllPorts(), Families: schema.Families{IPv4: true, IPv6: true}},
		{Protocol: rule.ICMP, Ports: rule.ICMPType(3), Families: schema.Families{IPv4: true}},
		{Protocol: rule.ICMP, Ports: rule.ICMPTypeCode(3, 4), Families: schema.Families{IPv4: true}},
	}
	for lo := uint16(1); lo <= 3; lo++ {
		for hi := lo; hi <= 3; hi++ {
			matches = append(matches, schema.Match{Protocol: rule.TCP, Ports: rule.PortRange(lo, hi), Families: schema.Families{IPv4: true, IPv6: true}})
		}
	}
	t := schema.Tier{Name: "t", Group: "t", Stateful: true}
	line := 0
	pos := func() rule.Pos { line++; return rule.Pos{File: "p.cue", Line: line, Column: 1} }
	for i := range 1 + r.IntN(5) {
		q := schema.Rule{
			Key: fmt.Sprintf("r%d", i), Path: fmt.Sprintf("tiers.t.ingress.r%d", i), Pos: pos(), Direction: rule.Ingress,
			OwnPorts: true, Families: schema.Families{IPv4: true, IPv6: true},
			Expires: []string{"", "", "", "2030-01-01", "2031-01-01"}[r.IntN(5)],
		}
		for range 1 + r.IntN(2) {
			q.Service.Matches = append(q.Service.Matches, matches[r.IntN(len(matches))])
		}
		for range 1 + r.IntN(3) {
			peer := schema.Peer{Pos: pos()}
			switch n := r.IntN(10); {
			case n == 0:
				peer.Kind, peer.Text = rule.EndPublic, "public"
			case n == 1:
				peer.Kind, peer.Text, peer.Name = rule.EndTier, "t", "t"
			default:
				peer.Kind = rule.EndAddresses
				for range 1 + r.IntN(2) {
					p := netip.MustParsePrefix(prefixes[r.IntN(len(prefixes))])
					peer.Prefixes = append(peer.Prefixes, p)
					peer.Text += p.String() + " "
				}
			}
			q.Peers = append(q.Peers, peer)
		}
		t.Rules = append(t.Rules, q)
	}
	r.Shuffle(len(t.Rules), func(i, j int) { t.Rules[i], t.Rules[j] = t.Rules[j], t.Rules[i] })
	return t
}

// slowCovers says whether a covers b by the definition: remote, protocol and
// ports of b are inside those of a, and a is there as long as b. Of equal ones the
// one that stays covers, else the earlier.
func slowCovers(a, b rule.Entry) bool {
	x, y := a.Origins[0], b.Origins[0]
	if a.Direction != b.Direction || a.Family != b.Family || x.Expires != "" && x.Expires != y.Expires {
		return false
	}
	remote := a.Remote == b.Remote || a.Remote == rule.Anyone() ||
		a.Remote.Kind() == rule.RemotePrefix && b.Remote.Kind() == rule.RemotePrefix &&
			a.Remote.Prefix().Bits() <= b.Remote.Prefix().Bits() && a.Remote.Prefix().Contains(b.Remote.Prefix().Addr())
	protocol := a.Protocol == b.Protocol || a.Protocol == rule.AnyProtocol
	if !remote || !protocol || !a.Span().Covers(b.Span()) {
		return false
	}
	return a.Rule != b.Rule || x.Expires != y.Expires || compareOrigins(x, y) < 0
}

// TestCoveredSlowly compares what is found with the definition, and holds that
// everything found can go at once: what remains covers it.
func TestCoveredSlowly(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	rules, peers := 0, 0
	n := rounds.Of(500)
	for range n {
		p := &schema.Policy{Name: "p", Tiers: []schema.Tier{randomTier(r)}}
		s, err := compiler.Compile(p, compiler.Options{Minimize: access.Off})
		if err != nil {
			t.Fatal(err)
		}
		written := s.Groups[0].Written
		// covered says whether others cover each entry that belongs to something.
		covered := func(belongs, other func(rule.Origin) bool) bool {
			for _, e := range written {
				if belongs(e.Origins[0]) && !slices.ContainsFunc(written, func(a rule.Entry) bool { return other(a.Origins[0]) && slowCovers(a, e) }) {
					return false
				}
			}
			return true
		}
		var want []string
		gone := map[rule.Pos]bool{}
		for _, q := range p.Tiers[0].Rules {
			own := func(o rule.Origin) bool { return o.Path == q.Path }
			if !slices.ContainsFunc(written, func(e rule.Entry) bool { return own(e.Origins[0]) }) {
				continue
			}
			if covered(own, func(o rule.Origin) bool { return o.Path != q.Path }) {
				rules++
				want = append(want, q.Pos.String())
				for _, peer := range q.Peers {
					gone[peer.Pos] = true
				}
				continue
			}
			for _, peer := range q.Peers {
				own := func(o rule.Origin) bool { return o.PeerPos == peer.Pos }
				if slices.ContainsFunc(written, func(e rule.Entry) bool { return own(e.Origins[0]) }) &&
					covered(own, func(o rule.Origin) bool { return o.PeerPos != peer.Pos }) {
					peers++
					want = append(want, peer.Pos.String())
					gone[peer.Pos] = true
				}
			}
		}
		var got []string
		for _, f := range coveredRules(newView(p, s, Options{})) {
			got = append(got, f.Pos.String())
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("found %v, not %v, in\n%s", got, want, lines(written))
		}
		for _, e := range written {
			if gone[e.Origins[0].PeerPos] && !slices.ContainsFunc(written, func(a rule.Entry) bool { return !gone[a.Origins[0].PeerPos] && slowCovers(a, e) }) {
				t.Fatalf("%s goes with what covers it, in\n%s", e.Rule, lines(written))
			}
		}
	}
	if min(rules, peers) < n/5 {
		t.Errorf("only %d rules and %d peers were covered", rules, peers)
	}
}

func lines(entries []rule.Entry) string {
	var b strings.Builder
	for _, e := range entries {
		o := e.Origins[0]
		fmt.Fprintf(&b, "%s %s at %s until %q: %s\n", o.Path, o.Peer, o.PeerPos, o.Expires, e.Rule)
	}
	return b.String()
}
