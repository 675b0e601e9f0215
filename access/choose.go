package access

import "sgc.dev/sgc/rule"

// choose lists primes for the packets that no needed prime has and nothing that
// lasts longer allows.
//
// Which are the fewest is no longer a matter of looking at each: where (x, a) is
// in the primes P, Q and R, and what they have alone is free, one of the three
// will do, and so for every such packet. That is as hard as to cover the edges
// of any graph with the fewest nodes, hence a search, which gives up after
// work. Then primes are listed from the root down, each that has a packet
// which is in none below it and in no listed one above. None of those can go.
//
// Needs, and so what is chosen, depend on the regions alone, not on the form of
// their rules.
func (g *region) choose(work int) {
	needs := &needs{number: map[*prime]int32{}, left: work}
	if !g.settle(needs) || !needs.list() {
		g.settle(nil)
	}
	for y := range g.nodes {
		var own rule.Line
		for _, p := range g.primes[y] {
			if p.listed {
				own = own.Join(p.Span)
			}
		}
		g.covered[y] = rule.Union(own, g.below(int32(y)))
	}
}

// settle goes through the primes from the root down, and for each through the
// places that some address has in none below, unless for all of the node they
// are in a listed prime above or last longer. What such a packet needs it adds to
// the needs; without any it lists the prime. It is false where the needs are too
// many.
//
// A place of (y, I) that the smallest prime above has as well needs no more than
// the others of that one do.
func (g *region) settle(needs *needs) bool {
	settled := &region{tree: g.tree, grown: make([]rule.Line, len(g.nodes)), up: make([]int32, len(g.nodes))}
	for y := g.root(); y >= 0; y-- {
		if kind := g.nodes[y].remote.Kind(); kind != rule.RemoteAnyone && kind != rule.RemotePrefix {
			continue // what a group has beyond all addresses, it alone has: it is listed, or free
		}
		settled.link(y)
		below := g.below(y)
		var own rule.Line
		for j := range g.primes[y] {
			p := &g.primes[y][j]
			for x := p.First; x <= p.Last && !p.listed; {
				if s, ok := below.At(x); ok {
					x = s.Last + 1
				} else if s, ok := settled.above(y, x); ok {
					x = s.Last + 1
				} else if needs == nil {
					p.listed = true
				} else {
					have := g.having(y, p, x)
					if !needs.add(have) {
						return false
					}
					x = have[len(have)-1].Last + 1
				}
			}
			if p.listed {
				own = own.Join(p.Span)
			}
		}
		settled.growAt(y, rule.Union(own, g.lasting.allowed[y]))
	}
	return true
}

// having is a prime and those above it that have a place of it, the smallest last.
func (g *region) having(y int32, p *prime, x uint32) []*prime {
	have := []*prime{p}
	for w := g.up[y]; w != none; w = g.up[w] {
		if p := g.primeAt(w, x); p != nil {
			have = append(have, p)
		}
	}
	return have
}
