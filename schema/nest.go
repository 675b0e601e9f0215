package schema

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A nest is what may be made of others of its kind: for each, the items that name
// those others.
type nest map[string][]node

// inner is all that something is made of, also by way of others, each once.
func (n nest) inner(name string) []string {
	var found []string
	seen := map[string]bool{name: true}
	var look func(name string)
	look = func(name string) {
		for _, item := range n[name] {
			if !seen[item.Text] {
				seen[item.Text] = true
				found = append(found, item.Text)
				look(item.Text)
			}
		}
	}
	look(name)
	return found
}

// step is an item by which a circle goes on, and what it is an item of.
type step struct {
	of string
	node
}

// maxNested is how deep what is made of others may go: each is put together with all
// that is in it.
const maxNested = 100

// circles reports what is part of itself, at each line that makes it so, each once, and
// the first that goes too deep. What does is left without its parts.
func (r *reader) circles(n nest) {
	told := map[string]bool{} // by the items' paths
	depth := map[string]int{} // of what has been looked at
	open := map[string]int{}  // how long the way to it is
	var way []step
	tooDeep := false
	var look func(name string)
	look = func(name string) {
		open[name] = len(way)
		deepest := 0
		for _, item := range n[name] {
			way = append(way, step{name, item})
			if start, ok := open[item.Text]; ok {
				r.circle(way[start:], told)
			} else if _, done := depth[item.Text]; !done {
				look(item.Text)
			}
			deepest = max(deepest, depth[item.Text]+1)
			way = way[:len(way)-1]
		}
		if deepest > maxNested {
			if !tooDeep {
				r.fault(n[name][0], fmt.Sprintf("%q is made of others inside each other, more than %d deep: name what it needs itself", name, maxNested))
			}
			deepest, tooDeep, n[name] = 0, true, nil
		}
		delete(open, name)
		depth[name] = deepest
	}
	for _, name := range slices.Sorted(maps.Keys(n)) {
		if _, done := depth[name]; !done {
			look(name)
		}
	}
}

func (r *reader) circle(steps []step, told map[string]bool) {
	const most = 3
	for i, s := range steps {
		if told[s.Path()] {
			continue
		}
		told[s.Path()] = true
		if len(steps) == 1 {
			r.fault(s.node, fmt.Sprintf("%q contains itself: remove it", s.of))
			return
		}
		var others []string
		for j := range min(most, len(steps)-1) {
			o := steps[(i+j+1)%len(steps)]
			others = append(others, fmt.Sprintf("%q (%s)", o.of, o.Pos()))
		}
		by := strings.Join(others, ", ")
		if more := len(steps) - 1 - most; more > 0 {
			by += fmt.Sprintf(" and %d more", more)
		}
		r.fault(s.node, fmt.Sprintf("%q contains itself, by way of %s: remove one of them", s.of, by))
	}
}
