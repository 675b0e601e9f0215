package rule

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

func owners(sets []*Set) map[string]*Set {
	owners := map[string]*Set{}
	for _, set := range sets {
		for _, g := range set.Groups {
			owners[g.Name] = set
		}
	}
	return owners
}
