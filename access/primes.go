package access

import "sort"

// prime is a maximal rule: a rule inside the region that is inside no other one.
// At node y these are the spans of F(y) that are not inside F(parent), for ICMP
// the largest types or codes in them. Every rule inside the region is inside a
// prime, so some smallest set of rules that is equal to the region is of primes.
//
// Two primes of one node share nothing. A prime of an ancestor that shares a
// place with one of y has all its places in it, because F grows on the way
// down: (z, J) above (y, I) means J inside I.
type prime struct {
	span
	seat int32 // the node where a listed prime is listed, see seat
	// listed says that the prime is one of the fewest that, with what lasts longer,
	// are the region.
	//
	// A prime is needed, and listed, that has a packet which neither another prime
	// has nor what lasts longer: nothing can stand in for it.
	//
	// Where nothing lasts longer the needed primes are the only smallest set,
	// because they are enough: of the primes that have a packet, at place x
	// and address a, take the deepest, (y, I). I has a place x' outside
	// F(parent), so no prime above y has x'. A prime below y that has x' has all
	// of I, hence x; so none that has a in it has x', either, and the packet at
	// x' and a is (y, I)'s alone: it is needed. Where something lasts longer
	// that packet may be free, and others have to be chosen, see choose.
	listed bool
}

// findPrimes fills in the primes of each node, in order, and lists the needed ones.
//
// As seen from a prime (y, I), a prime below y has all of I or nothing of it. So
// whether every address of y has, somewhere below y, a prime with a place of I
// does not depend on the place; what lasts longer may have a part of I.
func (g *region) findPrimes() {
	g.primes = make([][]prime, len(g.nodes))
	g.covered = make([]line, len(g.nodes))
	for i := range g.nodes {
		y := int32(i)
		var own line
		below := g.below(y)
		g.primes[y] = g.primesOf(y, g.allowed[y])
		for j := range g.primes[y] {
			p := &g.primes[y][j]
			p.listed = g.needed(y, p.span, below)
			p.seat = y
			own = own.join(p.span)
		}
		g.covered[y] = union(own, below)
	}
}

// below is the places for which each address of y has a prime below y, or what
// lasts longer at or below it.
func (g *region) below(y int32) line {
	var below line
	if l, r, ok := g.halves(y); ok {
		below = intersect(g.covered[l], g.covered[r])
	}
	if g.lasting != nil {
		below = union(below, g.lasting.allowed[y])
	}
	return below
}

// needed says whether a prime of y has a place that is neither below nor in F(parent).
func (g *region) needed(y int32, s span, below line) bool {
	for x := s.lo; x <= s.hi; {
		if b, ok := below.at(x); ok {
			x = b.hi + 1
			continue
		}
		if g.lasting == nil {
			return true // nothing of it is below, and it has a place that is not in F(parent)
		}
		above, ok := g.above(y, x)
		if !ok {
			return true
		}
		x = above.hi + 1
	}
	return false
}

// primesOf is the spans that have grown at y, ICMP's cut to types and codes.
func (g *region) primesOf(y int32, allowed line) []prime {
	if len(g.grown[y]) == 0 {
		return nil
	}
	primes := make([]prime, 0, len(g.grown[y]))
	for _, s := range g.grown[y] {
		if s.isRule() {
			primes = append(primes, prime{span: s})
			continue
		}
		// Only the blocks with a place that is new at y: the others, of which an
		// ancestor may have any number, are primes there.
		from := sort.Search(len(allowed), func(i int) bool { return allowed[i].hi >= s.lo })
		for _, a := range allowed[from:] {
			if a.lo > s.hi {
				break
			}
			for x := a.lo; x <= a.hi; {
				block := icmpBlock(s, x)
				if inside, ok := g.above(y, block.lo); !ok || !inside.contains(block) {
					if n := len(primes); n == 0 || primes[n-1].span != block {
						primes = append(primes, prime{span: block})
					}
				}
				x = block.hi + 1
			}
		}
	}
	return primes
}

// icmpBlock is the largest rule around x inside s, part of an ICMP's places but
// not all.
func icmpBlock(s span, x uint32) span {
	if t := (span{x &^ typeMask, x | typeMask}); s.contains(t) {
		return t
	}
	return span{x, x}
}

// primeAt is the prime of y around x, or nil.
func (g *region) primeAt(y int32, x uint32) *prime {
	primes := g.primes[y]
	i := sort.Search(len(primes), func(i int) bool { return primes[i].hi >= x })
	if i < len(primes) && primes[i].lo <= x {
		return &primes[i]
	}
	return nil
}
