package sandbox

import (
	"net/url"
	"strings"
)

// params are the parameters of a query in their order, which the links of a
// list repeat.
type params []param

type param struct{ name, value string }

func parseParams(query string) params {
	var all params
	for part := range strings.SplitSeq(query, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		n, err1 := url.QueryUnescape(name)
		v, err2 := url.QueryUnescape(value)
		if err1 == nil && err2 == nil {
			all = append(all, param{n, v})
		}
	}
	return all
}

// get is the last value of a parameter, and whether it is there.
func (p params) get(name string) (string, bool) {
	values := p.all(name)
	if len(values) == 0 {
		return "", false
	}
	return values[len(values)-1], true
}

func (p params) all(name string) []string {
	var values []string
	for _, one := range p {
		if one.name == name {
			values = append(values, one.value)
		}
	}
	return values
}

// without drops parameters.
func (p params) without(names ...string) params {
	var kept params
next:
	for _, one := range p {
		for _, name := range names {
			if one.name == name {
				continue next
			}
		}
		kept = append(kept, one)
	}
	return kept
}

// String is the query that the parameters make.
func (p params) String() string {
	var parts []string
	for _, one := range p {
		parts = append(parts, url.QueryEscape(one.name)+"="+url.QueryEscape(one.value))
	}
	return strings.Join(parts, "&")
}
