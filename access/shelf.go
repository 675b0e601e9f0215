package access

import (
	"cmp"
	"slices"
	"sort"

	"sgc.dev/sgc/rule"
)

// item is a rule as a span at a node of a tree; id is its owner's number for it.
type item struct {
	rule.Span
	node int32
	id   int32
}

// shelf keeps rules by node, those alone that no other rule of the same node
// covers. At each node, therefore, both ends of the spans strictly grow, and
// what contains or overlaps a span is a run that two binary searches find.
type shelf struct {
	items []item
	start []int32 // those of node y are items[start[y]:start[y+1]]
}

// newShelf sorts items in place. Of equal rules it keeps the one with the lowest id.
func newShelf(nodes int, items []item) shelf {
	slices.SortFunc(items, func(a, b item) int {
		return cmp.Or(cmp.Compare(a.node, b.node), cmp.Compare(a.First, b.First), cmp.Compare(b.Last, a.Last), cmp.Compare(a.id, b.id))
	})
	s := shelf{items: make([]item, 0, len(items)), start: make([]int32, nodes+1)}
	last := none
	for _, it := range items {
		if n := len(s.items); it.node == last && it.Last <= s.items[n-1].Last {
			continue
		}
		last = it.node
		s.items = append(s.items, it)
		s.start[it.node+1]++
	}
	for y := range nodes {
		s.start[y+1] += s.start[y]
	}
	return s
}

func (s shelf) of(y int32) []item { return s.items[s.start[y]:s.start[y+1]] }

// containing is the rules of y that have all of t.
func (s shelf) containing(y int32, t rule.Span) []item {
	items := s.of(y)
	from := sort.Search(len(items), func(i int) bool { return items[i].Last >= t.Last })
	to := sort.Search(len(items), func(i int) bool { return items[i].First > t.First })
	return items[from:max(from, to)]
}

// overlapping is the rules of y that have a place of t.
func (s shelf) overlapping(y int32, t rule.Span) []item {
	items := s.of(y)
	from := sort.Search(len(items), func(i int) bool { return items[i].Last >= t.First })
	to := sort.Search(len(items), func(i int) bool { return items[i].First > t.Last })
	return items[from:max(from, to)]
}

// places is the union of the rules of y.
func (s shelf) places(y int32) rule.Line {
	items := s.of(y)
	if len(items) == 0 {
		return nil
	}
	l := make(rule.Line, 0, len(items))
	for _, it := range items {
		l = l.Join(it.Span)
	}
	return l
}
