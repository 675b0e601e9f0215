package api

import (
	"slices"
	"strings"
)

// limitOf is the size of a page: what is asked for, at most what the cloud allows, 0 for all.
func limitOf(p Params, most int) (int, error) {
	limit := 0
	if asked, ok := p.Get("limit"); ok {
		n, ok := Integer(asked)
		if !ok || n < 0 {
			return 0, Invalid("BadRequest", "Bad limit request: Limit must be an integer 0 or greater and not '%s'.", asked)
		}
		limit = n
	}
	if most > 0 && (limit == 0 || limit > most) {
		limit = most
	}
	return limit, nil
}

func backwards(p Params) bool {
	value, _ := p.Get("page_reverse")
	return strings.EqualFold(value, "true")
}

// cut is what follows the marker, or, backwards, comes before it. A marker that
// is not there is none.
func cut(all []Object, limit int, marker string, reverse bool) []Object {
	limit = min(limit, len(all))
	at := slices.IndexFunc(all, func(view Object) bool { return view["id"] == marker })
	if reverse {
		if at < 0 {
			at = len(all)
		}
		return all[max(at-limit, 0):at]
	}
	return all[at+1 : min(at+1+limit, len(all))]
}

func pageLinks(asked Params, address string, items []Object, limit int, reverse bool) []Object {
	base := address + "?"
	var links []Object
	if len(items) == limit || reverse {
		p := asked.without("marker", "page_reverse")
		if len(items) > 0 {
			p = append(p, param{"marker", items[len(items)-1]["id"].(string)})
		}
		links = append(links, Object{"rel": "next", "href": base + p.String()})
	}
	if len(items) == limit || !reverse {
		p := asked.without("marker", "page_reverse")
		if len(items) > 0 {
			p = append(p, param{"marker", items[0]["id"].(string)})
		}
		links = append(links, Object{"rel": "previous", "href": base + append(p, param{"page_reverse", "True"}).String()})
	}
	return links
}
