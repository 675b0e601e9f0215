package lint

import (
	"iter"
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
	opened   map[string]openings         // by tier, filled as they are asked for
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
		opened:   map[string]openings{},
		sums:     map[toward]rule.Line{},
	}
	// Names may hold dots, so a path alone may be that of rules in two tiers.
	type place struct{ tier, path string }
	entries := map[place][]rule.Entry{}
	for i := range s.Groups {
		v.written[s.Groups[i].Tier] = s.Groups[i].Written
		for _, list := range [][]rule.Entry{s.Groups[i].Written, s.Groups[i].Others} {
			for _, e := range list {
				at := place{s.Groups[i].Tier, e.Origins[0].Path}
				entries[at] = append(entries[at], e)
			}
		}
	}
	for i := range p.Tiers {
		t := &p.Tiers[i]
		v.tiers[t.Name] = t
		live := func(rules []schema.Rule, opens string) (list []liveRule) {
			for j := range rules {
				r := &rules[j]
				if es := entries[place{t.Name, r.Path}]; len(es) > 0 {
					list = append(list, liveRule{r, t, es, v.worldlyPeers(r), opens})
				}
			}
			return list
		}
		own := live(t.Rules, "opens")
		v.rules, v.may = append(v.rules, own...), append(append(v.may, own...), live(t.Others, "lets others open")...)
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
