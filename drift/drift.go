// Package drift says whether a project's groups still allow what their policies say, and
// where they do not, on which side that has changed: in the cloud since the last apply, or in
// the policy. It is pure.
//
// A group whose live access is what the policy says is as applied, whoever has made it so.
// Of another one it must be known what the last apply has left: a tag has the fingerprint of
// that, or the document of the plans that were carried out has it whole.
package drift

import (
	"slices"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/diff"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// Verdict is what there is to say about a group.
type Verdict string

const (
	Applied Verdict = "applied" // it allows what the policy says
	Pending Verdict = "pending" // it allows what the last apply has left, and the policy says otherwise
	Drifted Verdict = "drifted" // it allows what nobody has applied
	Differs Verdict = "differs" // it does not allow what the policy says, and what was applied is not known
)

// Report is what there is to say about one project.
type Report struct {
	Target   string // its name, where there are several
	Place    plan.Place
	Day      string // on which it was judged what has expired: "2027-01-31"
	Policies []Policy
	Unowned  []plan.Unowned // groups that belong to no policy, by mark or by name
	Problems plan.Problems  // why policies could not be compared
	Coverage *Coverage      // nil where nobody has asked
	Quota    *plan.Quota    // nil where nobody has asked
}

// Expired says whether any group allows what has expired.
func (r Report) Expired() bool {
	return slices.ContainsFunc(r.Policies, func(p Policy) bool {
		return slices.ContainsFunc(p.Groups, func(g Group) bool { return g.expired() > 0 })
	})
}

// Any says whether any group has one of the verdicts.
func (r Report) Any(verdicts ...Verdict) bool {
	return slices.ContainsFunc(r.Policies, func(p Policy) bool {
		return slices.ContainsFunc(p.Groups, func(g Group) bool { return slices.Contains(verdicts, g.Verdict) })
	})
}

// Policy is what there is to say about one policy's groups, in the order of its tiers, then
// those that no tier is left for.
type Policy struct {
	Name   string
	Groups []Group
}

// Group is one group.
type Group struct {
	Tier, Name string
	ID         string // "" where there is none
	Verdict    Verdict
	Why        string   // what there is to say beside its access: that it is gone, or nobody's any more
	More       []Change // what it allows, and should not: by what was applied where it drifted, else by the policy
	Less       []Change // what it should allow, and does not
	Both       bool     // it drifted, and the policy has changed since as well: which difference is which cannot be told
	Left       int      // rules that are left to others
	Touched    string   // when anything of it changed last, as the cloud writes it; "" where that is not known
	Pos        rule.Pos // of the tier, or of the policy's first where it has no such tier
}

// expired counts what it allows although the policy's last day for it is over.
func (g Group) expired() (n int) {
	for _, c := range g.More {
		if c.Expired != "" {
			n++
		}
	}
	return n
}

// Change is some access.
type Change struct {
	diff.Change                 // zero where it cannot be expressed
	Rules       []rule.LiveRule // that allow it
	Expired     string          // the last day of the policy's line that opened it, where that is over
}

// Judge compares the groups of a state, as plans that were made of them with the sets have found
// them, with what the sets say. Applied is the document of the plans that were carried out
// last, nil where tags are to say what that was.
func Judge(s *rule.State, plans []*plan.Plan, sets []*rule.Set, applied *plan.Document) []Policy {
	var policies []Policy
	for _, p := range plans {
		at := slices.IndexFunc(sets, func(set *rule.Set) bool { return set.Policy == p.Policy })
		j := judge{plan: p, set: sets[at], state: s, lasting: plan.LastingOf(s).Found(p), words: map[rule.Remote]rule.Remote{}}
		j.name(rule.ForeignGroup, p.Externals.Groups)
		j.name(rule.AddressGroup, p.Externals.AddressGroups)
		if applied != nil {
			j.remember(applied)
		}
		one := Policy{Name: p.Policy}
		for _, g := range p.Groups {
			judged := j.group(g)
			if judged.Pos.File == "" && len(j.set.Groups) > 0 {
				judged.Pos = j.set.Groups[0].Pos
			}
			one.Groups = append(one.Groups, judged)
		}
		policies = append(policies, one)
	}
	return policies
}

// judge is about one policy.
type judge struct {
	plan    *plan.Plan
	set     *rule.Set
	state   *rule.State
	lasting plan.Lasting
	words   map[rule.Remote]rule.Remote // what the policy calls what is not its own
	known   bool                        // what was applied is known whole
	applied map[string]*side            // by tier; then a tier without one has never been applied
}

// name notes what the policy calls the groups or address groups that it does not own.
func (j *judge) name(kind func(string) rule.Remote, keys map[string]string) {
	for key := range keys {
		word := kind(key)
		j.words[j.plan.Lasting(j.lasting, rule.Rule{Remote: word}).Remote] = word
	}
}

// side is a group as somebody says that it is to be, or as it is. Remotes are lasting.
type side struct {
	entries  []rule.Entry
	stateful bool
}

func (s *side) rules() []rule.Rule {
	var list []rule.Rule
	for _, e := range s.entries {
		list = append(list, e.Rule)
	}
	return list
}

func (s *side) equal(o *side) bool {
	return s.stateful == o.stateful && access.Of(s.rules()...).Equal(access.Of(o.rules()...))
}

func (s *side) fingerprint() string { return plan.Fingerprint(s.rules(), s.stateful) }

// remember takes from a document what its plans have left.
func (j *judge) remember(d *plan.Document) {
	j.known, j.applied = true, map[string]*side{}
	for _, p := range d.Plans {
		if p.Policy != j.plan.Policy {
			continue
		}
		at := slices.IndexFunc(d.Policies, func(set *rule.Set) bool { return set.Policy == p.Policy })
		if at < 0 {
			continue
		}
		for _, g := range d.Policies[at].Groups {
			if slices.ContainsFunc(p.Groups, func(planned plan.Group) bool { return planned.Tier == g.Tier }) {
				j.applied[g.Tier] = j.wanted(g, p)
			}
		}
	}
}

// wanted is what a set says of a group, whose remotes a plan has found.
func (j *judge) wanted(g rule.Group, p *plan.Plan) *side {
	s := &side{stateful: g.Stateful}
	for _, e := range g.Rules {
		e.Rule = p.Lasting(j.lasting, e.Rule)
		s.entries = append(s.entries, e)
	}
	return s
}

// live is what a group is, but for what is left to others; whole is with it.
func (j *judge) live(g plan.Group, group *rule.LiveGroup) (live, whole *side, opaque []rule.LiveRule) {
	left := map[string]bool{}
	for _, l := range g.Left {
		left[l.ID] = true
	}
	live, whole = &side{stateful: group.Stateful}, &side{stateful: group.Stateful}
	for _, l := range group.Rules {
		if l.Opaque() {
			opaque = append(opaque, l)
			continue
		}
		// The id is all that a rule of a cloud comes from.
		e := rule.Entry{Rule: j.lasting.Live(l.Rule), Origins: []rule.Origin{{Key: l.ID}}}
		whole.entries = append(whole.entries, e)
		if !left[l.ID] {
			live.entries = append(live.entries, e)
		}
	}
	return live, whole, opaque
}
