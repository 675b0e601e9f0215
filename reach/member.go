package reach

import (
	"fmt"
	"net/netip"
	"slices"

	"go4.org/netipx"

	"sgc.dev/sgc/rule"
)

// families is both, in the order in which answers speak of them. It is an array
// to range over.
var families = [...]rule.Family{rule.IPv4, rule.IPv6}

// member is one thing at an end of a flow: a kind of server, or addresses.
type member struct {
	end      rule.End
	tiers    []string // that a server of the policy carries, sorted
	groups   []*group // theirs
	guarded  bool     // a server of the policy: its rules are known, and judge
	stateful bool     // answers to what its groups let through pass by themselves

	// Its addresses by family; where they are unknown, those that it may have.
	addresses map[rule.Family]*netipx.IPSet
	unknown   map[rule.Family]bool

	// Of outsiders and of servers that have no addresses of their own, their network
	// with the single addresses of servers in it, which are not theirs: words about
	// it would be full of holes without them.
	network map[rule.Family]*netipx.IPSet

	whole    *member  // of a server asked about by some of its addresses: the server; else nil
	except   []string // address groups whose members are not meant, for "everyone but these"
	memberOf string   // the address group in which it is known to be, or ""
}

// server is a server that carries the tiers and may have any address that is
// somewhere where servers live.
func (v *View) server(end rule.End, tiers []string) *member {
	m := anywhere(end)
	m.tiers, m.guarded, m.stateful = tiers, true, true
	m.network = map[rule.Family]*netipx.IPSet{}
	for _, f := range families {
		if v.saysHome(f) {
			m.addresses[f], m.network[f] = v.home.addresses[f], v.home.network[f]
		}
	}
	for _, t := range tiers {
		g := v.groups[t]
		m.groups = append(m.groups, g)
		// Neutron refuses to put groups of both kinds on a port; a server with
		// several ports is judged as if its answers had the worst of them.
		m.stateful = m.stateful && g.stateful
	}
	return m
}

// saysHome says whether the policy says in which networks of a family servers live. It
// does not where all of these are addresses that servers declare by themselves.
func (v *View) saysHome(f rule.Family) bool { return !isEmpty(v.home.addresses[f]) }

// place is where the addresses of a member are, in words.
func (m *member) place(f rule.Family) *netipx.IPSet {
	if network := m.network[f]; network != nil {
		return network
	}
	return m.addresses[f]
}

// anywhere is a member that may have any address.
func anywhere(end rule.End) *member {
	m := outside(end)
	for _, f := range families {
		m.addresses[f], m.unknown[f] = prefixSet(whole(f)), true
	}
	return m
}

// outside is addresses of no server; there are none in it yet.
func outside(end rule.End, prefixes ...netip.Prefix) *member {
	m := &member{end: end, addresses: map[rule.Family]*netipx.IPSet{}, unknown: map[rule.Family]bool{}}
	for _, f := range families {
		m.addresses[f] = prefixSet(ofFamily(prefixes, f)...)
	}
	return m
}

// members is what an end stands for.
func (v *View) members(end rule.End) ([]*member, error) {
	switch end.Kind {
	case rule.EndPublic:
		return []*member{v.public}, nil
	case rule.EndPrefix:
		return v.at(v.outsiders(end, end.Prefix)), nil
	case rule.EndAddresses:
		for _, m := range v.everyone {
			if m.end.Kind == end.Kind && m.end.Name == end.Name {
				return v.at(m), nil
			}
		}
	case rule.EndTier:
		if carriers := v.carriers[end.Name]; len(carriers) > 0 {
			return carriers, nil
		}
		if v.groups[end.Name] != nil {
			return []*member{v.server(end, []string{end.Name})}, nil
		}
	case rule.EndServer:
		if m := v.servers[end.Name]; m != nil {
			return []*member{m}, nil
		}
	case rule.EndGroup, rule.EndAddressGroup:
		return []*member{anywhere(end)}, nil
	}
	return nil, fmt.Errorf("the policy has no %q", end.Name)
}

// hold is a rule at one end of a flow that is about the member at the other.
type hold struct {
	rule.Entry
	rule.Span
	all   bool         // whatever its address
	in    netip.Prefix // else: where its address is in here
	group string       // or: where its address is in this address group
}

// holds is the rules of a member, in one direction, that are about another
// member and about packets of the match.
func (m *member) holds(d rule.Direction, other *member, q rule.Match) []hold {
	var list []hold
	asked := q.Span()
	for _, g := range m.groups {
		for _, e := range g.entries(d) {
			if e.Family != q.Family {
				continue
			}
			s := e.Span()
			if !s.Overlaps(asked) {
				continue
			}
			if h, ok := other.under(e); ok {
				h.Span = s
				list = append(list, h)
			}
		}
	}
	return list
}

func (g *group) entries(d rule.Direction) []rule.Entry {
	if d == rule.Ingress {
		return g.ingress
	}
	return g.egress
}

// under is how a rule with the member at its other end is about it, if at all.
func (m *member) under(e rule.Entry) (hold, bool) {
	h := hold{Entry: e}
	switch e.Remote.Kind() {
	case rule.RemoteAnyone:
		h.all = true
	case rule.RemotePrefix:
		set := m.addresses[e.Family]
		switch p := e.Remote.Prefix(); {
		case !set.OverlapsPrefix(p):
			return h, false
		case within(set, p):
			h.all = true
		default:
			h.in = p
		}
	case rule.RemoteTier:
		_, h.all = slices.BinarySearch(m.tiers, e.Remote.Name())
		return h, h.all
	case rule.RemoteGroup:
		h.all = m.end.Kind == rule.EndGroup && m.end.Name == e.Remote.Name()
		return h, h.all
	case rule.RemoteAddressGroup:
		if slices.Contains(m.except, e.Remote.Name()) {
			return h, false
		}
		h.all = m.memberOf == e.Remote.Name() || m.end.Kind == rule.EndAddressGroup && m.end.Name == e.Remote.Name()
		if !h.all {
			h.group = e.Remote.Name()
		}
	}
	return h, true
}
