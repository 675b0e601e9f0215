package diff

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/internal/rounds"
	"sgc.dev/sgc/rule"
)

// slowBehind asks about every entry.
func slowBehind(o access.Opening, entries []rule.Entry) []rule.Origin {
	var origins []rule.Origin
	for _, e := range entries {
		if access.Overlaps(o.Rule, e.Rule) && !excepted(o, e.Rule) {
			origins = append(origins, e.Origins...)
		}
	}
	slices.SortFunc(origins, func(a, b rule.Origin) int { return rule.ComparePos(a.Pos, b.Pos) })
	return origins
}

func TestBehind(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	remotes := []rule.Remote{
		rule.Anyone(), network("10.0.0.0/8"), network("10.128.0.0/9"), network("10.128.7.0/24"), network("10.128.7.9/32"),
		network("192.0.2.0/24"), rule.Tier("web"), rule.Tier("db"), rule.ForeignGroup("web"),
	}
	draw := func() rule.Rule {
		r := rule.Rule{Direction: rule.Ingress, Family: rule.IPv4, Protocol: rule.TCP, Remote: remotes[rng.IntN(len(remotes))]}
		if rng.IntN(4) == 0 {
			r.Direction = rule.Egress
		}
		lo := uint16(1 + rng.IntN(40))
		r.Ports = rule.PortRange(lo, lo+uint16(rng.IntN(12)))
		switch rng.IntN(8) {
		case 0:
			r.Protocol, r.Ports = rule.AnyProtocol, rule.NoPorts()
		case 1:
			r.Protocol, r.Ports = rule.ICMP, rule.ICMPTypeCode(uint8(rng.IntN(3)), uint8(rng.IntN(2)))
		case 2:
			r.Protocol, r.Ports = rule.ICMP, rule.ICMPType(uint8(rng.IntN(3)))
		case 3:
			r.Protocol = rule.UDP
		case 4:
			r.Ports = rule.AllPorts()
		}
		return r
	}
	behind := 0
	n := rounds.Of(20)
	for range n {
		var entries []rule.Entry
		for line := range 60 {
			entries = append(entries, rule.Entry{Rule: draw(), Origins: []rule.Origin{{Pos: rule.Pos{File: "p.cue", Line: line + 1}}}})
		}
		x := newIndex(entries)
		for range 20 {
			o := access.Opening{Rule: draw(), Except: []rule.Rule{draw()}}
			got, want := x.behind(o), slowBehind(o, entries)
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("behind %v:\n%v\nwant\n%v", o, got, want)
			}
			behind += len(got)
		}
	}
	if behind < 5*n {
		t.Errorf("%d origins found: the universe is too thin", behind)
	}
}
