package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/rule"
)

// Fingerprint stands for the packets that rules allow, however they are written, and for
// whether answers to them pass by themselves. Clouds keep it for years, as a tag: what it is
// made of does not change.
func Fingerprint(rules []rule.Rule, stateful bool) string {
	h := sha256.New()
	fmt.Fprintf(h, "stateful %t\n", stateful)
	for _, r := range access.Of(rules...).Rules() {
		fmt.Fprintln(h, r)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Lasting puts remotes into words that outlive a policy's own and a cloud's ids: a group is
// the mark that it has, or its id where it has none.
type Lasting struct{ marks map[string]string } // by id

// LastingOf is that of a project. Of several groups with one mark it is the eldest's.
func LastingOf(s *rule.State) Lasting {
	w, known := Lasting{map[string]string{}}, map[string]bool{}
	for i := range s.Groups {
		policy, _ := markOf(&s.Groups[i])
		if policy == "" || known[policy] {
			continue
		}
		known[policy] = true
		for tier, groups := range s.Owned(policy) {
			w.marks[groups[0].ID] = rule.Mark(policy, tier)
		}
	}
	return w
}

// Found is with the groups that a plan has found by their names, as if they had its marks.
func (w Lasting) Found(p *Plan) Lasting {
	marks := maps.Clone(w.marks)
	for _, g := range p.Groups {
		if g.ID != "" && marks[g.ID] == "" && g.stays() {
			marks[g.ID] = rule.Mark(p.Policy, g.Tier)
		}
	}
	return Lasting{marks}
}

// Live is a rule of the project.
func (w Lasting) Live(r rule.Rule) rule.Rule {
	if r.Remote.Kind() != rule.RemoteGroup {
		return r
	}
	if mark, marked := w.marks[r.Remote.Name()]; marked {
		r.Remote = rule.ForeignGroup(mark)
	} else if policy, tier, awaited := Maker(r.Remote.Name()); awaited {
		r.Remote = rule.ForeignGroup(rule.Mark(policy, tier))
	}
	return r
}

// Lasting is a rule of the plan's policy, whose tiers have marks, or are to have them, but for
// those that are left for later.
func (p *Plan) Lasting(w Lasting, r rule.Rule) rule.Rule {
	return w.of(p.Policy, r, p.Externals, p.LaterIDs())
}

func (w Lasting) of(policy string, r rule.Rule, x Externals, later map[rule.Remote]string) rule.Rule {
	name := r.Remote.Name()
	switch r.Remote.Kind() {
	case rule.RemoteTier:
		if id, left := later[r.Remote]; left {
			r.Remote = rule.ForeignGroup(id)
			return w.Live(r)
		}
		r.Remote = rule.ForeignGroup(rule.Mark(policy, name))
	case rule.RemoteGroup:
		r.Remote = rule.ForeignGroup(x.Groups[name])
		return w.Live(r)
	case rule.RemoteAddressGroup:
		r.Remote = rule.AddressGroup(x.AddressGroups[name])
	}
	return r
}

// fingerprint is that of a group as it shall be.
func (w Lasting) fingerprint(policy string, want DesiredGroup, x Externals, later map[rule.Remote]string) string {
	var rules []rule.Rule
	for _, e := range want.Rules {
		rules = append(rules, w.of(policy, e.Rule, x, later))
	}
	return Fingerprint(rules, want.Stateful)
}
