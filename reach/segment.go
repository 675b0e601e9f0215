package reach

import (
	"cmp"
	"slices"

	"sgc.dev/sgc/rule"
)

// Segment is neighbouring places of a family in which the same happens: all
// packets pass, or only some. Where there is no segment, none does.
//
// Places put all packets of a family in a row: port p of a protocol stands at
// protocol<<17 | p, an ICMP type with its code at protocol<<17 | type<<8 | code, and
// a protocol without either has the places that ports would take.
type Segment struct {
	Family      rule.Family
	First, Last uint32
	Whole       bool // every packet passes, whatever the addresses
	Perhaps     bool // none passes but depending on addresses that the policy does not know
}

// Places is the first and the last place of a match.
func Places(m rule.Match) (first, last uint32) {
	s := spanOf(m.Protocol, m.Ports)
	return s.lo, s.hi
}

// segments says of every place whether packets pass. Between two ends of rules
// nothing changes, so it looks at one place of each such stretch.
func (c *crossing) segments() []Segment {
	f := c.asked.Family
	asked := spanOf(c.asked.Protocol, c.asked.Ports)
	starts := []uint32{asked.lo}
	for _, p := range c.passes {
		for _, s := range []span{p.out.span, p.in.span} {
			starts = append(starts, s.lo, s.hi+1)
		}
	}
	starts = slices.DeleteFunc(starts, func(x uint32) bool { return !asked.contains(x) })
	slices.Sort(starts)
	starts = slices.Compact(starts)
	var list []Segment
	for i, x := range starts {
		if !slices.ContainsFunc(c.passes, func(p pass) bool { return p.out.contains(x) && p.in.contains(x) }) {
			continue
		}
		s := Segment{Family: f, First: x, Last: asked.hi}
		if i+1 < len(starts) {
			s.Last = starts[i+1] - 1
		}
		_, out := left(x, c.to.addresses[f], c.out)
		_, in := left(x, c.from.addresses[f], c.in)
		s.Whole = !out && !in
		s.Perhaps = (!s.Whole || c.from.perhapsElsewhere(f) || c.to.perhapsElsewhere(f)) && !slices.ContainsFunc(c.passes, func(p pass) bool { return p.out.contains(x) && p.in.contains(x) && !p.perhaps(c) })
		if n := len(list); n > 0 && list[n-1].Last+1 == s.First && list[n-1].Whole == s.Whole && list[n-1].Perhaps == s.Perhaps {
			list[n-1].Last = s.Last
		} else {
			list = append(list, s)
		}
	}
	return list
}

// joined puts neighbours together that are equally whole, for who asks about no more.
func joined(list []Segment) []Segment {
	var out []Segment
	for _, s := range list {
		if n := len(out); n > 0 && out[n-1].Family == s.Family && out[n-1].Last+1 == s.First && out[n-1].Whole == s.Whole {
			out[n-1].Last, out[n-1].Perhaps = s.Last, out[n-1].Perhaps && s.Perhaps
		} else {
			out = append(out, s)
		}
	}
	return out
}

// perhaps says whether nothing passes but depending on addresses that the policy does
// not know.
func (c *crossing) perhaps() bool {
	return !c.itself && !slices.ContainsFunc(c.passes, func(p pass) bool { return !p.perhaps(c) }) &&
		!slices.ContainsFunc(c.segments(), func(s Segment) bool { return !s.Perhaps })
}

// perhaps says whether the pass depends on an address that the policy does not know,
// and not on who is in an address group.
func (p pass) perhaps(c *crossing) bool {
	f := c.asked.Family
	return p.in.group == "" && p.out.group == "" && (c.from.perhaps(f, p.in) || c.to.perhaps(f, p.out))
}

// line is places: sorted spans that neither overlap nor touch.
type line []span

// lineOf is the places of the segments of a family that are wanted.
func lineOf(segments []Segment, f rule.Family, want func(Segment) bool) line {
	var spans []span
	for _, s := range segments {
		if s.Family == f && want(s) {
			spans = append(spans, span{s.First, s.Last})
		}
	}
	return newLine(spans)
}

// newLine sorts spans in place.
func newLine(spans []span) line {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.lo, b.lo) })
	l := line(spans[:0])
	for _, s := range spans {
		if n := len(l); n > 0 && s.lo <= l[n-1].hi+1 {
			l[n-1].hi = max(l[n-1].hi, s.hi)
		} else {
			l = append(l, s)
		}
	}
	return l
}

// covers says whether all of the spans is in the line.
func (l line) covers(spans ...span) bool {
	return !slices.ContainsFunc(spans, func(s span) bool {
		i, _ := slices.BinarySearchFunc(l, s.lo, func(have span, x uint32) int { return cmp.Compare(have.hi, x) })
		return i == len(l) || !l[i].covers(s)
	})
}
