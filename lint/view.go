package lint

import (
	"iter"
	"slices"
	"strconv"
	"strings"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// view is a policy with what it compiled to, as the lints read it.
type view struct {
	*schema.Policy
	set     *rule.Set
	options Options
	rules   []liveRule // in the order of the tiers and their rules; expired ones open nothing and are left out
	may     []liveRule // the same with what others may open behind those of its tier

	tiers    map[string]*schema.Tier
	written  map[string][]rule.Entry     // by tier: what it compiled to
	carriers map[string][]*schema.Server // by tier: the servers that carry it
	mates    map[string]map[string]bool  // by tier: all tiers of those servers, itself among them
	opened   map[string]*openings        // by tier, filled as they are asked for
	sums     map[toward]rule.Line        // filled as they are asked for
}

// liveRule is a rule of the policy with the concrete rules that it became.
type liveRule struct {
	*schema.Rule
	tier    *schema.Tier
	entries []rule.Entry
	worldly map[string]bool // peers, as origins name them, that are the world but for those that the rule excepts
	opens   string          // how messages say that it does: "opens", or "lets others open"
}

func newView(p *schema.Policy, s *rule.Set, o Options) *view {
	v := &view{
		Policy: p, set: s, options: o,
		tiers:    map[string]*schema.Tier{},
		written:  map[string][]rule.Entry{},
		carriers: map[string][]*schema.Server{},
		mates:    map[string]map[string]bool{},
		opened:   map[string]*openings{},
		sums:     map[toward]rule.Line{},
	}
	for i := range p.Tiers {
		t, g := &p.Tiers[i], &s.Groups[i]
		v.tiers[t.Name], v.written[t.Name] = t, g.Written
		own := v.live(t, t.Rules, g.Written, "opens")
		v.rules, v.may = append(v.rules, own...), append(append(v.may, own...), v.live(t, t.Others, g.Others, "lets others open")...)
	}
	for i := range p.Servers {
		server := &p.Servers[i]
		for _, tier := range server.Tiers {
			v.carriers[tier] = append(v.carriers[tier], server)
			if v.mates[tier] == nil {
				v.mates[tier] = map[string]bool{}
			}
			for _, mate := range server.Tiers {
				v.mates[tier][mate] = true
			}
		}
	}
	return v
}

// live is rules of a tier with those of its entries that each became, and without
// those that became none.
func (v *view) live(t *schema.Tier, rules []schema.Rule, entries []rule.Entry, opens string) []liveRule {
	number := make(map[string]int, len(rules)) // by path, which tells apart the rules of one tier alone: names may hold dots
	list := make([]liveRule, len(rules))
	for i := range rules {
		number[rules[i].Path] = i
		list[i] = liveRule{Rule: &rules[i], tier: t, worldly: v.worldlyPeers(&rules[i]), opens: opens}
	}
	for _, e := range entries {
		r := &list[number[e.Origins[0].Path]]
		r.entries = append(r.entries, e)
	}
	return slices.DeleteFunc(list, func(r liveRule) bool { return r.entries == nil })
}

// byTier is the rules of each tier that has any.
func byTier(rules []liveRule) iter.Seq[[]liveRule] {
	return func(yield func([]liveRule) bool) {
		for start := 0; start < len(rules); {
			end := start + 1
			for end < len(rules) && rules[end].tier == rules[start].tier {
				end++
			}
			if !yield(rules[start:end]) {
				return
			}
			start = end
		}
	}
}

// withMates is a tier's mates, or the tier alone where no server carries it.
func (v *view) withMates(tier string) map[string]bool {
	if mates := v.mates[tier]; mates != nil {
		return mates
	}
	return map[string]bool{tier: true}
}

// fire makes a finding at a rule, which the rule, its tier or the policy may waive.
func (v *view) fire(code string, r liveRule, pos rule.Pos, message string) found {
	return fire(code, pos, r.Path, message, r.Waive, r.tier.Waive, v.Waive)
}

// some lists at most three of the items, and says how many more there are.
func some(items []string) string {
	const most = 3
	if len(items) <= most+1 {
		return strings.Join(items, ", ")
	}
	return strings.Join(items[:most], ", ") + " and " + strconv.Itoa(len(items)-most) + " more"
}
