package api

import (
	"slices"
	"strings"
)

// filtered are the views that have one of the values asked for in each attribute.
func filtered(p Params, table Attributes, all []Object) ([]Object, error) {
	kept := slices.Clone(all)
	var unknown []string
	done := map[string]bool{}
	for _, one := range p.without("fields", "sort_key", "sort_dir", "limit", "marker", "page_reverse") {
		if done[one.name] {
			continue
		}
		done[one.name] = true
		values := p.All(one.name)
		if _, tagged := table.named("tags"); tagged && slices.Contains([]string{"tags", "tags-any", "not-tags", "not-tags-any"}, one.name) {
			kept = slices.DeleteFunc(kept, func(view Object) bool { return !tagsMatch(one.name, values, view) })
			continue
		}
		a, ok := table.named(one.name)
		if !ok || !a.Filter {
			unknown = append(unknown, one.name)
			continue
		}
		if a.Idle {
			continue
		}
		wanted := make([]any, len(values))
		for i, value := range values {
			wanted[i] = value
			if a.Convert != nil {
				converted, err := a.Convert(value)
				if err != nil {
					return nil, err
				}
				wanted[i] = converted
			}
		}
		kept = slices.DeleteFunc(kept, func(view Object) bool {
			return !slices.ContainsFunc(wanted, func(w any) bool { return matches(view[a.Name], w) })
		})
	}
	if len(unknown) > 0 {
		return nil, BadRequest("%s is invalid attribute for filtering", ListRepr(unknown))
	}
	return kept, nil
}

// matches compares as the database does: null is equal to nothing. A list matches where one of its items does.
func matches(have, want any) bool {
	switch have := have.(type) {
	case bool:
		return have == want
	case int:
		n, _ := Integer(want) // 0 where it is no number, as to the database
		return n == have
	case string:
		s, ok := want.(string)
		return ok && Fold(have) == Fold(s)
	case []string:
		return slices.ContainsFunc(have, func(h string) bool { return matches(h, want) })
	}
	return false
}

// tagsMatch reports whether the object has all the tags, or any of them; the other
// two filters are the opposites.
func tagsMatch(filter string, values []string, view Object) bool {
	have, _ := view["tags"].([]string)
	has := func(tag string) bool {
		return slices.ContainsFunc(have, func(h string) bool { return Fold(h) == Fold(tag) })
	}
	wanted := strings.Split(strings.Join(values, ","), ",")
	lacks := func(tag string) bool { return !has(tag) }
	switch filter {
	case "tags":
		return !slices.ContainsFunc(wanted, lacks)
	case "tags-any":
		return slices.ContainsFunc(wanted, has)
	case "not-tags":
		return slices.ContainsFunc(wanted, lacks)
	default: // not-tags-any
		return !slices.ContainsFunc(wanted, has)
	}
}
