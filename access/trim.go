package access

import (
	"cmp"
	"slices"

	"sgc.dev/sgc/rule"
)

// listing is the shortest list of rules that is equal to the region, by node,
// then place: the fewest primes, each at its seat, trimmed. What lasts longer is
// not repeated. The ids are their numbers.
func (g *region) listing() []item {
	if g.lasting != nil {
		g.choose(searchWork)
	}
	var items []item
	for y := range g.primes {
		for j := range g.primes[y] {
			if p := &g.primes[y][j]; p.listed {
				p.seat = g.seat(int32(y), p.Span)
			}
		}
	}
	for y := range g.primes {
		for _, p := range g.primes[y] {
			if p.listed {
				items = append(items, item{Span: g.trim(int32(y), p), node: p.seat})
			}
		}
	}
	slices.SortFunc(items, func(a, b item) int { return cmp.Or(cmp.Compare(a.node, b.node), cmp.Compare(a.First, b.First)) })
	for i := range items {
		items[i].id = int32(i)
	}
	return items
}

// seat is the node at which a needed prime (y, I) is listed: y, or a prefix
// inside it where that is enough. A prime may have grown at y because rules for
// more services from the one half meet it in the other: "80 from .2" beside "any
// tcp from .3" is "80 from .2/31" too, which nobody wrote. So long as nothing of
// I is written at the node, and one half has primes with I for each of its
// addresses, only the other half needs it. Of the primes that have a packet the
// deepest is listed with it, as is shown for needed, so what a prime leaves to
// the primes below it is there.
//
// The seat has nothing to do with the form of the rules that are not at the
// nodes on the way to it, and no listed rule but (y, I) itself has a place of I
// at one of them, since it would make that node's half covered: so listing the
// list again finds the same seats.
func (g *region) seat(y int32, s rule.Span) int32 {
	for len(g.written.overlapping(y, s)) == 0 {
		l, r, ok := g.halves(y)
		if !ok {
			break
		}
		left, _ := g.covered[l].At(s.First)
		right, _ := g.covered[r].At(s.First)
		switch {
		case left.Covers(s):
			y = r
		case right.Covers(s):
			y = l
		default:
			return y
		}
	}
	return y
}

// trim is the form of a listed prime that people recognise. A prime takes in
// what ancestors allow beside it, and what lasts longer; that is left out again:
// down to the ports that were written at its seat, else down to the first and last
// port that only it has, so that
// "80 from anyone, 80-81 from the office" stays as it is and "81 from the
// office" does not become 80-81. Shared parts of ICMP and whole protocols are no
// ranges and stay.
//
// Written ports of y join to at most one span of each prime, and a trimmed
// listing has the trimmed span as its only one there: trimming it again finds
// the same. A trimmed prime keeps a packet that only it has, and two trimmed
// primes are never inside one rule of the region, because that would be inside
// a prime, which shares that packet with each.
func (g *region) trim(y int32, p prime) rule.Span {
	if !p.Protocol().HasPorts() {
		return p.Span
	}
	core := p.Span
	for range spread {
		if s, ok := g.elsewhere(y, p.seat, core.First); ok {
			core.First = s.Last + 1
		}
		if s, ok := g.elsewhere(y, p.seat, core.Last); ok {
			core.Last = s.First - 1
		}
	}
	if s, ok := g.writtenAround(p.seat, core); ok {
		return s
	}
	return core
}

// elsewhere is the span around x that lasts longer, or that a listed prime of y's
// ancestors has, for all of the node seat. What is trimmed off that one is
// elsewhere itself.
func (g *region) elsewhere(y, seat int32, x uint32) (rule.Span, bool) {
	if g.lasting != nil {
		if s, ok := g.lasting.around(seat, x); ok {
			return s, true
		}
	}
	for w := g.up[y]; w != none; w = g.up[w] {
		if p := g.primeAt(w, x); p != nil && p.listed && remoteCovers(g.nodes[p.seat].remote, g.nodes[seat].remote) {
			return p.Span, true
		}
	}
	return rule.Span{}, false
}

// writtenAround is the written span of a node that has all of s.
func (g *region) writtenAround(y int32, s rule.Span) (rule.Span, bool) {
	var own rule.Line
	for _, it := range g.written.overlapping(y, s) {
		own = own.Join(it.Span)
	}
	if len(own) == 1 && own[0].Covers(s) {
		return own[0], true
	}
	return rule.Span{}, false
}
