package carryout

import (
	"slices"

	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// task is what is left to do about one group of a plan, and what the group is known to be
// by now: what the plan saw, and what this run has done since.
type task struct {
	plan    *plan.Plan
	planned plan.Group
	id      string // "" until the group exists

	make   bool // what is left: the group
	update []plan.Field
	create []rule.Entry
	remove []rule.LiveRule
	tag    bool
	delete bool
	unmark bool

	made        bool // by this run
	name        string
	description string          // of which the mark counts
	rules       map[string]bool // ids
	removed     []string        // ids of rules, by this run
	seen        rule.LiveGroup  // the last reading
	byItself    bool            // it has been read since, without what names it
	since       []Change        // begun since then
	flying      int             // of them, under way
}

func newTask(p *plan.Plan, g plan.Group) *task {
	t := &task{plan: p, planned: g, id: g.ID, make: g.Action == plan.Create, name: g.Name, description: g.Born(), rules: map[string]bool{}}
	for _, f := range g.Fields {
		switch f.Name {
		case "name":
			t.name = f.Old
		case "description":
			t.description = f.Old
		}
	}
	for _, l := range slices.Concat(g.Stay, g.Remove) {
		t.rules[l.ID] = true
	}
	if g.Action == plan.Delete {
		t.delete = true // its rules go along with it
		return t
	}
	t.update, t.create, t.remove = g.Fields, slices.Clone(g.Create), slices.Clone(g.Remove)
	t.tag, t.unmark = len(g.Tag)+len(g.Untag) > 0, g.Unmark != plan.Field{}
	return t
}

// settle takes a group that has just been created, or is found to have been: of
// its rules it keeps those that are desired, and the others go.
func (t *task) settle(live rule.LiveGroup, remotes map[rule.Remote]rule.Remote) {
	t.make, t.made, t.seen = false, true, live
	for _, l := range live.Rules {
		t.rules[l.ID] = true
		l.Rule = inPlan(l, remotes)
		at := slices.IndexFunc(t.create, func(e rule.Entry) bool { return e.Rule == l.Rule })
		if at < 0 {
			t.remove = append(t.remove, l)
			continue
		}
		t.create = slices.Delete(t.create, at, at+1)
	}
}

// tier is that in the mark that the group is created with.
func (t *task) tier() string {
	_, tier, _ := rule.ParseMark(t.planned.Born())
	return tier
}

func (t *task) ref() neutron.Ref { return neutron.Ref{ID: t.id, Name: t.planned.Name} }

func (t *task) change(v Verb) Change {
	return Change{Verb: v, Policy: t.plan.Policy, Tier: t.planned.Tier, Group: t.planned.Name, ID: t.id}
}

func (t *task) creation(e rule.Entry) Change {
	c := t.change(CreateRule)
	c.Rule = e.Rule.String()
	return c
}

func (t *task) removal(l rule.LiveRule) Change {
	c := t.change(RemoveRule)
	c.Rule, c.RuleID = l.String(), l.ID
	return c
}

// bornWith is the rules that a group which is still to be made will have by itself.
func (t *task) bornWith() (kept, gone []rule.Rule) {
	if !t.make {
		return nil, nil
	}
	return t.planned.BornWith()
}

// left is what is still to be done, in the plan's own order, with what the rules that a
// new group most likely has by itself make of it.
func (t *task) left() []Change {
	var list []Change
	if t.make {
		list = append(list, t.change(CreateGroup))
	}
	if len(t.update) > 0 {
		list = append(list, t.change(ChangeGroup))
	}
	kept, gone := t.bornWith()
	for _, e := range t.create {
		if !slices.Contains(kept, e.Rule) {
			list = append(list, t.creation(e))
		}
	}
	for _, r := range gone {
		list = append(list, t.removal(rule.LiveRule{Rule: r}))
	}
	for _, l := range t.remove {
		list = append(list, t.removal(l))
	}
	if t.tag {
		list = append(list, t.change(TagGroup))
	}
	if t.delete {
		list = append(list, t.change(DeleteGroup))
	}
	if t.unmark {
		list = append(list, t.change(UnmarkGroup))
	}
	return list
}

// count is the length of what is left.
func (t *task) count() int {
	n := len(t.create) + len(t.remove)
	kept, gone := t.bornWith()
	n += len(gone) - len(kept)
	for _, due := range []bool{t.make, len(t.update) > 0, t.tag, t.delete, t.unmark} {
		if due {
			n++
		}
	}
	return n
}
