package diff

import (
	"cmp"
	"net/netip"
	"slices"
	"sort"
	"strings"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/rule"
)

// index finds the entries that allow some of an opening, without asking each
// opening about each entry: there may be tens of thousands of both.
type index struct {
	buckets  map[bucketKey]*bucket
	prefixes map[half][]netip.Prefix // the remotes of buckets, by address, then length
	others   map[half][]rule.Remote  // the other remotes of buckets
}

type half struct {
	direction rule.Direction
	family    rule.Family
}

// bucketKey is what the entries of a bucket have in common.
type bucketKey struct {
	half
	remote   rule.Remote
	protocol rule.Protocol
}

// bucket is entries by their first place on the line; reach[i] is the last place of all up to i.
type bucket struct {
	entries []rule.Entry
	reach   []uint32
}

func newIndex(entries []rule.Entry) *index {
	x := &index{map[bucketKey]*bucket{}, map[half][]netip.Prefix{}, map[half][]rule.Remote{}}
	known := map[bucketKey]bool{}
	for _, e := range entries {
		h := half{e.Direction, e.Family}
		key := bucketKey{h, e.Remote, e.Protocol}
		b := x.buckets[key]
		if b == nil {
			b = &bucket{}
			x.buckets[key] = b
		}
		b.entries = append(b.entries, e)
		if at := (bucketKey{half: h, remote: e.Remote}); !known[at] {
			known[at] = true
			if e.Remote.Kind() == rule.RemotePrefix {
				x.prefixes[h] = append(x.prefixes[h], e.Remote.Prefix())
			} else {
				x.others[h] = append(x.others[h], e.Remote)
			}
		}
	}
	for _, list := range x.prefixes {
		slices.SortFunc(list, netip.Prefix.Compare)
	}
	for _, b := range x.buckets {
		slices.SortStableFunc(b.entries, func(a, c rule.Entry) int { return cmp.Compare(a.Span().First, c.Span().First) })
		last := uint32(0)
		for _, e := range b.entries {
			last = max(last, e.Span().Last)
			b.reach = append(b.reach, last)
		}
	}
	return x
}

// behind is the origins of the entries that allow some of an opening, each once.
func (x *index) behind(o access.Opening) []rule.Origin {
	var origins []rule.Origin
	h := half{o.Direction, o.Family}
	protocols := []rule.Protocol{o.Protocol, rule.AnyProtocol}
	if o.Protocol == rule.AnyProtocol {
		protocols = protocols[:1]
		for p := rule.Protocol(1); p < rule.AnyProtocol; p++ {
			protocols = append(protocols, p)
		}
	}
	for _, remote := range x.remotes(h, o.Remote) {
		for _, protocol := range protocols {
			b := x.buckets[bucketKey{h, remote, protocol}]
			if b == nil {
				continue
			}
			from := sort.Search(len(b.reach), func(i int) bool { return b.reach[i] >= o.Span().First })
			for _, e := range b.entries[from:] {
				if e.Span().First > o.Span().Last {
					break
				}
				if access.Overlaps(o.Rule, e.Rule) && !excepted(o, e.Rule) {
					origins = append(origins, e.Origins...)
				}
			}
		}
	}
	slices.SortFunc(origins, func(a, b rule.Origin) int {
		return cmp.Or(rule.ComparePos(a.Pos, b.Pos), strings.Compare(a.Path, b.Path))
	})
	return slices.CompactFunc(origins, func(a, b rule.Origin) bool { return a.Pos == b.Pos && a.Path == b.Path })
}

// remotes is those of entries that have something in common with r.
func (x *index) remotes(h half, r rule.Remote) []rule.Remote {
	if r.Kind() != rule.RemotePrefix {
		var all []rule.Remote
		for _, other := range x.others[h] {
			if other == r || other.Kind() == rule.RemoteAnyone || r.Kind() == rule.RemoteAnyone {
				all = append(all, other)
			}
		}
		if r.Kind() == rule.RemoteAnyone {
			for _, p := range x.prefixes[h] {
				all = append(all, rule.Prefix(p))
			}
		}
		return all
	}
	prefixes, inside := x.prefixes[h], r.Prefix()
	all := []rule.Remote{rule.Anyone()}
	for bits := 1; bits < inside.Bits(); bits++ {
		around := netip.PrefixFrom(inside.Addr(), bits).Masked()
		if _, ok := slices.BinarySearchFunc(prefixes, around, netip.Prefix.Compare); ok {
			all = append(all, rule.Prefix(around))
		}
	}
	from, _ := slices.BinarySearchFunc(prefixes, inside, netip.Prefix.Compare)
	for _, p := range prefixes[from:] {
		if !inside.Contains(p.Addr()) {
			break
		}
		all = append(all, rule.Prefix(p))
	}
	return all
}

func excepted(o access.Opening, r rule.Rule) bool {
	return slices.ContainsFunc(o.Except, func(except rule.Rule) bool { return access.Covers(except, r) })
}
