package draft

import (
	"fmt"
	"slices"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// ProveBeside compares what the policy and the text beside it come to with what the policy
// came to and the state: each tier allows what it did and what its group does, exactly, and
// a new tier what its group does. next is what is then to be done, adopting.
func (p *Policy) ProveBeside(set *rule.Set, next *plan.Plan) (Proof, error) {
	var proof Proof
	var wrong Unproven
	live := map[string]*rule.LiveGroup{}
	ids := map[string]string{}
	for _, t := range p.Tiers {
		ids[t.name], live[t.name] = t.live.ID, t.live
	}
	before := p.existing.access()
	for _, g := range set.Groups {
		should, known := before[g.Tier]
		l := live[g.Tier]
		if l == nil && !known {
			wrong = append(wrong, fmt.Sprintf("tier %s is of no group", g.Tier))
			continue
		}
		if l != nil {
			if !known && (l.Name != g.Name || l.Stateful != g.Stateful) {
				wrong = append(wrong, fmt.Sprintf("tier %s is not the group that it was made of", g.Tier))
			}
			should = slices.Clone(should)
			for _, r := range l.Rules {
				if !r.Opaque() {
					should = append(should, r.Rule)
				}
			}
			proof.Groups++
			proof.Rules += len(l.Rules)
		}
		var says []rule.Rule
		for _, e := range g.Rules {
			says = append(says, byID(e.Rule, ids, next.Externals))
		}
		wrong = append(wrong, proof.compare(g.Tier, says, should)...)
		proof.Written += len(g.Rules)
	}
	if len(set.Groups) < len(before) {
		wrong = append(wrong, "tiers of the policy are missing")
	}
	for _, g := range next.Groups {
		for _, l := range g.Remove {
			if !l.Opaque() {
				wrong = append(wrong, fmt.Sprintf("the plan would remove %s in group %s", l, g.Name))
			}
		}
		if g.Action == plan.Delete || g.Action == plan.Release {
			wrong = append(wrong, fmt.Sprintf("the plan would %s group %s", g.Action, g.Name))
		}
	}
	if wrong != nil {
		return Proof{}, wrong
	}
	return proof, nil
}
