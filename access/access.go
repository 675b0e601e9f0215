// Package access computes with sets of packets: what security group rules allow,
// whatever form they have. It finds the shortest list of rules for a set
// ([Minimise]), compares sets ([Access.Equal], [Access.Contains]) and takes one
// from another ([Difference]). It is pure.
//
// A packet is what one rule of a direction and family tells apart: a service
// (a protocol with its port, or ICMP type and code) and a remote end. Protocols
// never add up to any protocol, because there are always others. Networks and
// groups have nothing in common, as far as a policy can know: a server of a
// group may have any address. Two consequences: rules from a network never
// cover one from a group, and rules from all addresses do.
package access

import (
	"slices"

	"sgc.dev/sgc/rule"
)

// Access is an immutable set of packets of one group, in both directions and
// families. The zero Access is empty.
type Access struct {
	regions map[half]*region
}

// Of is the packets that at least one of the rules allows. A rule that
// [rule.Rule.Check] refuses allows none.
func Of(rules ...rule.Rule) Access {
	sides := map[half][]rule.Rule{}
	for _, r := range rules {
		if h := halfOf(r); h != (half{}) {
			sides[h] = append(sides[h], r)
		}
	}
	a := Access{map[half]*region{}}
	for h, rules := range sides {
		a.regions[h] = newRegion(h.family, nil, rules)
	}
	return a
}

// Contains says whether the set has every packet of r. It is false for a rule
// that [rule.Rule.Check] refuses.
func (a Access) Contains(r rule.Rule) bool {
	g, ok := a.regions[halfOf(r)]
	return ok && g.contains(r.Remote, r.Span())
}

// Equal says whether both sets have the same packets. What has grown at which
// remote depends on the set alone, not on the rules it was made of.
func (a Access) Equal(b Access) bool {
	if len(a.regions) != len(b.regions) {
		return false
	}
	for h, g := range a.regions {
		if o, ok := b.regions[h]; !ok || !g.equal(o) {
			return false
		}
	}
	return true
}

func (g *region) equal(o *region) bool {
	var count int
	for _, l := range o.grown {
		count += len(l)
	}
	for y, l := range g.grown {
		if len(l) == 0 {
			continue
		}
		z, ok := o.at[g.nodes[y].remote]
		if !ok || !slices.Equal(l, o.grown[z]) {
			return false
		}
		count -= len(l)
	}
	return count == 0
}

// Rules is the shortest list of rules for the set, sorted by [rule.Compare].
func (a Access) Rules() []rule.Rule {
	var rules []rule.Rule
	for h, g := range a.regions {
		for _, it := range g.listing() {
			rules = append(rules, g.rule(h, it))
		}
	}
	slices.SortFunc(rules, rule.Compare)
	return rules
}

// Covers says whether r alone allows every packet of s. It is false where
// [rule.Rule.Check] refuses one of them.
func Covers(r, s rule.Rule) bool {
	h := halfOf(r)
	return h != (half{}) && h == halfOf(s) && remoteCovers(r.Remote, s.Remote) && r.Span().Covers(s.Span())
}

// Overlaps says whether a packet is known that both r and s allow. It is false
// where [rule.Rule.Check] refuses one of them.
func Overlaps(r, s rule.Rule) bool {
	h := halfOf(r)
	return h != (half{}) && h == halfOf(s) &&
		(remoteCovers(r.Remote, s.Remote) || remoteCovers(s.Remote, r.Remote)) && r.Span().Overlaps(s.Span())
}

func remoteCovers(r, s rule.Remote) bool {
	switch {
	case r.Kind() == rule.RemoteAnyone || r == s:
		return true
	case r.Kind() != rule.RemotePrefix || s.Kind() != rule.RemotePrefix:
		return false
	}
	return r.Prefix().Bits() <= s.Prefix().Bits() && r.Prefix().Contains(s.Prefix().Addr())
}
