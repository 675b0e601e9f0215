package lint

import (
	"fmt"
	"slices"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// statelessWithoutReturn is SGC013. Nothing follows a connection through a
// stateless group: answers need a rule in the other direction, and so do the
// ICMP errors that tell a sender to make its packets smaller. All stateless tiers
// of the servers that carry a tier count.
func statelessWithoutReturn(v *view) []found {
	var list []found
	for i := range v.Tiers {
		t := &v.Tiers[i]
		if t.Stateful || len(v.written[t.Name]) == 0 {
			continue
		}
		mates := v.opensAround(t.Name, func(mate *schema.Tier) bool { return !mate.Stateful })
		open := func(at side, m rule.Match) bool {
			return slices.ContainsFunc(mates, func(o *openings) bool { return o.at(at).all.Overlaps(m.Span()) })
		}
		var missing []string
		for _, e := range v.written[t.Name] {
			back := side{opposite(e.Direction), e.Family}
			if answer, asks := e.Match().Reply(); asks && !open(back, answer) {
				add(&missing, fmt.Sprintf("%s %s %s", back.direction, back.family, answer))
			}
		}
		for _, e := range v.written[t.Name] {
			tooBig := rule.Match{Protocol: rule.ICMP, Ports: rule.ICMPTypeCode(3, 4)}
			if e.Family == rule.IPv6 {
				tooBig = rule.Match{Protocol: rule.ICMPv6, Ports: rule.ICMPType(2)}
			}
			if (e.Protocol.HasPorts() || e.Protocol == rule.AnyProtocol) && !open(side{rule.Ingress, e.Family}, tooBig) {
				add(&missing, fmt.Sprintf("%s %s %s (path-mtu)", rule.Ingress, e.Family, tooBig))
			}
		}
		if len(missing) > 0 {
			list = append(list, fire("SGC013", t.Pos, rule.Path("tiers", t.Name), fmt.Sprintf(
				`is stateless, and these answers have no rule: %s; add them, or make the tier stateful`,
				some(missing)), t.Waive, v.Waive))
		}
	}
	return list
}

func opposite(d rule.Direction) rule.Direction {
	if d == rule.Ingress {
		return rule.Egress
	}
	return rule.Ingress
}
