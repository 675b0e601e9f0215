package plan

import (
	"slices"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/rule"
)

// older is why a group goes although its tier stays.
const older = "the tier has an older one"

// why is the reason why the group goes although its tier stays, "" where there is none.
func (p *Plan) why(g Group) string {
	if !g.stays() && p.tierStays(g.Tier) {
		return older
	}
	return ""
}

// twin says whether a group that goes is but what a second run, or one that was killed,
// has made beside that of its tier: called and described like it, and without a rule that
// neither the policy has nor a group is born with. Others, copied by hand say, are
// somebody's work.
func (p *Plan) twin(g Group) bool {
	at := slices.IndexFunc(p.Groups, func(o Group) bool { return o.stays() && o.Tier == g.Tier })
	if at < 0 || p.Groups[at].Name != g.Name || p.Groups[at].Description != g.Description {
		return false
	}
	first := p.Groups[at]
	inside := access.Of(append(rulesOf(first.Create), liveRules(first.Stay)...)...)
	tiers := map[rule.Remote]rule.Remote{} // the members of a twin are to be the tier's
	for _, o := range p.Groups {
		if p.why(o) != "" {
			tiers[stranger(o.ID, o.Name)] = rule.Tier(o.Tier)
		}
	}
	return !slices.ContainsFunc(g.Remove, func(l rule.LiveRule) bool {
		if tier, ok := tiers[l.Rule.Remote]; ok {
			l.Rule.Remote = tier
		}
		return l.Opaque() || !slices.Contains(bornWith, l.Rule) && !inside.Contains(l.Rule)
	})
}
