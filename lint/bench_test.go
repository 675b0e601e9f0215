package lint

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/compiler"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// BenchmarkCheck takes the shapes that a quadratic lint would be slow on, at two
// sizes: ten times the rules should cost about ten times as much.
func BenchmarkCheck(b *testing.B) {
	shapes := []struct {
		name string
		make func(rules int) *schema.Policy
	}{{"tiers", manyTiers}, {"peers", manyPeers}, {"ports", manyPorts}, {"hub", hub}}
	for _, shape := range shapes {
		for _, rules := range []int{6_000, 60_000} {
			b.Run(fmt.Sprintf("%s/%d", shape.name, rules), func(b *testing.B) {
				p := shape.make(rules)
				s, err := compiler.Compile(p, compiler.Options{AsOf: today, Minimize: access.Off})
				if err != nil {
					b.Fatal(err)
				}
				b.ReportAllocs()
				for b.Loop() {
					Check(p, s, Options{AsOf: today, ExpireBy: soon})
				}
			})
		}
	}
}

func benchRule(tier, key string, line int, d rule.Direction, lo, hi uint16, peers ...schema.Peer) schema.Rule {
	both := schema.Families{IPv4: true, IPv6: true}
	return schema.Rule{
		Key: key, Path: strings.Join([]string{"tiers", tier, d.String(), key}, "."), Pos: rule.Pos{File: "p.cue", Line: line, Column: 2}, Direction: d,
		Service:  schema.Service{Name: key, Matches: []schema.Match{{Protocol: rule.TCP, Ports: rule.PortRange(lo, hi), Families: both}}},
		OwnPorts: true, Families: both, Peers: peers,
	}
}

func prefixPeer(r *rand.Rand, line int) schema.Peer {
	a := netip.AddrFrom4([4]byte{10, byte(r.IntN(256)), byte(r.IntN(256)), byte(r.IntN(256))})
	p, _ := a.Prefix(12 + r.IntN(21))
	return schema.Peer{Kind: rule.EndPrefix, Text: p.String(), Prefixes: []netip.Prefix{p}, Pos: rule.Pos{File: "p.cue", Line: line, Column: 9}}
}

func tierPeer(name string, line int) schema.Peer {
	return schema.Peer{Kind: rule.EndTier, Text: name, Name: name, Pos: rule.Pos{File: "p.cue", Line: line, Column: 9}}
}

// manyTiers is tiers of six rules, the policies that people write.
func manyTiers(rules int) *schema.Policy {
	r := rand.New(rand.NewPCG(1, 2))
	p := &schema.Policy{Name: "p"}
	for i := range rules / 6 {
		t := schema.Tier{Name: fmt.Sprintf("t%06d", i), Stateful: true}
		for j := range 5 {
			line := 10*i + j
			t.Rules = append(t.Rules, benchRule(t.Name, fmt.Sprintf("r%d", j), line, rule.Ingress, uint16(8000+j), uint16(8000+j), prefixPeer(r, line), tierPeer(t.Name, line)))
		}
		t.Rules = append(t.Rules, benchRule(t.Name, "out", 10*i+5, rule.Egress, 8000, 8004, schema.Peer{Kind: rule.EndPublic, Text: "public"}))
		p.Tiers = append(p.Tiers, t)
		p.Servers = append(p.Servers, schema.Server{Name: t.Name, Tiers: []string{t.Name}})
	}
	return p
}

// manyPeers is one rule with a peer for each network, nested and equal ones among them.
func manyPeers(rules int) *schema.Policy {
	r := rand.New(rand.NewPCG(3, 4))
	var peers []schema.Peer
	for i := range rules {
		peers = append(peers, prefixPeer(r, i))
	}
	return &schema.Policy{Name: "p", Tiers: []schema.Tier{{Name: "t", Stateful: true, Rules: []schema.Rule{benchRule("t", "r", 1, rule.Ingress, 8000, 8080, peers...)}}}}
}

// manyPorts is a rule for each of many overlapping ranges of ports from one peer.
func manyPorts(rules int) *schema.Policy {
	r := rand.New(rand.NewPCG(5, 6))
	t := schema.Tier{Name: "t", Stateful: true}
	for i := range rules {
		lo := uint16(1 + r.IntN(60000))
		t.Rules = append(t.Rules, benchRule("t", fmt.Sprintf("r%06d", i), i, rule.Ingress, lo, lo+uint16(r.IntN(9)), tierPeer("t", i)))
	}
	return &schema.Policy{Name: "p", Tiers: []schema.Tier{t}}
}

// hub is one tier that every server carries and that every other tier names in
// both directions.
func hub(rules int) *schema.Policy {
	p := &schema.Policy{Name: "p"}
	base := schema.Tier{Name: "base", Stateful: true}
	for i := range rules / 4 {
		name := fmt.Sprintf("t%06d", i)
		port := uint16(1 + i)
		p.Tiers = append(p.Tiers, schema.Tier{Name: name, Stateful: true, Rules: []schema.Rule{
			benchRule(name, "in", 4*i, rule.Ingress, port, port, tierPeer("base", 4*i)),
			benchRule(name, "out", 4*i+1, rule.Egress, port, port, tierPeer("base", 4*i+1)),
		}})
		p.Servers = append(p.Servers, schema.Server{Name: name, Tiers: []string{name, "base"}})
		base.Rules = append(base.Rules,
			benchRule("base", "in"+name, 4*i+2, rule.Ingress, port, port+1, tierPeer(name, 4*i+2)),
			benchRule("base", "out"+name, 4*i+3, rule.Egress, port, port+1, tierPeer(name, 4*i+3)))
	}
	p.Tiers = append(p.Tiers, base)
	return p
}
