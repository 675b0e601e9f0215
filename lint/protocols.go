package lint

import (
	"fmt"

	"sgc.dev/sgc/rule"
)

// wrongProtocol is SGC022.
func wrongProtocol(v *view) []found {
	var list []found
	for _, r := range v.rules {
		var opened, missed, names []string
		for _, m := range v.misplaced(r) {
			add(&opened, m.opened.Service())
			add(&missed, m.meant.Service())
			add(&names, m.name)
		}
		if opened != nil {
			list = append(list, v.fire("SGC022", r, r.Pos, fmt.Sprintf(
				"opens %s, but %s uses %s, which the tier does not open; change the protocol",
				some(opened), some(names), some(missed))))
		}
	}
	return list
}

// misplacement is ports of a service that a rule opens on the wrong protocol.
type misplacement struct {
	name          string
	opened, meant rule.Rule
}

// misplaced is what a rule opens on the wrong one of TCP and UDP, and nothing of
// its tier on the right one. A range of more than the service's own ports is there
// for something else.
func (v *view) misplaced(r liveRule) []misplacement {
	var list []misplacement
	for _, e := range r.entries {
		for _, l := range near(e.Rule) {
			meant := e.Rule
			meant.Protocol = l.protocol
			switch {
			case !l.is(sole) || e.Protocol == l.protocol || e.Protocol != rule.TCP && e.Protocol != rule.UDP:
			case !l.span().Covers(meant.Span()) || l.is(crowded) && !l.names(r):
			case !v.opensOf(r.tier.Name).at(side{e.Direction, e.Family}).all.Overlaps(meant.Span()):
				list = append(list, misplacement{l.name, e.Rule, meant})
			}
		}
	}
	return list
}
