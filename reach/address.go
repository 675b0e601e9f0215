package reach

import (
	"fmt"
	"net/netip"
	"slices"

	"go4.org/netipx"

	"sgc.dev/sgc/rule"
)

// at is whoever is at the addresses of outsiders: they, and the servers that
// declare any of these, or may have them by the policy's networks. A server of which
// neither says any in a family may be anywhere, and a question about addresses is not
// about it.
func (v *View) at(outsiders *member) []*member {
	members := []*member{outsiders}
	for _, m := range v.everyone {
		if !m.guarded {
			continue
		}
		if m := v.inside(m, outsiders.network); m != nil {
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

// inside is a server as far as its addresses may be in a network: itself where all
// are there, nil where none is.
func (v *View) inside(m *member, network map[rule.Family]*netipx.IPSet) *member {
	here := func(f rule.Family) bool {
		return (!m.unknown[f] || v.saysHome(f)) && m.addresses[f].Overlaps(network[f])
	}
	if !slices.ContainsFunc(families[:], here) {
		return nil
	}
	share := *m
	share.whole = m
	share.addresses, share.network, share.unknown = map[rule.Family]*netipx.IPSet{}, map[rule.Family]*netipx.IPSet{}, map[rule.Family]bool{}
	for _, f := range families {
		share.addresses[f] = prefixSet()
		if here(f) {
			share.addresses[f], share.network[f] = both(m.addresses[f], network[f]), both(m.place(f), network[f])
			share.unknown[f] = m.unknown[f]
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

// perhapsElsewhere says whether a question is about some of the addresses that a
// server may have in a family, of which the policy does not know which it has.
func (m *member) perhapsElsewhere(f rule.Family) bool {
	return m.unknown[f] && m.partly(f)
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
		var names, places, perhaps []string
		for _, pair := range pairs {
			m := pair[side]
			if !m.guarded {
				continue
			}
			names = append(names, m.end.Name)
			if slices.ContainsFunc(families[:], m.perhapsElsewhere) {
				perhaps = append(perhaps, m.end.Name)
			} else {
				places = append(places, fmt.Sprintf("%s (%s)", m.end.Name, some(m.prefixes())))
			}
		}
		switch single := end.Kind == rule.EndPrefix && end.Prefix.IsSingleIP(); {
		case names == nil:
		case single && v.isOwn(end.Prefix.Addr()):
			notes = append(notes, fmt.Sprintf("%s is server %s", end.Name, Few(unique(names))))
		case single:
			notes = append(notes, fmt.Sprintf("%s may be server %s", end.Name, Few(unique(names))))
		default:
			if places != nil {
				notes = append(notes, fmt.Sprintf("servers in %s: %s", end.Name, Few(unique(places))))
			}
			if perhaps != nil {
				notes = append(notes, fmt.Sprintf("may be in %s: %s", end.Name, Few(unique(perhaps))))
			}
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
		list = append(list, m.place(f).Prefixes()...)
	}
	return list
}
