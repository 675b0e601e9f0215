package draft

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// Proof is what has been compared, each tier with its group.
type Proof struct {
	Groups  int // that allow exactly the same
	Rules   int // of the groups, that are allowed
	Written int // that the policy comes to: the fewest
	Packets int // at the edges of rules, tried one by one
}

// Unproven is why a text is not to be used: what it compiles to is not what lives.
type Unproven struct {
	Reasons []Reason
	Beside  bool // a policy that there is, which may say so of new tiers
}

// Reason is something that is not what it should be.
type Reason struct {
	Tier string // "" for something else
	Text string // of a tier what it does, "does not allow …"
}

func (r Reason) String() string {
	if r.Tier == "" {
		return r.Text
	}
	return "tier " + r.Tier + " " + r.Text
}

func (u Unproven) Error() string {
	text := "the import does not allow exactly what the groups allow, which is a fault of sgc; nothing has been written"
	if u.Beside {
		text = "together with the new tiers the policy would no longer allow exactly what it did plus what the groups allow, and nothing has been written: look for patterns over all tiers"
	}
	for _, reason := range u.Reasons {
		text += "\n" + reason.String()
	}
	return text
}

// Deserted is the groups that have the policy's mark and are not imported: the next plan of
// the policy would delete them.
func (p *Policy) Deserted(s *rule.State) []Other {
	why := map[string]string{}
	for _, o := range p.Sorting.Others {
		why[o.ID] = o.Why
	}
	for _, out := range p.Sorting.LeftOut {
		for _, g := range out.Groups {
			why[g.ID] = out.Why
		}
	}
	var list []Other
	for i := range s.Groups {
		g := &s.Groups[i]
		owner, _, marked := rule.ParseMark(g.Description)
		if marked && owner == p.Name && !p.has(g.ID) {
			list = append(list, Other{g, cmp.Or(why[g.ID], "it is as the cloud gives it")})
		}
	}
	return list
}

// Prove compares what the text has been compiled to, and what is to be done about it, with
// the state that it was made from: packet by packet, group by group, and in the plan,
// which is one that adopts. The two do not depend on each other, nor on how the text came
// to be. Beside a policy that there is, set is of both together: each of its tiers allows
// what it did and what its group does, exactly.
func (p *Policy) Prove(set *rule.Set, next *plan.Plan) (Proof, error) {
	var proof Proof
	var wrong []Reason
	ids := map[string]string{} // by tier
	live := map[string]*rule.LiveGroup{}
	tiers := map[string]bool{}
	for _, t := range p.Tiers {
		ids[t.name], live[t.name], tiers[t.name] = t.live.ID, t.live, true
	}
	apart := p.apart()
	var before map[string][]rule.Rule
	if p.existing != nil {
		before = p.existing.access()
		groups, _ := p.existing.groups()
		for _, tier := range slices.Sorted(maps.Keys(groups)) {
			if !p.has(groups[tier]) {
				wrong = append(wrong, Reason{"", fmt.Sprintf("the group of tier %s, %s, is not in the import", tier, groups[tier])})
			}
		}
	}
	for tier := range before {
		tiers[tier] = true
	}
	if len(set.Groups) != len(tiers) {
		wrong = append(wrong, Reason{"", fmt.Sprintf("it has %s, not %d", rule.Counted(len(set.Groups), "tier"), len(tiers))})
	}
	for _, g := range set.Groups {
		should, known := before[g.Tier]
		should = slices.Clone(should)
		l := live[g.Tier]
		if !known && (l == nil || l.Name != g.Name || l.Stateful != g.Stateful) {
			wrong = append(wrong, Reason{g.Tier, "is not the group that it was made from"})
			continue
		}
		if l != nil {
			for _, r := range l.Rules {
				switch {
				case apart[r.ID]:
				case !r.Opaque():
					should = append(should, r.Rule)
					proof.Rules++
				case !known:
					wrong = append(wrong, Reason{g.Tier, "has a rule that a policy cannot express: " + r.Words})
				}
			}
			proof.Groups++
		}
		var says []rule.Rule
		for _, e := range g.Rules {
			says = append(says, byID(e.Rule, ids, next.Externals))
		}
		wrong = append(wrong, proof.compare(g.Tier, says, should)...)
		proof.Written += len(g.Rules)
	}
	if wrong = append(wrong, p.unplanned(next)...); wrong != nil {
		return Proof{}, Unproven{wrong, p.existing != nil}
	}
	return proof, nil
}

// compare says in what a tier does not allow the same: by sets of packets, exactly,
// and, since policies are compiled by these too, by single packets without them.
func (proof *Proof) compare(tier string, says, should []rule.Rule) []Reason {
	var wrong []Reason
	is, want := access.Of(says...), access.Of(should...)
	for _, o := range access.Difference(is, want) {
		wrong = append(wrong, Reason{tier, "allows too much: " + o.Rule.String()})
	}
	for _, o := range access.Difference(want, is) {
		wrong = append(wrong, Reason{tier, "does not allow " + o.Rule.String()})
	}
	packets, found := tried(says, should)
	proof.Packets += packets
	if found != nil {
		wrong = append(wrong, Reason{tier, fmt.Sprintf("treats a packet differently: %s", found[0])})
	}
	if wrong == nil && !is.Equal(want) {
		wrong = append(wrong, Reason{tier, "does not allow the same"})
	}
	return wrong
}

// letsGo says whether the policy that there is deletes or releases the group without what is new.
func (p *Policy) letsGo(next plan.Group) bool {
	return p.existing != nil && slices.ContainsFunc(p.existing.Plan.Groups, func(g plan.Group) bool { return g.ID == next.ID && g.Action == next.Action }) && !p.has(next.ID)
}

// apart is the ids of the rules of tiers that are there which no tier allows: the policy did
// until a day that is over, or they cannot stand beside what it says.
func (p *Policy) apart() map[string]bool {
	ids := map[string]bool{}
	for _, t := range p.Tiers {
		for _, l := range t.over {
			ids[l.ID] = true
		}
		for _, l := range t.unfit {
			ids[l.ID] = true
		}
	}
	return ids
}

// byID is a rule of the policy with the cloud's ids as remotes.
func byID(r rule.Rule, group map[string]string, x plan.Externals) rule.Rule {
	switch name := r.Remote.Name(); r.Remote.Kind() {
	case rule.RemoteTier:
		r.Remote = rule.ForeignGroup(group[name])
	case rule.RemoteGroup:
		r.Remote = rule.ForeignGroup(x.Groups[name])
	case rule.RemoteAddressGroup:
		r.Remote = rule.AddressGroup(x.AddressGroups[name])
	}
	return r
}

// described says whether a field is the description of a group, and changes in nothing but its
// mark and what there is no room for.
func (p *Policy) described(id string, f plan.Field) bool {
	return f.Name == "description" && (rule.Unmarked(f.Old) == rule.Unmarked(f.New) || slices.ContainsFunc(p.Tiers, func(t *tier) bool {
		_, _, once := describe(t.live.Description, p.Name, t.name)
		return t.live.ID == id && once != ""
	}))
}

// unplanned is what a plan does beyond marks and tags. Beside a policy that there is, what
// that one does already, creating what has gone, is the author's.
func (p *Policy) unplanned(next *plan.Plan) []Reason {
	var wrong []Reason
	apart := p.apart()
	for _, g := range next.Groups {
		removed := slices.DeleteFunc(slices.Clone(g.Remove), func(l rule.LiveRule) bool { return p.existing != nil && l.Opaque() || apart[l.ID] })
		switch {
		case (g.Action == plan.Delete || g.Action == plan.Release) && p.letsGo(g):
		case g.Action == plan.Delete || g.Action == plan.Release || g.Action == plan.Create && p.existing == nil:
			wrong = append(wrong, Reason{"", fmt.Sprintf("the plan would %s group %s", g.Action, g.Name)})
		case len(removed) > 0 || len(g.Create) > 0 && p.existing == nil:
			wrong = append(wrong, Reason{"", fmt.Sprintf("the plan would create %s and remove %d in group %s", rule.Counted(len(g.Create), "rule"), len(removed), g.Name)})
		}
		for _, f := range g.Fields {
			if p.existing == nil && !p.described(g.ID, f) {
				wrong = append(wrong, Reason{"", fmt.Sprintf("the plan would change the %s of group %s", f.Name, g.Name)})
			}
		}
	}
	return wrong
}
