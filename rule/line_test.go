package rule

import (
	"math/rand/v2"
	"slices"
	"testing"

	"sgc.dev/sgc/internal/rounds"
)

// TestSpan compares the place of each rule with what the rule says of packets, and
// holds that the way back finds the rule.
func TestSpan(t *testing.T) {
	var all []Match
	for _, p := range []Protocol{AnyProtocol, 50, 51, ICMP, TCP, UDP, ICMPv6, 255} {
		all = append(all, Match{IPv6, p, p.WholeProtocol()})
		for _, n := range []uint16{1, 2, 254, 255} {
			switch {
			case p.HasPorts():
				all = append(all, Match{IPv6, p, PortRange(n, n)}, Match{IPv6, p, PortRange(n, n+256)}, Match{IPv6, p, PortRange(n, 65534)}, Match{IPv6, p, PortRange(n+1, 65535)})
			case p.IsICMP():
				all = append(all, Match{IPv6, p, ICMPType(uint8(n - 1))}, Match{IPv6, p, ICMPTypeCode(uint8(n-1), 0)}, Match{IPv6, p, ICMPTypeCode(uint8(n), 255)})
			}
		}
	}
	has := func(m, one Match) bool { // one is a port, a type with a code, or a protocol without either
		lo, hi, ranged := m.Ports.Range()
		port, _, _ := one.Ports.Range()
		kind, typed := m.Ports.Type()
		code, coded := m.Ports.Code()
		k, _ := one.Ports.Type()
		c, _ := one.Ports.Code()
		return m.Protocol == AnyProtocol || m.Protocol == one.Protocol &&
			(!ranged || lo <= port && port <= hi) && (!typed || kind == k) && (!coded || code == c)
	}
	for _, m := range all {
		s := m.Span()
		if back := s.Match(IPv6); back != m || !s.IsRule() || s.Protocol() != m.Protocol {
			t.Errorf("%s at %d comes back as %s, of protocol %s", m, s, back, s.Protocol())
		}
		for _, o := range all {
			for _, x := range []uint32{o.Span().First, o.Span().Last} {
				if Gap(x) { // the end of the line
					if o.Protocol != AnyProtocol {
						t.Errorf("%s has a place in a gap: %d", o, x)
					}
					continue
				}
				if one := At(IPv6, x); s.Contains(x) != has(m, one) && one.Protocol != 0 {
					t.Errorf("%s at %d and %s at %d: %v", m, s, one, x, s.Contains(x))
				}
			}
			if meets := s.Overlaps(o.Span()); meets && !s.Meet(o.Span()).IsRule() {
				t.Errorf("%s and %s have in common what is no rule", m, o)
			}
		}
	}
}

// TestBlocks cuts spans of ICMP's places, place by place.
func TestBlocks(t *testing.T) {
	base := Match{IPv4, ICMP, AllPorts()}.Span()
	for _, s := range []Span{base, {base.First, base.First + 700}, {base.First + 1, base.First + 256}, {base.First + 1, base.First + 511}, {base.First + 255, base.First + 256}, {base.First + 256, base.Last}} {
		blocks, ok := s.Blocks()
		x := s.First
		for i, b := range blocks {
			if b.First != x || !b.IsRule() || i > 0 && (Span{blocks[i-1].First, b.Last}).IsRule() {
				t.Errorf("%d: the block %d is wrong", s, b)
			}
			x = b.Last + 1
		}
		if !ok || x != s.Last+1 {
			t.Errorf("%d is cut into %d", s, blocks)
		}
	}
	for _, s := range []Span{{0, 5}, {base.First, base.Last + 1}, {base.Last + 1, base.Last + 9}, {base.First, base.First + 3<<protocolShift}} {
		if blocks, ok := s.Blocks(); ok {
			t.Errorf("%d is made of rules: %d", s, blocks)
		}
	}
}

// TestLine compares what is done with lines with the same place by place.
func TestLine(t *testing.T) {
	type places [24]bool
	random := rand.New(rand.NewPCG(7, 11))
	newSpan := func() Span {
		first := random.Uint32N(uint32(len(places{})))
		return Span{first, min(first+random.Uint32N(6), uint32(len(places{})-1))}
	}
	draw := func() (l Line, all places) {
		var spans []Span
		for range random.IntN(5) {
			s := newSpan()
			spans = append(spans, s)
			for x := s.First; x <= s.Last; x++ {
				all[x] = true
			}
		}
		return NewLine(spans), all
	}
	lineOf := func(has func(int) bool) (l Line) {
		for x := range len(places{}) {
			if has(x) {
				l = l.Join(Span{uint32(x), uint32(x)})
			}
		}
		return l
	}
	for range rounds.Of(2000) {
		a, inA := draw()
		b, inB := draw()
		for what, both := range map[string][2]Line{
			"":          {a, lineOf(func(x int) bool { return inA[x] })},
			"union":     {Union(a, b), lineOf(func(x int) bool { return inA[x] || inB[x] })},
			"intersect": {Intersect(a, b), lineOf(func(x int) bool { return inA[x] && inB[x] })},
			"subtract":  {Subtract(a, b), lineOf(func(x int) bool { return inA[x] && !inB[x] })},
		} {
			if !slices.Equal(both[0], both[1]) {
				t.Fatalf("%d and %d: %s is %d, not %d", a, b, what, both[0], both[1])
			}
		}
		s := newSpan()
		overlaps, covers := false, true
		for x := s.First; x <= s.Last; x++ {
			overlaps, covers = overlaps || inA[x], covers && inA[x]
			if _, ok := a.At(x); ok != inA[x] {
				t.Fatalf("%d has %d: %v", a, x, ok)
			}
		}
		if a.Overlaps(s) != overlaps || a.Covers(s) != covers {
			t.Fatalf("%d overlaps with %d: %v, and covers it: %v", a, s, a.Overlaps(s), a.Covers(s))
		}
	}
}
