package access

import (
	"sort"

	"sgc.dev/sgc/rule"
)

// prime is a maximal rule: a rule inside the region that is inside no other one.
// At node y these are the spans of F(y) that are not inside F(parent), for ICMP
// the largest types or codes in them. Every rule inside the region is inside a
// prime, so some smallest set of rules that is equal to the region is of primes.
//
// Two primes of one node share nothing. A prime of an ancestor that shares a
// place with one of y has all its places in it, because F grows on the way
// down: (z, J) above (y, I) means J inside I.
type prime struct {
	rule.Span
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
	g.covered = make([]rule.Line, len(g.nodes))
	for i := range g.nodes {
		y := int32(i)
		var own rule.Line
		below := g.below(y)
		g.primes[y] = g.primesOf(y, g.allowed[y])
		for j := range g.primes[y] {
			p := &g.primes[y][j]
			p.listed = g.needed(y, p.Span, below)
			p.seat = y
			own = own.Join(p.Span)
		}
		g.covered[y] = rule.Union(own, below)
	}
}

// below is the places for which each address of y has a prime below y, or what
// lasts longer at or below it.
func (g *region) below(y int32) rule.Line {
	var below rule.Line
	if l, r, ok := g.halves(y); ok {
		below = rule.Intersect(g.covered[l], g.covered[r])
	}
	if g.lasting != nil {
		below = rule.Union(below, g.lasting.allowed[y])
	}
	return below
}

// needed says whether a prime of y has a place that is neither below nor in F(parent).
func (g *region) needed(y int32, s rule.Span, below rule.Line) bool {
	for x := s.First; x <= s.Last; {
		if b, ok := below.At(x); ok {
			x = b.Last + 1
			continue
		}
		if g.lasting == nil {
			return true // nothing of it is below, and it has a place that is not in F(parent)
		}
		above, ok := g.above(y, x)
		if !ok {
			return true
		}
		x = above.Last + 1
	}
	return false
}

// primesOf is the spans that have grown at y, ICMP's cut to types and codes.
func (g *region) primesOf(y int32, allowed rule.Line) []prime {
	if len(g.grown[y]) == 0 {
		return nil
	}
	primes := make([]prime, 0, len(g.grown[y]))
	for _, s := range g.grown[y] {
		if s.IsRule() {
			primes = append(primes, prime{Span: s})
			continue
		}
		// Only the blocks with a place that is new at y: the others, of which an
		// ancestor may have any number, are primes there.
		for _, a := range allowed.Overlapping(s) {
			for x := a.First; x <= a.Last; {
				block := s.Block(x)
				if inside, ok := g.above(y, block.First); !ok || !inside.Covers(block) {
					if n := len(primes); n == 0 || primes[n-1].Span != block {
						primes = append(primes, prime{Span: block})
					}
				}
				x = block.Last + 1
			}
		}
	}
	return primes
}

// primeAt is the prime of y around x, or nil.
func (g *region) primeAt(y int32, x uint32) *prime {
	primes := g.primes[y]
	i := sort.Search(len(primes), func(i int) bool { return primes[i].Last >= x })
	if i < len(primes) && primes[i].First <= x {
		return &primes[i]
	}
	return nil
}
