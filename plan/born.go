package plan

import (
	"slices"

	"sgc.dev/sgc/rule"
)

// bornWith is the rules that a new group has by itself. From 2023.2 operators can
// change them. What there is does not tell, since a group does not say which of its rules
// it was born with, and asking would cost every plan for a new group a call. So one at the
// edge of a quota may be refused on its way, and the next run finishes it.
var bornWith = []rule.Rule{
	{Direction: rule.Egress, Family: rule.IPv4, Protocol: rule.AnyProtocol, Ports: rule.NoPorts(), Remote: rule.Anyone()},
	{Direction: rule.Egress, Family: rule.IPv6, Protocol: rule.AnyProtocol, Ports: rule.NoPorts(), Remote: rule.Anyone()},
}

// Born is the rules that a new group has by itself in most clouds.
func Born() []rule.Rule { return slices.Clone(bornWith) }

// Itself is the name of the group that a rule is in, where it is not known which one.
const Itself = "PARENT"

// UsualDefault is what most clouds give the project's default group.
func UsualDefault() []rule.Rule {
	rules := Born()
	for _, family := range []rule.Family{rule.IPv4, rule.IPv6} {
		rules = append(rules, rule.Rule{Direction: rule.Ingress, Family: family, Protocol: rule.AnyProtocol, Ports: rule.NoPorts(), Remote: rule.ForeignGroup(Itself)})
	}
	return rules
}

// Untouched says whether a group is the project's default one, nobody's, and as the cloud
// makes it.
func Untouched(g rule.LiveGroup, ofDefault []rule.Rule) bool {
	if _, _, marked := rule.ParseMark(g.Description); g.Name != defaultGroup || marked || !g.Stateful || len(g.Tags) > 0 || len(g.Rules) != len(ofDefault) {
		return false
	}
	want := map[rule.Rule]bool{}
	for _, r := range ofDefault {
		if r.Remote == rule.ForeignGroup(Itself) {
			r.Remote = rule.ForeignGroup(g.ID)
		}
		want[r] = true
	}
	for _, l := range g.Rules {
		delete(want, l.Rule)
	}
	return len(want) == 0
}
