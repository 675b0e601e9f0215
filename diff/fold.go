package diff

import (
	"cmp"
	"fmt"
	"slices"

	"sgc.dev/sgc/rule"
)

// folding is how much of a list is shown.
type folding func([]line) []line

var all folding = func(lines []line) []line { return lines }

// widest shows the lines about the widest networks, and counts the others.
var widest folding = func(lines []line) []line {
	const most = 10
	more := len(lines) - most
	if more <= 1 { // which takes no less room than its line
		return lines
	}
	sorted := slices.SortedStableFunc(slices.Values(lines), func(a, b line) int { return cmp.Compare(a.size, b.size) })
	return append(sorted[:most:most], line{text: fmt.Sprintf("%d more, none of them wider; --all lists them", more)})
}

// size orders remotes, the widest first: everyone, then networks by their length, of which
// IPv6 has twice as much for the same. A group is its servers, each an address.
func size(r rule.Remote) int {
	switch {
	case r.Kind() == rule.RemoteAnyone:
		return 0
	case r.Kind() != rule.RemotePrefix:
		return 32
	case r.Prefix().Addr().Is4():
		return r.Prefix().Bits()
	}
	return r.Prefix().Bits() / 2
}
