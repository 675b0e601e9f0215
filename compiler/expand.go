package compiler

import (
	"net/netip"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// expand appends one entry for every protocol, family and peer of r.
func expand(entries []rule.Entry, r *schema.Rule) []rule.Entry {
	for _, peer := range r.Peers {
		origins := []rule.Origin{{
			Pos:         r.Pos,
			Path:        r.Path,
			Key:         r.Key,
			Peer:        peer.String(),
			PeerPos:     peer.Pos,
			Description: r.Description,
			Owner:       r.Owner,
			Ticket:      r.Ticket,
			Expires:     r.Expires,
		}}
		for _, match := range r.Service.Matches {
			for _, family := range []rule.Family{rule.IPv4, rule.IPv6} {
				if !r.Families.Has(family) || !match.Families.Has(family) {
					continue
				}
				for _, remote := range remotes(peer, family) {
					entries = append(entries, rule.Entry{
						Rule: rule.Rule{
							Direction: r.Direction,
							Family:    family,
							Protocol:  match.Protocol,
							Ports:     match.Ports,
							Remote:    remote,
						},
						Origins: origins,
					})
				}
			}
		}
	}
	return entries
}

// remotes is what a peer is in one family. A group has members of both; of an
// address set, those of the family count.
func remotes(p schema.Peer, f rule.Family) []rule.Remote {
	switch p.Kind {
	case rule.EndPublic:
		if p.Prefixes == nil {
			return []rule.Remote{rule.Anyone()}
		}
	case rule.EndTier:
		return []rule.Remote{rule.Tier(p.Name)}
	case rule.EndGroup:
		return []rule.Remote{rule.ForeignGroup(p.Name)}
	case rule.EndAddressGroup:
		return []rule.Remote{rule.AddressGroup(p.Name)}
	}
	var list []rule.Remote
	for _, prefix := range p.Prefixes {
		if prefix.Addr().BitLen() == f.Bits() {
			list = append(list, rule.Prefix(prefix))
		}
	}
	return list
}

func prefixes(items []schema.Address) []netip.Prefix {
	list := make([]netip.Prefix, len(items))
	for i, item := range items {
		list[i] = item.Prefix
	}
	return list
}

func addresses(sets []schema.AddressSet) []rule.AddressSet {
	list := make([]rule.AddressSet, len(sets))
	for i, s := range sets {
		list[i] = rule.AddressSet{Name: s.Name, Prefixes: s.Prefixes, Pos: s.Pos}
	}
	return list
}

func servers(servers []schema.Server) []rule.Server {
	list := make([]rule.Server, len(servers))
	for i, s := range servers {
		list[i] = rule.Server{Name: s.Name, Tiers: s.Tiers, Addresses: prefixes(s.Addresses), Pos: s.Pos}
	}
	return list
}

func externals(externals []schema.External) []rule.External {
	list := make([]rule.External, len(externals))
	for i, e := range externals {
		list[i] = e.External
	}
	return list
}
