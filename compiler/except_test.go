package compiler

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"go4.org/netipx"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/internal/rounds"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// TestExceptSlowly compares tiers whose rules except somebody with asking of each
// address of a tiny universe whether one of the rules names it and does not except it.
func TestExceptSlowly(t *testing.T) {
	r := rand.New(rand.NewPCG(19, 4))
	var universe []netip.Addr
	var wide, narrow []string
	for _, base := range []string{"198.51.100.8/29", "2001:db8::8/125"} {
		p := netip.MustParsePrefix(base)
		for a := p.Addr(); p.Contains(a); a = a.Next() {
			universe = append(universe, a)
			for bits := p.Bits(); bits <= a.BitLen(); bits++ {
				n := netip.PrefixFrom(a, bits).Masked().String()
				if bits < p.Bits()+2 && !slices.Contains(wide, n) {
					wide = append(wide, n)
				}
				if bits > p.Bits() && !slices.Contains(narrow, n) {
					narrow = append(narrow, n)
				}
			}
		}
	}
	for _, outside := range []string{"198.51.100.7", "198.51.100.16", "0.0.0.0", "255.255.255.255", "2001:db8::7", "2001:db8::10", "::", "ffff::"} {
		universe = append(universe, netip.MustParseAddr(outside))
	}
	some := func(networks []string, most int, more ...string) []string {
		var list []string
		for range 1 + r.IntN(most) {
			list = append(list, append(more, networks[r.IntN(len(networks))])[r.IntN(1+len(more))])
		}
		return list
	}
	var set []string
	contains := func(list []string, a netip.Addr) bool {
		return slices.ContainsFunc(list, func(text string) bool {
			switch text {
			case "public":
				return true
			case "set":
				return slices.ContainsFunc(set, func(n string) bool { return netip.MustParsePrefix(n).Contains(a) })
			}
			return netip.MustParsePrefix(text).Contains(a)
		})
	}
	ports := []uint16{21, 22, 24}
	good, excepted := 0, 0
	n := rounds.Of(25)
	for range n {
		type spec struct {
			from, except []string
			port         int
		}
		var rules []spec
		set = some(narrow, 3)
		text := fmt.Sprintf("addresses: set: %s\n", list(set))
		for i := range 1 + r.IntN(3) {
			s := spec{some(wide, 3, "public", "set"), some(narrow, 3, "set"), 21 + r.IntN(3)}
			rules = append(rules, s)
			text += fmt.Sprintf("tiers: t: ingress: r%d: {tcp: [%d], from: %s, except: %s}\n", i, s.port, list(s.from), list(s.except))
		}
		p, err := loaded(t, text)
		if err != nil {
			for _, words := range strings.Split(err.Error(), "\n") {
				if !strings.Contains(words, "excludes nothing") && !strings.Contains(words, "excludes all of") {
					t.Fatal(words)
				}
			}
			continue
		}
		good++
		for _, level := range []access.Level{access.Off, access.Safe, access.Full} {
			compiled, err := Compile(p, Options{Minimize: level})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range compiled.Groups[0].Rules {
				if err := e.Check(); err != nil {
					t.Fatal(err)
				}
			}
			for _, a := range universe {
				for _, port := range ports {
					want := slices.ContainsFunc(rules, func(s spec) bool {
						return s.port == int(port) && contains(s.from, a) && !contains(s.except, a)
					})
					got := slices.ContainsFunc(compiled.Groups[0].Rules, func(e rule.Entry) bool { return lets(e.Rule, a, port) })
					if got != want {
						t.Fatalf("%s\nminimised %v: %s to %d is let in: %v", text, level, a, port, got)
					}
					if !want && slices.ContainsFunc(rules, func(s spec) bool { return s.port == int(port) && contains(s.from, a) }) {
						excepted++
					}
				}
			}
		}
	}
	if good < n/5 || excepted < 2*n {
		t.Errorf("%d policies are good, and %d packets excepted: that is too little", good, excepted)
	}
}

// lets says whether a rule lets a packet in.
func lets(r rule.Rule, a netip.Addr, port uint16) bool {
	first, last, _ := r.Ports.Range()
	return r.Family.Bits() == a.BitLen() && first <= port && port <= last &&
		(r.Remote == rule.Anyone() || r.Remote.Prefix().Contains(a))
}

func list(words []string) string { return `["` + strings.Join(words, `", "`) + `"]` }

// TestExceptFewest has of everyone but a few the fewest networks, as another hand finds them.
func TestExceptFewest(t *testing.T) {
	for _, except := range [][]string{
		{"198.51.100.7"},
		{"2001:db8::7"},
		{"198.51.100.7", "2001:db8::7"},
		{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"},
		{"255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"0.0.0.0/32", "0.0.0.1", "0.0.0.2/31", "::1/128"},
		{"128.0.0.0/1", "8000::/1", "128.0.0.0/8"},
	} {
		set, err := Compile(load(t, fmt.Sprintf(`tiers: t: ingress: ssh: {from: ["public"], except: %s}`, list(except))), Options{Minimize: access.Off})
		if err != nil {
			t.Fatal(err)
		}
		var b netipx.IPSetBuilder
		b.AddPrefix(netip.MustParsePrefix("0.0.0.0/0"))
		b.AddPrefix(netip.MustParsePrefix("::/0"))
		for _, text := range except {
			if a, err := netip.ParseAddr(text); err == nil {
				b.Remove(a)
				continue
			}
			b.RemovePrefix(netip.MustParsePrefix(text))
		}
		left, err := b.IPSet()
		if err != nil {
			t.Fatal(err)
		}
		var want, got []string
		for _, p := range left.Prefixes() {
			want = append(want, rule.Prefix(p).String())
		}
		for _, e := range set.Groups[0].Rules {
			got = append(got, e.Remote.String())
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("everyone but %v is\n%v\nnot\n%v", except, got, want)
		}
	}
}

// TestExceptSize says what it costs where that is too much.
func TestExceptSize(t *testing.T) {
	p := load(t, `tiers: t: ingress: x: {tcp: [22, 80], from: ["public"], except: ["198.51.100.7", "2001:db8::7"]}`)
	if _, err := Compile(p, Options{MaxRules: 320, Minimize: access.Off}); err != nil {
		t.Error(err)
	}
	_, err := Compile(p, Options{MaxRules: 319, Minimize: access.Off})
	var faults schema.Errors
	want := "policy.cue:2:20: tiers.t.ingress.x: the policy expands to more than 319 rules here; to leave one address out of everyone takes 32 networks in IPv4 and 128 in IPv6; name wider networks or port ranges, or raise --max-rules"
	if !errors.As(err, &faults) || err.Error() != want {
		t.Errorf("%v, not %s", err, want)
	}
}
