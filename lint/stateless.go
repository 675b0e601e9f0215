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
		open := func(at side, r rule.Rule) bool {
			return slices.ContainsFunc(mates, func(o *openings) bool { return o.at(at).all.Overlaps(r.Span()) })
		}
		var missing []string
		for _, e := range v.written[t.Name] {
			back := side{opposite(e.Direction), e.Family}
			if answer, asks := answerTo(e.Rule); asks && !open(back, answer) {
				add(&missing, fmt.Sprintf("%s %s %s", back.direction, back.family, answer.Service()))
			}
		}
		for _, e := range v.written[t.Name] {
			tooBig := rule.Rule{Protocol: rule.ICMP, Ports: rule.ICMPTypeCode(3, 4)}
			if e.Family == rule.IPv6 {
				tooBig = rule.Rule{Protocol: rule.ICMPv6, Ports: rule.ICMPType(2)}
			}
			if (e.Protocol.HasPorts() || e.Protocol == rule.AnyProtocol) && !open(side{rule.Ingress, e.Family}, tooBig) {
				add(&missing, fmt.Sprintf("%s %s %s (path-mtu)", rule.Ingress, e.Family, tooBig.Service()))
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

// answerTo is what comes back to what a rule allows: the same protocol on some
// port; for ICMP the reply to an echo, and nothing where the rule allows none.
func answerTo(r rule.Rule) (rule.Rule, bool) {
	request, reply := uint8(8), uint8(0)
	switch r.Protocol {
	case rule.ICMPv6:
		request, reply = 128, 129
	case rule.ICMP:
	default:
		return rule.Rule{Protocol: r.Protocol, Ports: r.Protocol.WholeProtocol()}, true
	}
	asks := r.Span().Overlaps(rule.Match{Protocol: r.Protocol, Ports: rule.ICMPType(request)}.Span())
	return rule.Rule{Protocol: r.Protocol, Ports: rule.ICMPType(reply)}, asks
}

func opposite(d rule.Direction) rule.Direction {
	if d == rule.Ingress {
		return rule.Egress
	}
	return rule.Ingress
}
