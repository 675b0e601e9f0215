package rule

import "slices"

// InOrder is policies in the order in which one project takes them: one that names
// a group of another by its name comes after that other. Beyond that, and in a
// circle, the order stays.
func InOrder(sets []*Set) []*Set {
	owners := owners(sets)
	var ordered []*Set
	seen := map[*Set]bool{}
	var visit func(*Set)
	visit = func(set *Set) {
		if seen[set] {
			return
		}
		seen[set] = true
		for _, e := range set.Foreign {
			if owner := owners[e.Name]; owner != nil {
				visit(owner)
			}
		}
		ordered = append(ordered, set)
	}
	for _, set := range sets {
		visit(set)
	}
	return ordered
}

// Owner is the policy whose group is called name, nil where it is none of theirs.
func Owner(sets []*Set, name string) *Set { return owners(sets)[name] }

// Chain is the lines by which one policy comes to name a group of another, by way of
// third ones or not; nil where it does not.
func Chain(sets []*Set, from, to *Set) []Pos {
	owners := owners(sets)
	seen := map[*Set]bool{}
	var search func(*Set) []Pos
	search = func(set *Set) []Pos {
		seen[set] = true
		for _, e := range set.Foreign {
			owner := owners[e.Name]
			if owner == nil || seen[owner] {
				continue
			}
			if owner == to {
				return []Pos{e.Pos}
			}
			if rest := search(owner); rest != nil {
				return slices.Insert(rest, 0, e.Pos)
			}
		}
		return nil
	}
	return search(from)
}

func owners(sets []*Set) map[string]*Set {
	owners := map[string]*Set{}
	for _, set := range sets {
		for _, g := range set.Groups {
			owners[g.Name] = set
		}
	}
	return owners
}
