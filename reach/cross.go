package reach

import (
	"net/netip"
	"slices"

	"go4.org/netipx"

	"sgc.dev/sgc/rule"
)

// crossing is a match asked of two members. What both ends allow is a product:
// the addresses of the source by the rules of the destination, and the other way
// round. So all of it passes when it does at each end.
type crossing struct {
	from, to *member
	asked    rule.Match
	itself   bool   // it passes by itself, whatever the rules say
	out      []hold // the source's egress that is about the destination and the match
	in       []hold // the destination's ingress that is about the source and the match
	passes   []pass
}

// pass is packets that one rule at each end lets through. At an end without
// rules of the policy stands free.
type pass struct {
	match   rule.Match
	out, in *hold
}

// free stands for the rules of an end that has none here: it lets all through.
var free = hold{all: true, Span: rule.WholeLine}

// anyTCP has the packets that stand for others in examples, where these may be any.
var anyTCP = rule.Match{Protocol: rule.TCP, Ports: rule.AllPorts()}

// cross asks a match of two members that both have addresses in its family.
func cross(from, to *member, q rule.Match) crossing {
	c := crossing{from: from, to: to, asked: q, out: []hold{free}, in: []hold{free}}
	if c.itself = ByItself(q, from.guarded, to.guarded); c.itself {
		return c
	}
	if from.guarded {
		c.out = from.holds(rule.Egress, to, q)
	}
	if to.guarded && len(c.out) > 0 {
		c.in = to.holds(rule.Ingress, from, q)
	}
	asked := q.Span()
	for i := range c.out {
		for j := range c.in {
			if out, in := &c.out[i], &c.in[j]; out.Overlaps(in.Span) {
				c.passes = append(c.passes, pass{asked.Meet(out.Span).Meet(in.Span).Match(q.Family), out, in})
			}
		}
	}
	return c
}

// none says whether no packet passes, as far as the policy can know.
func (c *crossing) none() bool { return !c.itself && len(c.passes) == 0 }

// lack is a packet that does not pass, and the side that blocks it; ok is false
// where all packets do.
func (c *crossing) lack() (p Packet, side rule.Direction, ok bool) {
	if c.itself {
		return p, 0, false
	}
	f, asked := c.asked.Family, c.asked.Span()
	if x, addr, ok := uncovered(asked, c.to.addresses[f], c.out); ok {
		return Packet{rule.At(f, x), c.from.spot(f, netip.Addr{}), c.to.spot(f, addr)}, rule.Egress, true
	}
	if x, addr, ok := uncovered(asked, c.from.addresses[f], c.in); ok {
		return Packet{rule.At(f, x), c.from.spot(f, addr), c.to.spot(f, netip.Addr{})}, rule.Ingress, true
	}
	return p, 0, false
}

// uncovered finds a place of the span and an address of the set that no hold is
// about for certain; addr is invalid where any address will do.
//
// It looks at the first place of the span, and behind the last one of each hold:
// moving an uncovered place down until what lies below is covered ends at one of
// these. A whole line is covered by rules for every protocol alone, since
// nothing else is about protocol 0; other places are tried first because they
// read better.
func uncovered(asked rule.Span, set *netipx.IPSet, holds []hold) (x uint32, addr netip.Addr, ok bool) {
	places := []uint32{asked.First}
	if asked.First == 0 {
		places = append(places, anyTCP.Span().First)
	}
	for _, h := range holds {
		if h.all && h.Covers(asked) {
			return 0, addr, false
		}
		if next := h.Last + 1; asked.Contains(next) && !rule.Gap(next) {
			places = append(places, next)
		}
	}
	slices.Sort(places)
	places = slices.Compact(places)
	if asked.First == 0 {
		places = append(places[1:], 0)
	}
	for _, x := range places {
		if addr, ok := left(x, set, holds); ok {
			return x, addr, true
		}
	}
	return 0, addr, false
}

// left finds an address of the set that no hold is about for certain at a place;
// addr is invalid where any address will do.
func left(x uint32, set *netipx.IPSet, holds []hold) (addr netip.Addr, ok bool) {
	var b *netipx.IPSetBuilder
	for _, h := range holds {
		switch {
		case !h.Contains(x):
		case h.all:
			return addr, false
		case h.in.IsValid():
			if b == nil {
				b = new(netipx.IPSetBuilder)
				b.AddSet(set)
			}
			b.RemovePrefix(h.in)
		}
	}
	if b == nil {
		return addr, true
	}
	if rest := built(b); !isEmpty(rest) {
		return sample(rest), true
	}
	return addr, false
}
