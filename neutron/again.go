package neutron

import (
	"context"
	"fmt"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// lookAgain reads the project before anything is deleted. What others have done
// meanwhile must not make a deletion cut what the plan leaves open, nor take
// along what belongs to them; and of two runs that created the same group one
// has to give way.
func (r *run) lookAgain(calls context.Context) error {
	s, err := r.client.Read(calls)
	if err != nil {
		return err
	}
	mine := map[string]*task{}
	for _, t := range r.tasks {
		mine[t.id] = t
	}
	live := map[string]rule.LiveGroup{}
	for _, g := range s.Groups {
		live[g.ID] = g
		if t := mine[g.ID]; t == nil {
			if err := r.takesAlong(g); err != nil {
				return err
			}
		}
	}
	words, owned := r.words(), s.Owned(r.plan.Policy)
	for _, t := range r.tasks {
		g, there := live[t.id]
		if !there && t.planned.Action == plan.Delete || t.make {
			continue
		}
		if !there {
			return &Changed{Why: "group " + t.planned.Name + " has gone"}
		}
		if err := t.complete(g, words); err != nil {
			return err
		}
		if n := len(owned[t.mark()]); t.planned.Action == plan.Create && n > 1 {
			return &Changed{Why: fmt.Sprintf("tier %s has %d groups", t.planned.Tier, n)}
		}
	}
	return nil
}

// complete says whether the group has all rules that it is to have by now.
func (t *task) complete(g rule.LiveGroup, words map[rule.Remote]rule.Remote) error {
	ids, rules := map[string]bool{}, map[rule.Rule]bool{}
	for _, l := range g.Rules {
		ids[l.ID] = true
		rules[worded(l, words)] = true
	}
	for _, l := range t.planned.Stay {
		if !ids[l.ID] {
			return &Changed{Why: fmt.Sprintf("rule %s of group %s has gone: %s", l.ID, t.planned.Name, l)}
		}
	}
	due := map[rule.Rule]bool{}
	for _, e := range t.create {
		due[e.Rule] = true
	}
	for _, e := range t.planned.Create {
		if !due[e.Rule] && !rules[e.Rule] {
			return &Changed{Why: fmt.Sprintf("a rule of group %s has gone: %s", t.planned.Name, e.Rule)}
		}
	}
	return nil
}

// takesAlong says whether a group that the plan knows nothing of names one that goes.
func (r *run) takesAlong(g rule.LiveGroup) error {
	for _, t := range r.tasks {
		for _, l := range g.Rules {
			if t.delete && l.Names(t.id) {
				return &Changed{Why: fmt.Sprintf("group %s (%s) has a rule that names group %s, which is to be deleted", g.Name, g.ID, t.planned.Name)}
			}
		}
	}
	return nil
}
