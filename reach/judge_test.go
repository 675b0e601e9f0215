package reach

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/internal/rounds"
	"sgc.dev/sgc/rule"
)

// TestJudgeLikePackets compares what is said of random assertions with what
// becomes of every single packet, and puts every counterexample to the oracle.
func TestJudgeLikePackets(t *testing.T) {
	n := rounds.Of(1200)
	type outcome struct {
		kind  rule.AssertionKind
		holds bool
	}
	seen := map[outcome]int{}
	alone, resting := 0, 0
	for seed := range n {
		r := rand.New(rand.NewPCG(uint64(seed), 5))
		whole := randomSet(r)
		set, v := whole, New(whole)
		a := rule.Assertion{Title: "so it is", Kind: rule.Never + rule.AssertionKind(r.IntN(3)), Service: randomService(r)}
		networks := []netip.Prefix{}
		for range 1 + r.IntN(2) {
			a.From = append(a.From, randomEnd(r, v))
			a.To = append(a.To, randomEnd(r, v))
		}
		for _, e := range slices.Concat(a.From, a.To) {
			networks = append(networks, e.Prefix)
		}
		if r.IntN(2) == 0 {
			set = leaving(r, whole)
		}
		set.Assertions = []rule.Assertion{a}
		counts := whole // what others may open, too
		if a.Kind == rule.Always {
			counts = set
		}
		w := newWorld(counts, a.Service.Matches, networks...)
		failures := Judge(set)
		want, about := w.holds(a)
		silent := *counts
		silent.Networks = nil
		elsewhere, still := newWorld(&silent, a.Service.Matches, networks...).holds(a)
		if rests := len(RestOnNetworks(set)) > 0; rests != ((want && about) != (elsewhere && still)) {
			t.Fatalf("seed %d: %+v rests on networks: %v, and it holds with them: %v, without: %v\n%s", seed, a, rests, want && about, elsewhere && still, show(set))
		} else if rests {
			resting++
		}
		switch {
		case !about:
			if len(failures) != 1 || failures[0].Packet != nil || !strings.HasPrefix(failures[0].Reason, "is about nothing") {
				t.Fatalf("seed %d: %+v: %+v, and it is about nothing\n%s", seed, a, failures, show(set))
			}
			continue
		case want != (failures == nil):
			t.Fatalf("seed %d: %+v: failures %+v, packets say that it holds: %v\n%s", seed, a, failures, want, show(set))
		}
		seen[outcome{a.Kind, want}]++
		if failures == nil {
			continue
		}
		p := *failures[0].Packet
		froms, tos := w.all(a.From), w.all(a.To)
		if a.Kind == rule.Only {
			froms = w.others(a.From)
		}
		passes := w.someDelivered(froms, tos, p)
		if (passes == Yes) != (a.Kind != rule.Always) {
			t.Fatalf("seed %d: %+v: counterexample %s (%+v): passes: %v\n%s", seed, a, p, p, passes, show(set))
		}
		inIPv4 := a
		inIPv4.Service.Matches = slices.DeleteFunc(slices.Clone(a.Service.Matches), func(m rule.Match) bool { return m.Family != rule.IPv4 })
		holds, about := w.holds(inIPv4)
		if said := strings.HasSuffix(failures[0].Reason, `; it fails in IPv6 alone: if IPv4 is all you mean, write families: ["ipv4"]`); said != (holds && about) {
			t.Fatalf("seed %d: %+v: %s, and in IPv4 it holds: %v\n%s", seed, a, failures[0].Reason, holds && about, show(set))
		}
		if holds && about {
			alone++
		}
	}
	if resting < n/200 {
		t.Errorf("only %d assertions of %d rest on networks: the test tries too little", resting, n)
	}
	if alone < n/200 {
		t.Errorf("only %d assertions of %d fail in IPv6 alone: the test tries too little", alone, n)
	}
	t.Logf("%v", seen)
	for kind := rule.Never; kind <= rule.Only; kind++ {
		for _, holds := range []bool{true, false} {
			if seen[outcome{kind, holds}] < n/200 {
				t.Errorf("only %d assertions %q of %d where it holds is %v: the test tries too little", seen[outcome{kind, holds}], kind, n, holds)
			}
		}
	}
}

// leaving is the set with some of what it opens as what others may open.
func leaving(r *rand.Rand, whole *rule.Set) *rule.Set {
	set := *whole
	set.Groups = slices.Clone(whole.Groups)
	for i := range set.Groups {
		g := &set.Groups[i]
		written := g.Written
		g.Written = nil
		for _, e := range written {
			if r.IntN(3) == 0 {
				g.Others = append(g.Others, e)
			} else {
				g.Written = append(g.Written, e)
			}
		}
		g.Rules = access.Minimise(g.Written, access.Full)
	}
	return &set
}

func (w *world) all(ends []rule.End) []*host {
	var hosts []*host
	for _, e := range ends {
		hosts = append(hosts, w.hosts(e)...)
	}
	return hosts
}

// others is everyone else, the long way round.
func (w *world) others(ends []rule.End) []*host {
	var taken []netip.Addr
	var groups, names []string
	for _, e := range ends {
		if e.Kind == rule.EndAddressGroup {
			groups = append(groups, e.Name)
		}
		for _, h := range w.hosts(e) {
			if !h.share {
				names = append(names, h.name)
			}
			if h.sure != nil {
				taken = append(taken, h.sure...)
			}
		}
	}
	everyone := []rule.End{{Kind: rule.EndGroup, Name: "theirs"}, {Kind: rule.EndAddressGroup, Name: "office"}}
	people := w.outsidersIn(rule.End{Kind: rule.EndPublic, Name: "public"})
	for _, s := range w.set.Addresses {
		people = append(people, w.outsidersIn(rule.End{Kind: rule.EndAddresses, Name: s.Name})...)
	}
	carried := map[string]bool{}
	for i := range w.set.Servers {
		everyone = append(everyone, rule.End{Kind: rule.EndServer, Name: w.set.Servers[i].Name})
		for _, tier := range w.machine(&w.set.Servers[i]).tiers {
			carried[tier] = true
		}
	}
	for _, g := range w.set.Groups {
		if !carried[g.Tier] {
			everyone = append(everyone, rule.End{Kind: rule.EndTier, Name: g.Tier})
		}
	}
	var rest []*host
	for _, h := range append(people, w.all(everyone)...) {
		if slices.Contains(names, h.name) {
			continue
		}
		other := *h
		other.addresses = slices.DeleteFunc(slices.Clone(h.addresses), func(a netip.Addr) bool { return slices.Contains(taken, a) })
		other.notIn = groups
		rest = append(rest, &other)
	}
	return rest
}

// holds says whether no packet, or every packet, passes; about is false where
// one of the ends is in no packet that could be judged.
func (w *world) holds(a rule.Assertion) (holds, about bool) {
	froms := [][]*host{}
	for _, e := range a.From {
		froms = append(froms, w.hosts(e))
	}
	if a.Kind == rule.Only {
		froms = [][]*host{w.others(a.From)}
	}
	holds = true
	for _, from := range froms {
		for _, e := range a.To {
			v, _ := w.verdict(from, w.hosts(e), a.Service.Matches)
			if v == 0 {
				return false, false
			}
			holds = holds && (a.Kind == rule.Always && v == Yes || a.Kind != rule.Always && v == No)
		}
	}
	return holds, true
}
