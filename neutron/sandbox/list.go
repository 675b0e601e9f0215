package sandbox

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

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

// --- filters

// tagFilters are the parameters that ask for tags: of the tags named, the object
// has all, or any; the other two are the opposites.
var tagFilters = []string{"tags", "tags-any", "not-tags", "not-tags-any"}

func filtered(p params, table attributes, all []object) ([]object, error) {
	kept := slices.Clone(all)
	var unknown []string
	done := map[string]bool{}
	for _, one := range p.without("fields", "sort_key", "sort_dir", "limit", "marker", "page_reverse") {
		if done[one.name] {
			continue
		}
		done[one.name] = true
		values := p.all(one.name)
		if _, tagged := table.named("tags"); tagged && slices.Contains(tagFilters, one.name) {
			kept = slices.DeleteFunc(kept, func(view object) bool { return !tagsMatch(one.name, values, view) })
			continue
		}
		a, ok := table.named(one.name)
		if !ok || !a.filter {
			unknown = append(unknown, one.name)
			continue
		}
		if a.idle {
			continue
		}
		wanted := make([]any, len(values))
		for i, value := range values {
			wanted[i] = value
			if a.convert != nil && a.name != "security_groups" {
				converted, err := a.convert(value)
				if err != nil {
					return nil, err
				}
				wanted[i] = converted
			}
		}
		kept = slices.DeleteFunc(kept, func(view object) bool {
			return !slices.ContainsFunc(wanted, func(w any) bool { return matches(view[a.name], w) })
		})
	}
	if len(unknown) > 0 {
		return nil, badRequest("%s is invalid attribute for filtering", listRepr(unknown))
	}
	return kept, nil
}

// matches compares as the database does: null is equal to nothing. A list matches where one of its items does.
func matches(have, want any) bool {
	switch have := have.(type) {
	case bool:
		return have == want
	case int:
		n, _ := integer(want) // 0 where it is no number, as to the database
		return n == have
	case string:
		s, ok := want.(string)
		return ok && fold(have) == fold(s)
	case []string:
		return slices.ContainsFunc(have, func(h string) bool { return matches(h, want) })
	}
	return false
}

func tagsMatch(filter string, values []string, view object) bool {
	have, _ := view["tags"].([]string)
	has := func(tag string) bool {
		return slices.ContainsFunc(have, func(h string) bool { return fold(h) == fold(tag) })
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

// --- order

// orders are the attributes that a list is sorted by. The id comes last, so that
// every list has one order: that of the ids, which are random, where nobody asks.
type orders []order

type order struct {
	attribute
	desc bool
}

func sorting(p params, table attributes) (orders, error) {
	keys := slices.DeleteFunc(p.all("sort_key"), func(s string) bool { return s == "" })
	dirs := slices.DeleteFunc(p.all("sort_dir"), func(s string) bool { return s == "" })
	if len(keys) != len(dirs) {
		return nil, badRequest("The number of sort_keys and sort_dirs must be same")
	}
	if wrong := slices.DeleteFunc(slices.Clone(keys), func(key string) bool { a, ok := table.named(key); return ok && a.sort }); len(wrong) > 0 {
		return nil, badRequest("%s is invalid attribute for sort_keys", listRepr(wrong))
	}
	if wrong := slices.DeleteFunc(slices.Clone(dirs), func(dir string) bool { return dir == "asc" || dir == "desc" }); len(wrong) > 0 {
		return nil, badRequest("%s is invalid value for sort_dirs, valid value is 'asc' and 'desc'", listRepr(wrong))
	}
	var all orders
	for i, key := range keys {
		by, _ := table.named(key)
		all = append(all, order{by, dirs[i] == "desc"})
	}
	return append(all, order{attribute: attribute{name: "id"}}), nil
}

func (o orders) compare(a, b object) int {
	for _, by := range o {
		x, y := a[by.name], b[by.name]
		if by.ranks != nil {
			x, y = slices.Index(by.ranks, x.(string)), slices.Index(by.ranks, y.(string))
		}
		n := compare(x, y)
		if by.desc {
			n = -n
		}
		if n != 0 {
			return n
		}
	}
	return 0
}

// compare orders values of an attribute: null first.
func compare(a, b any) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	if x, ok := a.(int); ok {
		if y, ok := b.(int); ok {
			return x - y
		}
	}
	return collate(fmt.Sprint(a), fmt.Sprint(b))
}

// --- pages

// limit is the size of a page: what is asked for, at most what the cloud allows, 0 for all.
func (c *Cloud) limit(p params) (int, error) {
	limit := 0
	if asked, ok := p.get("limit"); ok {
		n, ok := integer(json.Number(asked))
		if _, err := strconv.Atoi(asked); err != nil || !ok || n < 0 {
			return 0, invalid("BadRequest", "Bad limit request: Limit must be an integer 0 or greater and not '%s'.", asked)
		}
		limit = n
	}
	if c.pageLimit > 0 && (limit == 0 || limit > c.pageLimit) {
		limit = c.pageLimit
	}
	return limit, nil
}

func backwards(p params) bool {
	value, _ := p.get("page_reverse")
	return strings.EqualFold(value, "true")
}

// cut is what follows the marker, or, backwards, comes before it. A marker that
// is not there is none.
func cut(all []object, limit int, marker string, reverse bool) []object {
	at := slices.IndexFunc(all, func(view object) bool { return view["id"] == marker })
	if reverse {
		if at < 0 {
			at = len(all)
		}
		return all[max(at-limit, 0):at]
	}
	return all[at+1 : min(at+1+limit, len(all))]
}

func pageLinks(r request, at collection, items []object, limit int, reverse bool) []object {
	base := r.server.NetworkURL() + "/v2.0/" + at.path + "?"
	var links []object
	if len(items) == limit || reverse {
		p := r.params.without("marker", "page_reverse")
		if len(items) > 0 {
			p = append(p, param{"marker", items[len(items)-1]["id"].(string)})
		}
		links = append(links, object{"rel": "next", "href": base + p.String()})
	}
	if len(items) == limit || !reverse {
		p := r.params.without("marker", "page_reverse")
		if len(items) > 0 {
			p = append(p, param{"marker", items[0]["id"].(string)})
		}
		links = append(links, object{"rel": "previous", "href": base + append(p, param{"page_reverse", "True"}).String()})
	}
	return links
}
