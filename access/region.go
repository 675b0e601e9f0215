package access

import (
	"slices"

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
//
// Where rules expire, a region is that of one day, and lasting that of the rules
// which are listed for later days. These it allows too, yet they are not written
// here: they are listed anyhow.
type region struct {
	*tree
	lasting *region     // of what lasts longer, on the same tree; nil where nothing does
	written shelf       // the other rules, by number
	allowed []rule.Line // of each node, the places of rules at it and of those that make it up from its halves
	grown   []rule.Line // of each node, the spans of F(y) that are not inside F(parent)
	up      []int32     // the nearest proper ancestor where something has grown, or none
	primes  [][]prime
	covered []rule.Line // of each node, the places for which all of it has primes, or what lasts, at or below it
}

// newRegion takes rules that are of one direction and family, and are checked:
// those that are listed for later days, and the others.
func newRegion(family rule.Family, lasting, rules []rule.Rule) *region {
	t := newTree(family, remotesOf(lasting, rules))
	var later *region
	if len(lasting) > 0 {
		later = t.region(nil, lasting)
		later.grow()
	}
	g := t.region(later, rules)
	g.grow()
	g.findPrimes()
	return g
}

func remotesOf(lists ...[]rule.Rule) []rule.Remote {
	var remotes []rule.Remote
	for _, rules := range lists {
		remotes = slices.Grow(remotes, len(rules))
		for _, r := range rules {
			remotes = append(remotes, r.Remote)
		}
	}
	return remotes
}

// region is what the rules, whose remotes the tree has, and those that last
// longer allow, not grown yet.
func (t *tree) region(lasting *region, rules []rule.Rule) *region {
	items := make([]item, len(rules))
	for i, r := range rules {
		items[i] = item{r.Span(), t.at[r.Remote], int32(i)}
	}
	g := &region{tree: t, lasting: lasting, written: newShelf(len(t.nodes), items), allowed: make([]rule.Line, len(t.nodes))}
	for i := range g.nodes {
		y := int32(i)
		g.allowed[y] = g.written.places(y)
		if lasting != nil {
			g.allowed[y] = rule.Union(g.allowed[y], lasting.allowed[y])
		}
		if l, r, ok := g.halves(y); ok {
			g.allowed[y] = rule.Union(g.allowed[y], rule.Intersect(g.allowed[l], g.allowed[r]))
		}
	}
	return g
}

// grow extends what is allowed at each node by what its ancestors allow beside it.
func (g *region) grow() {
	g.grown = make([]rule.Line, len(g.nodes))
	g.up = make([]int32, len(g.nodes))
	for y := g.root(); y >= 0; y-- {
		g.link(y)
		g.growAt(y, g.allowed[y])
	}
}

// link finds the nearest ancestor where something has grown; all have had their turn.
func (g *region) link(y int32) {
	g.up[y] = g.nodes[y].parent
	if parent := g.up[y]; parent != none && len(g.grown[parent]) == 0 {
		g.up[y] = g.up[parent]
	}
}

func (g *region) growAt(y int32, allowed rule.Line) {
	if g.up[y] == none {
		g.grown[y] = allowed
		return
	}
	var grown rule.Line
	for _, s := range allowed {
		if around, ok := g.above(y, s.First); ok && around.Covers(s) {
			continue
		}
		if s.First > 0 {
			if before, ok := g.above(y, s.First-1); ok {
				s.First = before.First
			}
		}
		if after, ok := g.above(y, s.Last+1); ok {
			s.Last = after.Last
		}
		grown = grown.Join(s)
	}
	g.grown[y] = grown
}

// above is the span of F(parent of y) around x.
func (g *region) above(y int32, x uint32) (rule.Span, bool) {
	for w := g.up[y]; w != none; w = g.up[w] {
		if s, ok := g.grown[w].At(x); ok {
			return s, true
		}
	}
	return rule.Span{}, false
}

// around is the span of F(y) around x.
func (g *region) around(y int32, x uint32) (rule.Span, bool) {
	if s, ok := g.grown[y].At(x); ok {
		return s, true
	}
	return g.above(y, x)
}

// line is the spans of F(y) that have a place of s.
func (g *region) line(y int32, s rule.Span) rule.Line {
	var l rule.Line
	for w := y; w != none; w = g.up[w] {
		l = rule.Union(l, g.grown[w].Overlapping(s))
	}
	return l
}

// contains says whether every packet of the span at the remote is in the region.
func (g *region) contains(remote rule.Remote, s rule.Span) bool {
	around, ok := g.around(g.find(remote), s.First)
	return ok && around.Covers(s)
}
