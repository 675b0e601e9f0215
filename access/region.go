package access

import (
	"sgc.dev/sgc/rule"
)

// region is the packets that some rules of one direction and family allow. A
// packet is a place on the service line and a remote.
//
// Say F(y) for the places that are allowed for all of node y: those of rules at
// y, those of F(parent), and those allowed for each half of y. F grows on the
// way down, and keeping it for every node would be quadratic. So a node keeps
// only what is new there: the spans of F(y) that are not inside F(parent).
//
// From that, F's span at y around a place x is the first hit on the way up from
// y: where an ancestor's span around x is the same as its child's it is kept at
// the ancestor alone, and where it differs the child's is the larger and kept.
type region struct {
	*tree
	written shelf   // the rules, by number
	grown   []line  // of each node, the spans of F(y) that are not inside F(parent)
	up      []int32 // the nearest proper ancestor where something has grown, or none
	primes  [][]prime
	covered []line // of each node, the places for which all of it has primes at or below it
}

// newRegion takes rules that are of one direction and family, and are checked.
func newRegion(family rule.Family, rules []rule.Rule) *region {
	g := newTree(family, remotesOf(rules)).region(rules)
	allowed := g.allowed()
	g.grow(allowed)
	g.findPrimes(allowed)
	return g
}

func remotesOf(rules []rule.Rule) []rule.Remote {
	remotes := make([]rule.Remote, len(rules))
	for i, r := range rules {
		remotes[i] = r.Remote
	}
	return remotes
}

// region is a region with nothing but the rules in it, whose remotes the tree has.
func (t *tree) region(rules []rule.Rule) *region {
	items := make([]item, len(rules))
	for i, r := range rules {
		items[i] = item{spanOf(r), t.at[r.Remote], int32(i)}
	}
	return &region{tree: t, written: newShelf(len(t.nodes), items)}
}

// allowed is, for each node, the places of rules at the node and of rules that
// together make it up from its halves.
func (g *region) allowed() []line {
	allowed := make([]line, len(g.nodes))
	for y := range g.nodes {
		allowed[y] = g.written.places(int32(y))
		if l, r, ok := g.halves(int32(y)); ok {
			allowed[y] = union(allowed[y], intersect(allowed[l], allowed[r]))
		}
	}
	return allowed
}

// grow extends what is allowed at each node by what its ancestors allow beside it.
func (g *region) grow(allowed []line) {
	g.grown = make([]line, len(g.nodes))
	g.up = make([]int32, len(g.nodes))
	for y := g.root(); y >= 0; y-- {
		g.up[y] = none
		if parent := g.nodes[y].parent; parent != none {
			g.up[y] = parent
			if len(g.grown[parent]) == 0 {
				g.up[y] = g.up[parent]
			}
		}
		if g.up[y] == none {
			g.grown[y] = allowed[y]
			continue
		}
		var grown line
		for _, s := range allowed[y] {
			if around, ok := g.above(y, s.lo); ok && around.contains(s) {
				continue
			}
			if s.lo > 0 {
				if before, ok := g.above(y, s.lo-1); ok {
					s.lo = before.lo
				}
			}
			if after, ok := g.above(y, s.hi+1); ok {
				s.hi = after.hi
			}
			grown = grown.join(s)
		}
		g.grown[y] = grown
	}
}

// above is the span of F(parent of y) around x.
func (g *region) above(y int32, x uint32) (span, bool) {
	for w := g.up[y]; w != none; w = g.up[w] {
		if s, ok := g.grown[w].at(x); ok {
			return s, true
		}
	}
	return span{}, false
}

// around is the span of F(y) around x.
func (g *region) around(y int32, x uint32) (span, bool) {
	if s, ok := g.grown[y].at(x); ok {
		return s, true
	}
	return g.above(y, x)
}

// contains says whether every packet of the span at the remote is in the region.
func (g *region) contains(remote rule.Remote, s span) bool {
	around, ok := g.around(g.find(remote), s.lo)
	return ok && around.contains(s)
}
