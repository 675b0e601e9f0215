package schema

import (
	"fmt"
	"maps"
	"slices"
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

// circles reports what is part of itself, at each line that makes it so.
func (r *reader) circles(n nest) {
	for _, name := range slices.Sorted(maps.Keys(n)) {
		for _, item := range n[name] {
			switch {
			case item.Text == name:
				r.fault(item, fmt.Sprintf("%q contains itself: remove it", name))
			case slices.Contains(n.inner(item.Text), name):
				r.fault(item, fmt.Sprintf("%q contains itself, by way of %q: remove one of them", name, item.Text))
			}
		}
	}
}
