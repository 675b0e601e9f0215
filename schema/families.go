package schema

import (
	"fmt"
	"net/netip"

	"sgc.dev/sgc/rule"
)

var bothFamilies = Families{IPv4: true, IPv6: true}

// and is the families of both.
func (s Families) and(t Families) Families {
	return Families{IPv4: s.IPv4 && t.IPv4, IPv6: s.IPv6 && t.IPv6}
}

// includes says whether a network is of one of the families.
func (s Families) includes(p netip.Prefix) bool {
	return p.Addr().Is4() && s.IPv4 || p.Addr().Is6() && s.IPv6
}

// none says whether the set is empty.
func (s Families) none() bool { return s == Families{} }

func (s Families) String() string {
	switch s {
	case Families{IPv4: true}:
		return "IPv4"
	case Families{IPv6: true}:
		return "IPv6"
	case Families{}:
		return "no family"
	}
	return "IPv4 and IPv6"
}

// familiesOf is the IP versions of some networks.
func familiesOf(prefixes []netip.Prefix) Families {
	var s Families
	for _, p := range prefixes {
		s.IPv4, s.IPv6 = s.IPv4 || p.Addr().Is4(), s.IPv6 || p.Addr().Is6()
	}
	return s
}

// families is the IP versions in which any of a service exists.
func (s Service) families() Families {
	var f Families
	for _, m := range s.Matches {
		f.IPv4, f.IPv6 = f.IPv4 || m.Families.IPv4, f.IPv6 || m.Families.IPv6
	}
	return f
}

// checkFamilies sees to it that the rule's families leave something of its
// service and of each of its peers. Nothing that the author listed may vanish.
func (r *reader) checkFamilies(u Rule, n node, peers []node) {
	if u.Families.none() || u.Service.Matches == nil {
		return
	}
	service := u.Service.families()
	if service.and(u.Families).none() {
		r.fault(n, fmt.Sprintf("nothing is left of the rule: %q exists in %s alone, and the rule is for %s", u.Service.Name, service, u.Families))
		return
	}
	for i, p := range u.Peers {
		if p.Kind != rule.EndPrefix && p.Kind != rule.EndAddresses {
			continue
		}
		what := fmt.Sprintf("%s is", p.Text)
		if p.Kind == rule.EndAddresses {
			what = fmt.Sprintf("nothing is left of %q: its addresses are", p.Text)
		}
		own := familiesOf(p.Prefixes)
		switch {
		case own.none():
		case own.and(u.Families).none():
			r.fault(peers[i], fmt.Sprintf("%s %s, and the rule is for %s alone", what, own, u.Families))
		case own.and(u.Families).and(service).none():
			r.fault(peers[i], fmt.Sprintf("%s %s, and %q exists in %s alone", what, own, u.Service.Name, service))
		}
	}
}

// allFamilies is every IP version in which a protocol exists.
func allFamilies(p rule.Protocol) Families {
	return Families{IPv4: p.In(rule.IPv4), IPv6: p.In(rule.IPv6)}
}
