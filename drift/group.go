package drift

import (
	"cmp"
	"fmt"
	"slices"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/diff"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

const noTier = "the policy has no such tier any more"

// group judges one group of the plan.
func (j *judge) group(g plan.Group) Group {
	out := Group{Tier: g.Tier, Name: g.Name, ID: g.ID, Left: len(g.Left), Pos: g.Pos}
	was := j.applied[g.Tier]
	at := slices.IndexFunc(j.state.Groups, func(l rule.LiveGroup) bool { return l.ID == g.ID })
	if at < 0 {
		out.Why, out.Verdict = "there is no such group (any more, or yet)", Differs
		switch {
		case was != nil:
			out.Why, out.Verdict = "the group is gone", Drifted
		case j.known:
			out.Why, out.Verdict = "the group is yet to be made", Pending
		}
		return out
	}
	group := &j.state.Groups[at]
	out.Touched = group.Touched
	is, whole, opaque := j.live(g, group)
	var want *side
	var tier rule.Group // of the policy; zero where it has none
	switch g.Action {
	case plan.Delete:
		want, out.Why = &side{stateful: is.stateful}, cmp.Or(g.Why, noTier)
	case plan.Release:
		want, out.Why = is, cmp.Or(g.Why, noTier+", and gives the group back as it is")
	default:
		tier = j.set.Groups[slices.IndexFunc(j.set.Groups, func(s rule.Group) bool { return s.Tier == g.Tier })]
		want = j.wanted(tier, j.plan)
	}
	against := want
	switch tags := rule.Applied(group.Tags); {
	case opaque == nil && is.equal(want) && out.Why == "":
		out.Verdict = Applied
		return out
	case was != nil && opaque == nil && (is.equal(was) || whole.equal(was)):
		out.Verdict = Pending
	case was != nil:
		out.Verdict, against = Drifted, was
	case j.known || len(tags) == 0:
		out.Verdict = Differs
	case opaque == nil && (slices.Contains(tags, is.fingerprint()) || slices.Contains(tags, whole.fingerprint())):
		out.Verdict = Pending
	default:
		out.Verdict, out.Both = Drifted, !slices.Contains(tags, want.fingerprint())
	}
	more, less := diff.Access(against.entries, is.entries)
	out.More, out.Less = j.more(more, group, tier.Expired), j.less(less)
	for _, l := range opaque {
		out.More = append(out.More, Change{Rules: []rule.LiveRule{l}})
	}
	if is.stateful != against.stateful {
		out.Why = fmt.Sprintf("stateful is %t, and should be %t", is.stateful, against.stateful)
	}
	return out
}

// more is what a group allows and should not, with the rules that do, and of which lines of the
// policy the last day is over.
func (j *judge) more(changes []diff.Change, group *rule.LiveGroup, expired []rule.Entry) []Change {
	var list []Change
	for _, c := range changes {
		one := Change{Change: j.inWords(c)}
		for _, e := range expired {
			if access.Overlaps(c.Rule, j.plan.Lasting(j.lasting, e.Rule)) {
				one.Expired = max(one.Expired, e.LastDay())
			}
		}
		for _, o := range c.Origins {
			at := slices.IndexFunc(group.Rules, func(l rule.LiveRule) bool { return l.ID == o.Key })
			one.Rules = append(one.Rules, group.Rules[at])
		}
		one.Origins = nil // which were the ids
		list = append(list, one)
	}
	return list
}

func (j *judge) less(changes []diff.Change) []Change {
	var list []Change
	for _, c := range changes {
		list = append(list, Change{Change: j.inWords(c)})
	}
	return list
}

// inWords puts what lasts into the policy's words.
func (j *judge) inWords(c diff.Change) diff.Change {
	c.Remote = j.remote(c.Remote)
	c.Except = slices.Clone(c.Except)
	for i := range c.Except {
		c.Except[i].Remote = j.remote(c.Except[i].Remote)
	}
	return c
}

func (j *judge) remote(r rule.Remote) rule.Remote {
	if r.Kind() != rule.RemoteGroup && r.Kind() != rule.RemoteAddressGroup {
		return r
	}
	if policy, tier, marked := rule.ParseMark(r.Name()); marked && policy == j.plan.Policy {
		return rule.Tier(tier)
	}
	if word, known := j.words[r]; known {
		return word
	}
	at := slices.IndexFunc(j.state.Groups, func(g rule.LiveGroup) bool { return rule.ForeignGroup(g.ID) == r })
	if at < 0 {
		return r
	}
	return rule.ForeignGroup(j.state.Groups[at].Name)
}
