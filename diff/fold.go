package diff

import (
	"cmp"
	"fmt"
	"slices"

	"sgc.dev/sgc/rule"
)

// folding is how much of a list is shown, and how many are not.
type folding func([]Flow) (shown []Flow, more int)

var all folding = func(flows []Flow) ([]Flow, int) { return flows, 0 }

// widest shows the flows about the widest networks and the most ports.
var widest folding = func(flows []Flow) ([]Flow, int) {
	const most = 10
	more := len(flows) - most
	if more <= 1 { // which takes no less room than its count
		return flows, 0
	}
	sorted := slices.SortedStableFunc(slices.Values(flows), func(a, b Flow) int { return compareWidth(a.Rule, b.Rule) })
	return sorted[:most], more
}

func besides(more int) string {
	return fmt.Sprintf("%d more, none of them wider; --all lists them", more)
}

// compareWidth orders rules by their remotes, and those alike by how many ports they open.
func compareWidth(a, b rule.Rule) int {
	ports := func(r rule.Rule) int { return int(r.Span().Last - r.Span().First) }
	return cmp.Or(cmp.Compare(size(a.Remote), size(b.Remote)), cmp.Compare(ports(b), ports(a)))
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
