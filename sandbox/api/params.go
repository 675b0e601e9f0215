package api

import (
	"net/url"
	"strings"
)

// Params are the parameters of a query in their order, which the links of a
// list repeat.
type Params []param

type param struct{ name, value string }

// ParseParams reads a query; what is not encoded as it should be is left out.
func ParseParams(query string) Params {
	var all Params
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

// Get is the last value of a parameter, and whether it is there.
func (p Params) Get(name string) (string, bool) {
	values := p.All(name)
	if len(values) == 0 {
		return "", false
	}
	return values[len(values)-1], true
}

func (p Params) All(name string) []string {
	var values []string
	for _, one := range p {
		if one.name == name {
			values = append(values, one.value)
		}
	}
	return values
}

// without drops parameters.
func (p Params) without(names ...string) Params {
	var kept Params
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
func (p Params) String() string {
	var parts []string
	for _, one := range p {
		parts = append(parts, url.QueryEscape(one.name)+"="+url.QueryEscape(one.value))
	}
	return strings.Join(parts, "&")
}
