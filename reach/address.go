package reach

import (
	"fmt"
	"net/netip"
	"slices"

	"go4.org/netipx"

	"sgc.dev/sgc/rule"
)

// at is whoever is at the addresses of outsiders: they, and the servers that
// declare any of these. A server that declares none in a family may be anywhere, and a
// question about addresses is not about it.
func (v *View) at(outsiders *member) []*member {
	members := []*member{outsiders}
	for _, s := range v.set.Servers {
		if m := v.servers[s.Name].inside(outsiders.network); m != nil {
			members = append(members, m)
		}
	}
	return members
}

// outsiders is those at some addresses who are no server of the policy.
func (v *View) outsiders(end rule.End, prefixes ...netip.Prefix) *member {
	m := outside(end, prefixes...)
	m.leave(v.own)
	return m
}

// leave takes addresses out that are servers'.
func (m *member) leave(own map[rule.Family]*netipx.IPSet) {
	m.network = m.addresses
	m.addresses = map[rule.Family]*netipx.IPSet{}
	for _, f := range families {
		m.addresses[f] = minus(m.network[f], own[f])
	}
}

// inside is a server as far as it declares addresses of a network: itself where all
// are there, nil where none is.
func (m *member) inside(network map[rule.Family]*netipx.IPSet) *member {
	here := func(f rule.Family) bool { return !m.unknown[f] && m.addresses[f].Overlaps(network[f]) }
	if !slices.ContainsFunc(families[:], here) {
		return nil
	}
	share := *m
	share.whole = m
	share.addresses, share.unknown = map[rule.Family]*netipx.IPSet{}, map[rule.Family]bool{}
	for _, f := range families {
		share.addresses[f] = prefixSet()
		if here(f) {
			share.addresses[f] = both(m.addresses[f], network[f])
		}
	}
	if !slices.ContainsFunc(families[:], share.partly) {
		return m
	}
	return &share
}

// partly says whether a question is about some of a server's addresses in a family.
func (m *member) partly(f rule.Family) bool {
	return m.whole != nil && !m.addresses[f].Equal(m.whole.addresses[f])
}

// declared is the single addresses of a family that servers declare.
func declared(servers []rule.Server, f rule.Family) []netip.Prefix {
	var list []netip.Prefix
	for _, s := range servers {
		list = append(list, slices.DeleteFunc(ofFamily(s.Addresses, f), func(p netip.Prefix) bool { return !p.IsSingleIP() })...)
	}
	return list
}

// whoIsThere says which servers the ends of a question stand for that name addresses.
func (v *View) whoIsThere(q Question, pairs [][2]*member) []string {
	var notes []string
	for side, end := range []rule.End{q.From, q.To} {
		if end.Kind != rule.EndPrefix && end.Kind != rule.EndAddresses {
			continue
		}
		var names, places []string
		for _, pair := range pairs {
			if m := pair[side]; m.guarded {
				names = append(names, m.end.Name)
				places = append(places, fmt.Sprintf("%s (%s)", m.end.Name, some(m.prefixes())))
			}
		}
		switch single := end.Kind == rule.EndPrefix && end.Prefix.IsSingleIP(); {
		case names == nil:
		case single && v.isOwn(end.Prefix.Addr()):
			notes = append(notes, fmt.Sprintf("%s is server %s", end.Name, few(unique(names))))
		case single:
			notes = append(notes, fmt.Sprintf("%s may be server %s", end.Name, few(unique(names))))
		default:
			notes = append(notes, fmt.Sprintf("servers in %s: %s", end.Name, few(unique(places))))
		}
	}
	return notes
}

// isOwn says whether an address is a server's, and nobody else's.
func (v *View) isOwn(a netip.Addr) bool {
	return slices.ContainsFunc(families[:], func(f rule.Family) bool { return v.own[f].Contains(a) })
}

// prefixes is the addresses of both families.
func (m *member) prefixes() []netip.Prefix {
	var list []netip.Prefix
	for _, f := range families {
		list = append(list, m.addresses[f].Prefixes()...)
	}
	return list
}
