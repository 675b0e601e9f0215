package reach

import (
	"net/netip"
	"slices"

	"go4.org/netipx"

	"sgc.dev/sgc/rule"
)

// prefixSet is the addresses of some prefixes.
func prefixSet(prefixes ...netip.Prefix) *netipx.IPSet {
	var b netipx.IPSetBuilder
	for _, p := range prefixes {
		b.AddPrefix(p)
	}
	return built(&b)
}

// whole is every address of a family.
func whole(f rule.Family) netip.Prefix {
	if f == rule.IPv4 {
		return netip.PrefixFrom(netip.IPv4Unspecified(), 0)
	}
	return netip.PrefixFrom(netip.IPv6Unspecified(), 0)
}

// built is the set of a builder. Only an invalid prefix is an error to it; none
// gets past the schema, and it has no addresses.
func built(b *netipx.IPSetBuilder) *netipx.IPSet {
	set, _ := b.IPSet()
	return set
}

// common is the addresses of a set that are in a prefix, too.
func common(set *netipx.IPSet, p netip.Prefix) *netipx.IPSet { return both(set, prefixSet(p)) }

// both is the addresses that two sets have in common.
func both(set, other *netipx.IPSet) *netipx.IPSet {
	var b netipx.IPSetBuilder
	b.AddSet(set)
	b.Intersect(other)
	return built(&b)
}

// minus is the addresses of a set that are not in another.
func minus(set, other *netipx.IPSet) *netipx.IPSet {
	if !set.Overlaps(other) {
		return set
	}
	var b netipx.IPSetBuilder
	b.AddSet(set)
	b.RemoveSet(other)
	return built(&b)
}

// within says whether all of a set is in a prefix. Prefixes are ranges, so the
// ends say it.
func within(set *netipx.IPSet, p netip.Prefix) bool {
	for _, r := range set.Ranges() {
		if !p.Contains(r.From()) || !p.Contains(r.To()) {
			return false
		}
	}
	return true
}

func isEmpty(set *netipx.IPSet) bool { return len(set.Ranges()) == 0 }

// public is every address of a family in no address set of the policy. A set
// with a network wider than /8 (IPv4) or /32 (IPv6) names no place but a part of
// the world, so it is not taken out.
func public(sets []rule.AddressSet, f rule.Family) *netipx.IPSet {
	widest := 8
	if f == rule.IPv6 {
		widest = 32
	}
	var b netipx.IPSetBuilder
	b.AddPrefix(whole(f))
	for _, s := range sets {
		own := ofFamily(s.Prefixes, f)
		if !slices.ContainsFunc(own, func(p netip.Prefix) bool { return p.Bits() < widest }) {
			b.RemoveSet(prefixSet(own...))
		}
	}
	return built(&b)
}

func ofFamily(prefixes []netip.Prefix, f rule.Family) []netip.Prefix {
	return slices.DeleteFunc(slices.Clone(prefixes), func(p netip.Prefix) bool { return p.Addr().BitLen() != f.Bits() })
}

// sample is an address of a set that is not empty: one of those kept for
// documentation where it can be, since it stands in messages.
func sample(set *netipx.IPSet) netip.Addr {
	for _, p := range []netip.Prefix{
		netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("192.0.2.0/24"),
		netip.MustParsePrefix("2001:db8:ffff::/48"),
	} {
		if a := p.Addr().Next(); set.Contains(a) {
			return a
		}
	}
	first := set.Ranges()[0].From()
	if next := first.Next(); set.Contains(next) {
		return next // the first address of a network is nobody's
	}
	return first
}
