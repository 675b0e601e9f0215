package sandbox

import "slices"

// list answers a GET of a collection: filtered, sorted, one page, with the fields asked for.
func (c *Cloud) list(r request, at collection, table attributes, all []object) (object, error) {
	limit, err := c.limit(r.params)
	if err != nil {
		return nil, err
	}
	orders, err := sorting(r.params, table)
	if err != nil {
		return nil, err
	}
	kept, err := filtered(r.params, table, all)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(kept, func(a, b object) int { return orders.compare(a, b) })
	body := object{}
	if limit > 0 {
		marker, _ := r.params.get("marker")
		reverse := backwards(r.params)
		kept = cut(kept, limit, marker, reverse)
		if links := pageLinks(r, at, kept, limit, reverse); len(links) > 0 {
			body[at.plural+"_links"] = links
		}
	}
	chosen := []object{} // never null
	for _, view := range kept {
		chosen = append(chosen, at.choose(c.strip(view), r.params))
	}
	body[at.plural] = chosen
	return body, nil
}

// choose keeps the fields asked for and those that are always shown.
func (at collection) choose(view object, p params) object {
	fields := p.all("fields")
	if len(fields) > 0 && !slices.Equal(fields, []string{""}) {
		fields = append(fields, at.also...)
	}
	return choose(view, fields)
}

// choose keeps the fields asked for; empty names count for nothing.
func choose(view object, fields []string) object {
	fields = slices.DeleteFunc(slices.Clone(fields), func(f string) bool { return f == "" })
	if len(fields) == 0 {
		return view
	}
	chosen := object{}
	for _, field := range fields {
		if value, ok := view[field]; ok {
			chosen[field] = value
		}
	}
	return chosen
}
