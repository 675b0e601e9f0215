package carryout

import (
	"context"
	"errors"
	"fmt"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// lookFirst makes sure that all groups were looked at after the last call. Every step
// begins with it: nothing that others did before is overlooked.
func (r *run) lookFirst(calls context.Context) error {
	if r.begun == 0 {
		return nil
	}
	return r.look(calls)
}

// look reads the project and holds every group to what it is known to be. What this run
// has made and the cloud does not show yet is waited for: readings may come from a
// database that lags behind.
func (r *run) look(calls context.Context) error {
	for try := uint(1); ; try++ {
		s, err := r.client.Read(calls)
		if err != nil {
			return err
		}
		if err = r.check(s); err == nil {
			return nil
		}
		if !lags(err) || r.client.Wait(calls, try) != nil {
			return err
		}
	}
}

// lags says whether the next reading may show what this one does not: what this run has done.
func lags(err error) bool {
	var changed *Changed
	var unsettled *Unsettled
	return errors.As(err, &changed) && changed.lags || errors.As(err, &unsettled)
}

func (r *run) check(s *rule.State) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.known = map[string]bool{}
	live, mine := map[string]rule.LiveGroup{}, map[string]bool{}
	for _, t := range r.tasks {
		mine[t.id] = true
	}
	for _, g := range s.Groups {
		live[g.ID] = g
		r.known[g.ID] = true
		for _, l := range g.Rules {
			r.known[l.ID] = true
		}
		if !mine[g.ID] {
			if err := r.takesAlong(g); err != nil {
				return err
			}
		}
	}
	owners, remotes := ownedBy(s), r.remotesOf()
	for _, t := range r.tasks {
		owned := owners(t)
		switch g, there := live[t.id]; {
		case t.make && len(owned) > 0:
			return &Changed{Why: fmt.Sprintf("group %s (%s) has been created for tier %s meanwhile", owned[0].Name, owned[0].ID, t.planned.Tier)}
		case t.make:
		case !there && t.planned.Action == plan.Delete:
		case !there:
			lost := t.lost("is gone")
			lost.lags = t.made
			return lost
		case t.planned.Action == plan.Delete && !t.delete: // answered, and not yet seen
		default:
			if err := t.holds(g, true, remotes(t)); err != nil {
				return err
			}
			if t.made && len(owned) > 1 {
				return &Changed{Why: fmt.Sprintf("tier %s now has %d groups", t.planned.Tier, len(owned))}
			}
			t.seen, t.since = g, nil
		}
	}
	r.begun = 0
	return nil
}

// ownedBy is the groups of a task's tier, the eldest first, whoever has made them.
func ownedBy(s *rule.State) func(*task) []*rule.LiveGroup {
	owned := map[string]map[string][]*rule.LiveGroup{} // by policy and tier
	return func(t *task) []*rule.LiveGroup {
		policy := t.plan.Policy
		if owned[policy] == nil {
			owned[policy] = s.Owned(policy)
		}
		return owned[policy][t.tier()]
	}
}

// takesAlong says whether a group that the plans know nothing of names one that goes.
func (r *run) takesAlong(g rule.LiveGroup) error {
	for _, t := range r.tasks {
		for _, l := range g.Rules {
			if t.delete && l.Names(t.id) {
				return &Changed{Why: fmt.Sprintf("group %s (%s) now has a rule that names group %s, which is to be deleted", g.Name, g.ID, t.planned.Name)}
			}
		}
	}
	return nil
}
