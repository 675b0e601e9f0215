package plan

import (
	"slices"
	"strings"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/rule"
)

// compareRules fills in what becomes of the rules of a live group. live has its
// remotes in the policy's words; whatever names a group of going goes with it. What is
// left to others covers nothing: they may take it away.
func (g *Group) compareRules(want DesiredGroup, live []rule.LiveRule, going map[rule.Remote]bool, o Options) {
	expressed, opaque := split(live)
	inside := access.Of(rulesOf(want.Rules)...)
	stays := func(l rule.LiveRule) bool { return inside.Contains(l.Rule) }
	theirs := newTheirs(rulesOf(want.Rules), want.Others)
	left := func(l rule.LiveRule) bool {
		return !going[l.Rule.Remote] && theirs.Has(l.Rule) && !slices.Contains(want.Made, l.Rule)
	}
	for _, l := range expressed {
		if left(l) {
			g.Left = append(g.Left, l)
		}
	}
	expressed = slices.DeleteFunc(expressed, left)
	switch {
	case o.Tidy:
		stays = firstOf(want.Rules)
	case access.Of(liveRules(expressed)...).Equal(inside):
		stays = func(rule.LiveRule) bool { return true }
	}
	for _, l := range expressed {
		if !going[l.Rule.Remote] && stays(l) {
			g.Stay = append(g.Stay, l)
		} else {
			g.Remove = append(g.Remove, l)
		}
	}
	for _, l := range opaque {
		if slices.ContainsFunc(want.Opaque, func(w rule.LiveRule) bool { return w.ID == l.ID && w.Words == l.Words }) {
			g.Stay = append(g.Stay, l)
		} else {
			g.Remove = append(g.Remove, l)
		}
	}
	g.Lapsed = lapsed(want, g.Remove)
	kept, _ := split(g.Stay)
	covered := access.Of(liveRules(kept)...)
	if o.Tidy {
		covered = access.Access{} // a rule that stays is one of the fewest, or none
	}
	there := map[rule.Rule]bool{}
	for _, l := range kept {
		there[l.Rule] = true
	}
	for _, e := range want.Rules {
		if !there[e.Rule] && !covered.Contains(e.Rule) {
			g.Create = append(g.Create, e)
		}
	}
	g.compareDescriptions(want, o)
}

// lapsed is the ids of the rules that go and close only what the policy opened until a
// day that is over, which is the very day that the rule's description in the cloud
// carries: whoever agreed to the rule agreed to its end. A day that was set since is news.
func lapsed(want DesiredGroup, remove []rule.LiveRule) []string {
	if want.Expired == nil {
		return nil
	}
	var ids []string
	for _, l := range remove {
		still := rulesOf(want.Rules)
		for _, e := range want.Expired {
			if strings.Contains(l.Description, rule.Until(e.LastDay())) {
				still = append(still, e.Rule)
			}
		}
		if len(still) > len(want.Rules) && !l.Opaque() && access.Of(still...).Contains(l.Rule) {
			ids = append(ids, l.ID)
		}
	}
	return ids
}

// compareDescriptions finds the rules that stay with another description.
func (g *Group) compareDescriptions(want DesiredGroup, o Options) {
	wanted := make(map[rule.Rule]rule.Entry, len(want.Rules))
	for _, e := range want.Rules {
		wanted[e.Rule] = e
	}
	var stay []rule.LiveRule
	for _, l := range g.Stay {
		e, same := wanted[l.Rule]
		switch {
		case l.Opaque() || !same || e.Description() == l.Description:
			stay = append(stay, l)
		case o.Descriptions:
			g.Remove = append(g.Remove, l)
			if !slices.ContainsFunc(g.Create, func(c rule.Entry) bool { return c.Rule == e.Rule }) { // live twice
				g.Create = append(g.Create, e)
			}
		case l.Description == "": // born with the group: nobody has described it otherwise
			stay = append(stay, l)
		default:
			stay = append(stay, l)
			g.Drift = append(g.Drift, Drift{l, e.Description()})
		}
	}
	g.Stay = stay
}

// firstOf keeps one live rule of each that is listed.
func firstOf(entries []rule.Entry) func(rule.LiveRule) bool {
	missing := map[rule.Rule]bool{}
	for _, e := range entries {
		missing[e.Rule] = true
	}
	return func(l rule.LiveRule) bool {
		first := missing[l.Rule]
		delete(missing, l.Rule)
		return first
	}
}

func split(live []rule.LiveRule) (expressed, opaque []rule.LiveRule) {
	for _, l := range live {
		if l.Opaque() {
			opaque = append(opaque, l)
		} else {
			expressed = append(expressed, l)
		}
	}
	return expressed, opaque
}

func rulesOf(entries []rule.Entry) []rule.Rule {
	list := make([]rule.Rule, len(entries))
	for i, e := range entries {
		list[i] = e.Rule
	}
	return list
}

func liveRules(live []rule.LiveRule) []rule.Rule {
	list := make([]rule.Rule, len(live))
	for i, l := range live {
		list[i] = l.Rule
	}
	return list
}
