package access

// listing is the shortest list of rules that is equal to the region, by node,
// then place: its needed primes, trimmed. The ids are their numbers.
func (g *region) listing() []item {
	var items []item
	for y := range g.primes {
		own := g.written.places(int32(y))
		for _, p := range g.primes[y] {
			if p.needed {
				items = append(items, item{g.trim(int32(y), p.span, own), int32(y), int32(len(items))})
			}
		}
	}
	return items
}

// trim is the form of a needed prime that people recognise. A prime takes in
// what ancestors allow beside it; that is left out again: down to the ports that
// were written at y, else down to the first and last port that y needs, so that
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
func (g *region) trim(y int32, p span, own line) span {
	if p == (span{0, lineEnd}) || p.protocol().IsICMP() {
		return p
	}
	core := p
	if s, ok := g.above(y, p.lo); ok {
		core.lo = s.hi + 1
	}
	if s, ok := g.above(y, p.hi); ok {
		core.hi = s.lo - 1
	}
	if s, ok := own.at(core.lo); ok && s.contains(core) {
		core = s
	}
	if p.lo < core.lo && !g.listedAbove(y, span{p.lo, core.lo - 1}) ||
		core.hi < p.hi && !g.listedAbove(y, span{core.hi + 1, p.hi}) {
		return p
	}
	return core
}

// listedAbove says whether all of s is in trimmed needed primes of ancestors.
//
// One of an ancestor's primes that has a place of s either has all of s, or s is
// in no ancestor of that one, whose primes are smaller still. A needed prime
// with all of s will do, trimmed or not: what is trimmed off is listed above it.
func (g *region) listedAbove(y int32, s span) bool {
	for w := g.up[y]; w != none; w = g.up[w] {
		p, ok := g.primeAt(w, s.lo)
		switch {
		case !ok:
		case !p.contains(s):
			return false
		case p.needed:
			return true
		}
	}
	return false
}
