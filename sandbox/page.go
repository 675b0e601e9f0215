package sandbox

import (
	"slices"
	"strings"
)

// limit is the size of a page: what is asked for, at most what the cloud allows, 0 for all.
func (c *Cloud) limit(p params) (int, error) {
	limit := 0
	if asked, ok := p.get("limit"); ok {
		n, ok := integer(asked)
		if !ok || n < 0 {
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
	limit = min(limit, len(all))
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
