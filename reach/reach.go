// Package reach says who can reach whom under a compiled policy, by which rules
// as written, and whether the policy's assertions hold. It is pure.
//
// A server carries the union of its groups. The first packet of a flow passes
// when the egress of the server that sends it and the ingress of the server that
// receives it both allow it; what is no server of the policy has no rules here,
// and only the other end judges. A tier stands for the servers that carry it, or
// for a server with it alone where none does.
//
// A remote group means the fixed addresses of its members, so what comes from
// outside never matches one. The addresses of a server are those that it
// declares in the policy; in a family in which it declares none they may be any in
// the policy's networks of that family, or any at all where there are none, and a
// rule about a network then lets it through in part: if it has an address there.
// The same goes for membership in an address group.
//
// Addresses that a question names stand for whoever is there: the servers that
// declare some of them or may have them by the policy's networks, and outsiders. A
// single address that a server declares is that server and nobody else; in a network
// that it declares others may be, too.
//
// Neighbour discovery passes by itself on every backend, whatever a question
// about other packets says; a question about nothing else is answered with it
// (see [ByItself]). DHCP of a server passes by itself on Open vSwitch and iptables
// and needs rules on OVN: answers here are those of the rules.
package reach

import (
	"fmt"
	"slices"
	"strings"

	"go4.org/netipx"

	"sgc.dev/sgc/rule"
)

// Verdict is the answer in a word. The zero Verdict is none.
type Verdict uint8

const (
	Yes    Verdict = iota + 1 // every packet of the question passes
	No                        // none does
	InPart                    // some do, or may, depending on addresses that the policy does not know
)

func (v Verdict) String() string {
	switch v {
	case Yes:
		return "yes"
	case No:
		return "no"
	case InPart:
		return "in part"
	}
	return fmt.Sprintf("Verdict(%d)", uint8(v))
}

// View is a compiled policy, ready to be asked.
type View struct {
	set      *rule.Set
	groups   map[string]*group
	servers  map[string]*member
	carriers map[string][]*member          // by tier
	own      map[rule.Family]*netipx.IPSet // single addresses that servers declare: nobody else is there
	home     *member                       // where the policy says that the other servers live; nowhere is not said
	public   *member

	// All that the policy names, each once: the world, outsiders in address sets,
	// others' groups, servers, and tiers that no server carries.
	everyone []*member

	open   *View                // the same with what others may open; nil where they may not
	theirs map[rule.Origin]bool // of that one, where this comes from; else nil
}

// group is a tier's rules by direction.
type group struct {
	ingress, egress []rule.Entry
	stateful        bool
}

// New reads a set, which must not change as long as the View is in use.
func New(set *rule.Set) *View {
	v := &View{
		set:      set,
		groups:   make(map[string]*group, len(set.Groups)),
		servers:  make(map[string]*member, len(set.Servers)),
		carriers: map[string][]*member{},
		own:      map[rule.Family]*netipx.IPSet{},
	}
	for _, f := range families {
		v.own[f] = prefixSet(declared(set.Servers, f)...)
	}
	v.home = v.outsiders(rule.End{}, set.Networks...)
	for i := range set.Groups {
		g := &set.Groups[i]
		v.groups[g.Tier] = newGroup(g)
	}
	for _, s := range set.Servers {
		tiers := slices.Clone(s.Tiers)
		if _, ok := v.groups[s.Name]; ok {
			tiers = append(tiers, s.Name) // a server named like a tier carries it
		}
		slices.Sort(tiers)
		m := v.server(rule.End{Kind: rule.EndServer, Name: s.Name, Pos: s.Pos}, slices.Compact(tiers))
		for _, f := range families {
			if own := ofFamily(s.Addresses, f); len(own) > 0 {
				m.addresses[f], m.unknown[f] = prefixSet(own...), false
				delete(m.network, f)
			}
		}
		v.servers[s.Name] = m
		for _, t := range m.tiers {
			v.carriers[t] = append(v.carriers[t], m)
		}
	}
	v.public = outside(rule.End{Kind: rule.EndPublic, Name: "public"})
	for _, f := range families {
		v.public.addresses[f] = public(set.Addresses, f)
	}
	v.public.leave(v.own)
	v.everyone = v.all()
	if open, others := opened(set); others != nil {
		v.open = New(open)
		v.open.theirs = others
	}
	return v
}

func newGroup(g *rule.Group) *group {
	out := &group{stateful: g.Stateful}
	for _, e := range g.Written {
		if e.Direction == rule.Ingress {
			out.ingress = append(out.ingress, e)
		} else {
			out.egress = append(out.egress, e)
		}
	}
	return out
}

// all is everyone.
func (v *View) all() []*member {
	list := []*member{v.public}
	for _, s := range v.set.Addresses {
		list = append(list, v.outsiders(rule.End{Kind: rule.EndAddresses, Name: s.Name, Pos: s.Pos}, s.Prefixes...))
	}
	for _, x := range v.set.AddressGroups {
		list = append(list, anywhere(rule.End{Kind: rule.EndAddressGroup, Name: x.Key, Pos: x.Pos}))
	}
	for _, x := range v.set.Foreign {
		list = append(list, anywhere(rule.End{Kind: rule.EndGroup, Name: x.Key, Pos: x.Pos}))
	}
	return append(list, v.machines()...)
}

// machines is the servers, and the tiers that no server carries, by name.
func (v *View) machines() []*member {
	var list []*member
	for _, s := range v.set.Servers {
		list = append(list, v.servers[s.Name])
	}
	for _, g := range v.set.Groups {
		if len(v.carriers[g.Tier]) == 0 {
			list = append(list, v.server(rule.End{Kind: rule.EndTier, Name: g.Tier, Pos: g.Pos}, []string{g.Tier}))
		}
	}
	slices.SortFunc(list, func(a, b *member) int { return strings.Compare(a.end.Name, b.end.Name) })
	return list
}
