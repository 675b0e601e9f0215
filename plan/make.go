package plan

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"sgc.dev/sgc/rule"
)

// Make compares what is desired with what there is. The error is [Problems]: why
// it cannot even be said what to do. What speaks against doing it, [Check] says.
func Make(d Desired, s *rule.State, x Externals, o Options) (*Plan, error) {
	m := match(d, s, o)
	n, problems := newNames(d, s, m, x)
	if problems = append(m.problems, problems...); problems != nil {
		return nil, problems
	}
	p := &Plan{Policy: d.Policy, Externals: x, Notes: slices.Concat(d.Notes, m.notes, awaited(d, x)), DeletesFirst: o.DeletesFirst || o.Descriptions}
	lasting := LastingOf(s)
	for i, want := range d.Groups {
		if l, left := m.later[want.Tier]; left {
			p.Later = append(p.Later, l)
			continue
		}
		g, live := planned(want), m.of[i]
		if !d.Whole && (o.Fingerprints || live != nil && rule.Applied(live.Tags) != nil) {
			want.Tags = slices.Concat(want.Tags, []string{rule.AppliedTag(lasting.fingerprint(d.Policy, want, x, laterIDs(maps.Values(m.later))))})
		}
		switch {
		case live == nil:
			g.Action, g.Tag, g.Create, g.Near = Create, slices.Sorted(slices.Values(want.Tags)), want.Rules, m.near[want.Tier]
			g.describe(d.Policy, want.born(d.Policy), want.Description)
			p.Notes = append(p.Notes, want.lost(nil)...)
		default:
			var err error
			if want.Description, err = want.described(live); err != nil {
				problems = append(problems, Problem{want.Pos, err.Error()})
			}
			g.Description = want.Description
			p.Notes = append(p.Notes, want.lost(live.Rules)...)
			g.compare(d.Policy, want, live, n, m.adopted[i], d.Whole, o)
			g.Why = moves(live.Description, want.Description)
			if want.ID != "" {
				problems = append(problems, g.returns(d.Policy, want, live)...)
			}
		}
		p.Groups = append(p.Groups, g)
	}
	if problems != nil {
		return nil, problems
	}
	for _, live := range m.leftover {
		p.Groups = append(p.Groups, going(d, live, n))
	}
	return p, nil
}

// moves says from which policy to which a group goes, "" where it does not.
func moves(old, new string) string {
	had, _, _ := rule.ParseMark(old)
	has, _, _ := rule.ParseMark(new)
	if had == "" || has == "" || had == has {
		return ""
	}
	return fmt.Sprintf("now %s's, was %s's", has, had)
}

func planned(want DesiredGroup) Group {
	return Group{Tier: want.Tier, Name: want.Name, Description: want.Description, Stateful: want.Stateful, Others: want.Others, Pos: want.Pos}
}

// compare says what to do about a group that exists.
func (g *Group) compare(policy string, want DesiredGroup, live *rule.LiveGroup, n names, adopted, whole bool, o Options) {
	g.ID = live.ID
	if want.Others == nil { // else what they do counts too
		g.Revision = live.Revision
	}
	g.fields(policy, want, live)
	g.Tag, g.Tagged, g.Untag = tags(want.Tags, live.Tags, whole)
	g.compareRules(want, n.rules(live.Rules), n.going, o)
	switch g.Action = Keep; {
	case adopted:
		g.Action = Adopt
	case !g.Empty():
		g.Action = Change
	}
}

func (g *Group) fields(policy string, want DesiredGroup, live *rule.LiveGroup) {
	g.field("name", live.Name, want.Name)
	g.describe(policy, live.Description, want.Description)
	g.field("stateful", strconv.FormatBool(live.Stateful), strconv.FormatBool(want.Stateful))
}

// describe plans how the description changes. The policy's mark comes before all else, and
// goes after it: whoever is killed in between leaves what the next run knows to be the policy's.
func (g *Group) describe(policy, old, new string) {
	had, _, _ := rule.ParseMark(old)
	if has, _, _ := rule.ParseMark(new); had == policy && has != policy {
		g.Unmark = Field{"description", old, new}
		return
	}
	g.field("description", old, new)
}

func (g *Group) field(name, old, new string) {
	if old != new {
		g.Fields = append(g.Fields, Field{name, old, new})
	}
}

// tags is the tags that a group gets, those that it has already and those that it loses. What
// others gave it stays, unless the list is the whole; what sgc has said of its tier before does not.
func tags(want, have []string, whole bool) (add, has, drop []string) {
	there, wanted := setOf(have), setOf(want)
	for _, tag := range want {
		if there[tag] {
			has = append(has, tag)
		} else {
			add = append(add, tag)
		}
	}
	for _, tag := range have {
		if !wanted[tag] && (whole || rule.IsOwnTag(tag)) {
			drop = append(drop, tag)
		}
	}
	slices.Sort(add)
	slices.Sort(has)
	slices.Sort(drop)
	return add, has, drop
}

// deletes says whether a group that goes is deleted, and not given back.
func (d Desired) deletes(live *rule.LiveGroup) bool {
	return d.Release == nil && live.Name != defaultGroup && !slices.Contains(d.Unowned, live.ID)
}

// going is a group of the policy's that no tier is left for, or that is given back.
func going(d Desired, live *rule.LiveGroup, n names) Group {
	_, tier := markOf(live)
	g := Group{
		Action: Delete, Tier: tier, ID: live.ID, Name: live.Name, Description: live.Description, Stateful: live.Stateful, Revision: live.Revision,
	}
	if at := slices.IndexFunc(d.Groups, func(want DesiredGroup) bool { return want.Tier == tier }); at >= 0 {
		g.Pos, g.Why = d.Groups[at].Pos, older
	}
	if d.deletes(live) {
		g.Remove = n.rules(live.Rules)
		return g
	}
	g.Action, g.Stay = Release, n.rules(live.Rules)
	if at := slices.IndexFunc(d.Given, func(was DesiredGroup) bool { return was.Tier == tier && was.Others != nil }); at >= 0 {
		g.Revision, g.Others = 0, d.Given[at].Others
		theirs := newTheirs(rulesOf(d.Given[at].Rules), g.Others)
		left := func(l rule.LiveRule) bool { return theirs.Has(l.Rule) }
		for _, l := range g.Stay {
			if left(l) {
				g.Left = append(g.Left, l)
			}
		}
		g.Stay = slices.DeleteFunc(g.Stay, left)
	}
	g.Description = rule.Unmarked(live.Description)
	g.describe(d.Policy, live.Description, g.Description)
	_, _, g.Untag = tags(nil, live.Tags, false)
	return g
}
