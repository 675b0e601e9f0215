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

// widest shows the flows about the widest networks.
var widest folding = func(flows []Flow) ([]Flow, int) {
	const most = 10
	more := len(flows) - most
	if more <= 1 { // which takes no less room than its count
		return flows, 0
	}
	sorted := slices.SortedStableFunc(slices.Values(flows), func(a, b Flow) int { return cmp.Compare(size(a.Remote), size(b.Remote)) })
	return sorted[:most], more
}

func besides(more int) string { return fmt.Sprintf("%d more, none of them wider; --all lists them", more) }

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
