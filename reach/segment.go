package reach

import (
	"slices"

	"sgc.dev/sgc/rule"
)

// Segment is neighbouring places of a family in which the same happens: all
// packets pass, or only some. Where there is no segment, none does.
type Segment struct {
	Family rule.Family
	rule.Span
	Whole   bool // every packet passes, whatever the addresses
	Perhaps bool // none passes but depending on addresses that the policy does not know
}

// segments says of every place whether packets pass. Between two ends of rules
// nothing changes, so it looks at one place of each such stretch.
func (c *crossing) segments() []Segment {
	f := c.asked.Family
	asked := c.asked.Span()
	starts := []uint32{asked.First}
	for _, p := range c.passes {
		for _, s := range []rule.Span{p.out.Span, p.in.Span} {
			starts = append(starts, s.First, s.Last+1)
		}
	}
	starts = slices.DeleteFunc(starts, func(x uint32) bool { return !asked.Contains(x) })
	slices.Sort(starts)
	starts = slices.Compact(starts)
	var list []Segment
	for i, x := range starts {
		if !slices.ContainsFunc(c.passes, func(p pass) bool { return p.out.Contains(x) && p.in.Contains(x) }) {
			continue
		}
		s := Segment{Family: f, Span: rule.Span{First: x, Last: asked.Last}}
		if i+1 < len(starts) {
			s.Last = starts[i+1] - 1
		}
		_, out := left(x, c.to.addresses[f], c.out)
		_, in := left(x, c.from.addresses[f], c.in)
		s.Whole = !out && !in
		s.Perhaps = (!s.Whole || c.from.perhapsElsewhere(f) || c.to.perhapsElsewhere(f)) && !slices.ContainsFunc(c.passes, func(p pass) bool { return p.out.Contains(x) && p.in.Contains(x) && !p.perhaps(c) })
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

// lineOf is the places of the segments of a family that are wanted.
func lineOf(segments []Segment, f rule.Family, want func(Segment) bool) rule.Line {
	var spans []rule.Span
	for _, s := range segments {
		if s.Family == f && want(s) {
			spans = append(spans, s.Span)
		}
	}
	return rule.NewLine(spans)
}
