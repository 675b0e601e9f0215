package access

import (
	"net/netip"

	"sgc.dev/sgc/rule"
)

// remainderWork bounds nodes times rules of one remainder; a part of a
// difference beyond it is listed with exceptions.
const remainderWork = 1 << 22

// remainder lists rules less had as plain rules. ok is false where that cannot
// be said, where the list would be longer than limit, and where finding it would
// be too much work.
func remainder(side half, rules, had []rule.Rule, limit int) (left []rule.Rule, ok bool) {
	remotes := remotesOf(rules, had)
	t := newTree(side.family, remotes)
	if len(t.nodes)*len(remotes) > remainderWork {
		return nil, false
	}
	rest := &rest{
		tree:     t,
		side:     side,
		children: make([][]int32, len(t.nodes)),
		given:    t.region(nil, rules).allowed,
		taken:    t.region(nil, had).allowed,
		most:     remainderWork,
	}
	for y := range t.nodes {
		if parent := t.nodes[y].parent; parent != none {
			rest.children[parent] = append(rest.children[parent], int32(y))
		}
	}
	if rest.walk(t.root(), nil, nil); rest.failed {
		return nil, false
	}
	left = Of(rest.rules...).Rules()
	return left, len(left) <= limit
}

// rest is the walk that subtracts one region from another of the same tree.
type rest struct {
	*tree
	side         half
	children     [][]int32
	given, taken []rule.Line // of each node, as region.allowed has it
	rules        []rule.Rule
	most         int // rules
	failed       bool
}

// walk adds the rules for node y and those below, and returns the places of
// which all of y is left. given and taken are those of all of y's parent.
func (w *rest) walk(y int32, given, taken rule.Line) rule.Line {
	given, taken = rule.Union(given, w.given[y]), rule.Union(taken, w.taken[y])
	// What is left where y has no node below it: at the root always somewhere,
	// because there are other groups; where y has halves, nowhere.
	left := rule.Subtract(given, taken)
	whole := left
	l, _, halved := w.halves(y)
	if halved && y != w.root() {
		whole = nil
	}
	for _, c := range w.children[y] {
		below := w.walk(c, given, taken)
		if halved && c == l && y != w.root() {
			whole = below
		} else {
			whole = rule.Intersect(whole, below)
		}
	}
	if w.failed || halved && y != w.root() {
		return whole
	}
	w.add(w.nodes[y].remote, whole)
	part := rule.Subtract(left, whole)
	switch {
	case len(part) == 0:
	case y == w.root():
		w.failed = true // "anyone but …"
	default:
		w.addAround(w.nodes[y].remote.Prefix(), w.children[y], part)
	}
	return whole
}

func (w *rest) add(remote rule.Remote, places rule.Line) {
	for _, s := range places {
		blocks, ok := s.Blocks()
		if !ok || len(w.rules)+len(blocks) > w.most {
			w.failed = true // "any protocol but …", or too many
			return
		}
		for _, b := range blocks {
			w.rules = append(w.rules, w.side.rule(b, remote))
		}
	}
}

// addAround adds rules for the addresses of p that none of the nodes, which are
// inside p and sorted, has.
func (w *rest) addAround(p netip.Prefix, nodes []int32, places rule.Line) {
	if w.failed {
		return
	}
	if len(nodes) == 0 {
		w.add(rule.Prefix(p), places)
		return
	}
	if w.nodes[nodes[0]].remote == rule.Prefix(p) {
		return
	}
	l, r := halvesOf(p)
	n := 0
	for n < len(nodes) && l.Contains(w.nodes[nodes[n]].remote.Prefix().Addr()) {
		n++
	}
	w.addAround(l, nodes[:n], places)
	w.addAround(r, nodes[n:], places)
}

// halvesOf is the two halves of a prefix that is no single address.
func halvesOf(p netip.Prefix) (l, r netip.Prefix) {
	l = netip.PrefixFrom(p.Addr(), p.Bits()+1)
	b := p.Addr().AsSlice()
	b[p.Bits()/8] |= 1 << (7 - p.Bits()%8)
	upper, _ := netip.AddrFromSlice(b)
	return l, netip.PrefixFrom(upper, p.Bits()+1)
}
