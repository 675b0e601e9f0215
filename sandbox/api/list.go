package api

import "slices"

// List is a collection as a GET of its address shows it: filtered, sorted, one page of at most
// so many (0 is all), with the fields asked for and those that are always shown.
func List(p Params, address, plural string, most int, also []string, table Attributes, all []Object) (Object, error) {
	limit, err := limitOf(p, most)
	if err != nil {
		return nil, err
	}
	orders, err := sorting(p, table)
	if err != nil {
		return nil, err
	}
	kept, err := filtered(p, table, all)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(kept, func(a, b Object) int { return orders.compare(a, b) })
	body := Object{}
	if limit > 0 {
		marker, _ := p.Get("marker")
		reverse := backwards(p)
		kept = cut(kept, limit, marker, reverse)
		if links := pageLinks(p, address, kept, limit, reverse); len(links) > 0 {
			body[plural+"_links"] = links
		}
	}
	chosen := []Object{} // never null
	for _, view := range kept {
		chosen = append(chosen, ChosenOf(view, p, also))
	}
	body[plural] = chosen
	return body, nil
}

// ChosenOf keeps the fields asked for and those that are always shown.
func ChosenOf(view Object, p Params, also []string) Object {
	fields := p.All("fields")
	if len(fields) > 0 && !slices.Equal(fields, []string{""}) {
		fields = append(fields, also...)
	}
	return choose(view, fields)
}

// choose keeps the fields asked for; empty names count for nothing.
func choose(view Object, fields []string) Object {
	fields = slices.DeleteFunc(slices.Clone(fields), func(f string) bool { return f == "" })
	if len(fields) == 0 {
		return view
	}
	chosen := Object{}
	for _, field := range fields {
		if value, ok := view[field]; ok {
			chosen[field] = value
		}
	}
	return chosen
}
