package compiler

import (
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// Service is what a service of the schema means, in each family.
func Service(s schema.Service) rule.Service {
	out := rule.Service{Name: s.Name}
	for _, m := range s.Matches {
		for _, family := range []rule.Family{rule.IPv4, rule.IPv6} {
			if m.Families.Has(family) {
				out.Matches = append(out.Matches, rule.Match{Family: family, Protocol: m.Protocol, Ports: m.Ports})
			}
		}
	}
	return out
}

// services are those that the policy defines or its rules name, by name. What a
// name means is the same in all of a policy.
func services(p *schema.Policy) []rule.Service {
	var list []rule.Service
	seen := map[string]bool{}
	add := func(s schema.Service) {
		if !seen[s.Name] {
			seen[s.Name] = true
			list = append(list, Service(s))
		}
	}
	for _, s := range p.Services {
		add(s)
	}
	for i := range p.Tiers {
		for r := range p.Tiers[i].All {
			if !r.OwnPorts && !r.Any {
				add(r.Service)
			}
		}
	}
	slices.SortFunc(list, func(a, b rule.Service) int { return strings.Compare(a.Name, b.Name) })
	return list
}

func families(s schema.Families) []rule.Family {
	var list []rule.Family
	for _, family := range []rule.Family{rule.IPv4, rule.IPv6} {
		if s.Has(family) {
			list = append(list, family)
		}
	}
	return list
}

func assertions(list []schema.Assertion) []rule.Assertion {
	out := make([]rule.Assertion, len(list))
	for i, a := range list {
		out[i] = rule.Assertion{Title: a.Title, Pos: a.Pos, Kind: a.Kind, From: ends(a.From), To: ends(a.To), Service: rule.AnyService()}
		if a.Service != nil {
			out[i].Service = Service(*a.Service)
		}
		out[i].Service.Matches = slices.DeleteFunc(out[i].Service.Matches, func(m rule.Match) bool { return !a.Families.Has(m.Family) })
	}
	return out
}

func ends(peers []schema.Peer) []rule.End {
	out := make([]rule.End, len(peers))
	for i, p := range peers {
		out[i] = rule.End{Kind: p.Kind, Name: p.Text, Pos: p.Pos}
		if p.Kind == rule.EndPrefix {
			out[i].Prefix = p.Prefixes[0]
		}
	}
	return out
}
