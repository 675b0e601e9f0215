package access

import (
	"cmp"
	"slices"
)

// listing is the shortest list of rules that is equal to the region, by node,
// then place: its needed primes, each at its seat, trimmed. The ids are their
// numbers.
func (g *region) listing() []item {
	var items []item
	for y := range g.primes {
		for j := range g.primes[y] {
			if p := &g.primes[y][j]; p.needed {
				p.seat = g.seat(int32(y), p.span)
			}
		}
	}
	for y := range g.primes {
		for _, p := range g.primes[y] {
			if p.needed {
				items = append(items, item{span: g.trim(int32(y), p), node: p.seat})
			}
		}
	}
	slices.SortFunc(items, func(a, b item) int { return cmp.Or(cmp.Compare(a.node, b.node), cmp.Compare(a.lo, b.lo)) })
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
func (g *region) seat(y int32, s span) int32 {
	for len(g.written.overlapping(y, s)) == 0 {
		l, r, ok := g.halves(y)
		if !ok {
			break
		}
		_, inLeft := g.covered[l].at(s.lo)
		_, inRight := g.covered[r].at(s.lo)
		switch {
		case inLeft:
			y = r
		case inRight:
			y = l
		default:
			return y
		}
	}
	return y
}

// trim is the form of a needed prime that people recognise. A prime takes in
// what ancestors allow beside it; that is left out again: down to the ports that
// were written at its seat, else down to the first and last port that y needs, so that
// "80 from anyone, 80-81 from the office" stays as it is and "81 from the
// office" does not become 80-81. What is left out must be in needed primes of
// ancestors; trimming is all or nothing. Shared parts of ICMP and whole
// protocols are no ranges and stay.
//
// Written ports of y join to at most one span of each prime, and a trimmed
// listing has the trimmed span as its only one there: trimming it again finds
// the same. A trimmed prime keeps a packet that only it has, and two trimmed
// primes are never inside one rule of the region, because that would be inside
// a prime, which shares that packet with each.
func (g *region) trim(y int32, p prime) span {
	if p.span == (span{0, lineEnd}) || p.protocol().IsICMP() {
		return p.span
	}
	core := p.span
	if s, ok := g.above(y, p.lo); ok {
		core.lo = s.hi + 1
	}
	if s, ok := g.above(y, p.hi); ok {
		core.hi = s.lo - 1
	}
	if s, ok := g.writtenAround(p.seat, core); ok {
		core = s
	}
	if p.lo < core.lo && !g.listedAbove(y, p.seat, span{p.lo, core.lo - 1}) ||
		core.hi < p.hi && !g.listedAbove(y, p.seat, span{core.hi + 1, p.hi}) {
		return p.span
	}
	return core
}

// writtenAround is the written span of a node that has all of s.
func (g *region) writtenAround(y int32, s span) (span, bool) {
	var own line
	for _, it := range g.written.overlapping(y, s) {
		own = own.join(it.span)
	}
	if len(own) == 1 && own[0].contains(s) {
		return own[0], true
	}
	return span{}, false
}

// listedAbove says whether all of s is, for all of the node seat, in trimmed
// needed primes of y's ancestors.
//
// One of an ancestor's primes that has a place of s either has all of s, or s is
// in no ancestor of that one, whose primes are smaller still. A needed prime
// with all of s will do, trimmed or not: what is trimmed off is listed above it.
func (g *region) listedAbove(y, seat int32, s span) bool {
	for w := g.up[y]; w != none; w = g.up[w] {
		p, ok := g.primeAt(w, s.lo)
		switch {
		case !ok:
		case !p.contains(s):
			return false
		case p.needed:
			return remoteCovers(g.nodes[p.seat].remote, g.nodes[seat].remote)
		}
	}
	return false
}
