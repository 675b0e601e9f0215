package draft

import (
	"net/netip"
	"slices"

	"sgc.dev/sgc/rule"
)

// families is a set of IP versions.
type families uint8

const (
	only4 families = 1 << iota
	only6
	both = only4 | only6
)

func familyOf(f rule.Family) families {
	if f == rule.IPv4 {
		return only4
	}
	return only6
}

// familiesWhere is the IP versions for which something is so.
func familiesWhere(so func(rule.Family) bool) families {
	var set families
	for _, family := range both.each() {
		if so(family) {
			set |= familyOf(family)
		}
	}
	return set
}

// each lists the IP versions of the set.
func (f families) each() []rule.Family {
	var list []rule.Family
	for _, family := range []rule.Family{rule.IPv4, rule.IPv6} {
		if f&familyOf(family) != 0 {
			list = append(list, family)
		}
	}
	return list
}

// list is the set as a policy writes it.
func (f families) list() string {
	switch f {
	case only4:
		return `["ipv4"]`
	case only6:
		return `["ipv6"]`
	}
	return `["ipv4", "ipv6"]`
}

// fits says whether a rule means what it should where it is for the families of said.
func (r *statement) fits(said families) bool {
	effective := said & r.atom.exist
	if r.exact {
		return effective == r.families&r.atom.exist
	}
	return r.families&^said == 0
}

// misfits counts the statements that have to say their own families.
func misfits(list []*statement, said families) int {
	n := 0
	for _, r := range list {
		if !r.born && !r.fits(said) {
			n++
		}
	}
	return n
}

// cheapest is the families that a tier says, 0 where what the policy says is as good.
func (t *tier) cheapest(policy families) (own families, cost int) {
	cost = misfits(t.statements, policy)
	for _, f := range []families{only4, only6, both} {
		// One rule that says so is no more than a tier that does.
		if c := 1 + misfits(t.statements, f); f != policy && c < cost {
			own, cost = f, c
		}
	}
	return own, cost
}

// meanFamilies has statements for one IP version say so where sets have networks of both:
// beside these the other one looks forgotten. Private networks are of one version by nature.
func (p *Policy) meanFamilies() {
	sets := [][]netip.Prefix{}
	for _, s := range p.sets {
		sets = append(sets, s.prefixes)
	}
	if p.existing != nil {
		for _, s := range p.existing.Set.Addresses {
			sets = append(sets, s.Prefixes)
		}
	}
	is4 := func(n netip.Prefix) bool { return n.Addr().Is4() }
	is6 := func(n netip.Prefix) bool { return n.Addr().Is6() }
	if !slices.ContainsFunc(sets, func(set []netip.Prefix) bool { return slices.ContainsFunc(set, is4) && slices.ContainsFunc(set, is6) }) {
		return
	}
	for _, t := range p.Tiers {
		for _, s := range t.statements {
			public := slices.ContainsFunc(s.remotes, func(r rule.Remote) bool {
				return r.Kind() == rule.RemotePrefix && !r.Prefix().Addr().IsPrivate()
			})
			s.exact = s.exact || public && s.families != both
		}
	}
}

// settleFamilies says the IP versions at the highest level where they are true.
func (p *Policy) settleFamilies() {
	incoming := families(0)
	any := false
	for _, t := range p.Tiers {
		for _, r := range t.statements {
			if r.direction == rule.Ingress {
				incoming |= r.families & r.atom.exist
				any = true
			}
		}
	}
	cost := func(f families) int {
		n := 0
		for _, t := range p.Tiers {
			_, c := t.cheapest(f)
			n += c
		}
		return n
	}
	p.families = both
	if any && incoming != both && cost(incoming) <= cost(both) {
		p.families = incoming
	}
	for _, t := range p.Tiers {
		t.families, _ = t.cheapest(p.families)
	}
}
