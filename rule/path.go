package rule

import (
	"strconv"
	"strings"
)

// Path is how messages write a place in a policy: names below a path, with dots
// between them. A name of other characters than letters, digits, "-", "_" and "#" is
// in quotes, as in tiers."web.v2".ingress.http; up is a path already, "" for the
// whole policy.
func Path(up string, names ...string) string {
	for _, name := range names {
		if name == "" || strings.ContainsFunc(name, quoted) {
			name = strconv.Quote(name)
		}
		if up == "" {
			up = name
		} else {
			up = up + "." + name
		}
	}
	return up
}

func quoted(r rune) bool {
	return r != '-' && r != '_' && r != '#' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
}
