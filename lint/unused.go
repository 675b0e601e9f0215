package lint

import (
	"fmt"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// unusedDefinitions is SGC007. Rules that have expired and assertions use what
// they name, what an expression refers to could not go either, and a set that is
// empty, as it may be, is there for another environment. A tier is used by the servers that carry it, and a policy that
// names no servers leaves that to others.
func unusedDefinitions(v *view) []found {
	used := usesOf(v.Policy)
	var list []found
	report := func(kind, name, field string, pos rule.Pos, waive []schema.Waiver) {
		list = append(list, fire("SGC007", pos, rule.Path(field, name), fmt.Sprintf(
			"%s %q is used by no rule and no assertion; remove it, or use it", kind, name), waive, v.Waive))
	}
	for i := range v.Addresses {
		if s := &v.Addresses[i]; !s.Referenced && s.Prefixes != nil && !used.peers[peerName{rule.EndAddresses, s.Name}] {
			report("address set", s.Name, "addresses", s.Pos, s.Waive)
		}
	}
	for i := range v.Services {
		if s := &v.Services[i]; !s.Referenced && !used.services[s.Name] {
			report("service", s.Name, "services", s.Pos, s.Waive)
		}
	}
	for i := range v.Groups {
		if g := &v.Groups[i]; !g.Referenced && !used.peers[peerName{rule.EndGroup, g.Key}] {
			report("group", g.Key, "groups", g.Pos, g.Waive)
		}
	}
	for i := range v.AddressGroups {
		if g := &v.AddressGroups[i]; !g.Referenced && !used.peers[peerName{rule.EndAddressGroup, g.Key}] {
			report("address group", g.Key, "addressGroups", g.Pos, g.Waive)
		}
	}
	if len(v.Servers) == 0 {
		return list
	}
	for i := range v.Tiers {
		if t := &v.Tiers[i]; len(v.carriers[t.Name]) == 0 {
			list = append(list, fire("SGC007", t.Pos, rule.Path("tiers", t.Name), fmt.Sprintf(
				"tier %q is carried by no server; add it to a server's tiers, or remove it", t.Name), t.Waive, v.Waive))
		}
	}
	return list
}

type peerName struct {
	kind rule.EndKind
	name string
}

type uses struct {
	peers    map[peerName]bool
	services map[string]bool
}

func usesOf(p *schema.Policy) uses {
	u := uses{map[peerName]bool{}, map[string]bool{}}
	peers := func(list []schema.Peer) {
		for i := range list {
			u.peers[peerName{list[i].Kind, list[i].Name}] = true
		}
	}
	for i := range p.Addresses {
		for _, part := range p.Addresses[i].Sets {
			u.peers[peerName{rule.EndAddresses, part}] = true
		}
	}
	for i := range p.Services {
		for _, part := range p.Services[i].Includes {
			u.services[part] = true
		}
	}
	for i := range p.Tiers {
		for r := range p.Tiers[i].All {
			peers(r.Peers)
			peers(r.Except)
			if !r.OwnPorts {
				u.services[r.Service.Name] = true
			}
		}
	}
	for i := range p.Asserts {
		peers(p.Asserts[i].From)
		peers(p.Asserts[i].To)
		if s := p.Asserts[i].Service; s != nil {
			u.services[s.Name] = true
		}
	}
	return u
}
