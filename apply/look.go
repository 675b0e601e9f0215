package apply

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"sgc.dev/sgc/neutron"
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
		var c *Changed
		if !errors.As(err, &c) || !c.lags || r.client.Wait(calls, try) != nil {
			return err
		}
	}
}

func (r *run) check(s *rule.State) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.groups = map[string]bool{}
	live, mine := map[string]rule.LiveGroup{}, map[string]bool{}
	for _, t := range r.tasks {
		mine[t.id] = true
	}
	for _, g := range s.Groups {
		live[g.ID] = g
		r.groups[g.ID] = true
		if !mine[g.ID] {
			if err := r.takesAlong(g); err != nil {
				return err
			}
		}
	}
	for _, t := range r.tasks {
		owned := s.Owned(t.plan.Policy)[t.tier()]
		switch g, there := live[t.id]; {
		case t.make && len(owned) > 0:
			return &Changed{Why: fmt.Sprintf("group %s (%s) has come for tier %s", owned[0].Name, owned[0].ID, t.planned.Tier)}
		case t.make:
		case !there && t.planned.Action == plan.Delete:
		case !there:
			lost := t.lost("has gone")
			lost.lags = t.made
			return lost
		case t.planned.Action == plan.Delete && !t.delete: // answered, and not yet seen
		default:
			if err := t.holds(g, true, r.words(t.plan)); err != nil {
				return err
			}
			if t.made && len(owned) > 1 {
				return &Changed{Why: fmt.Sprintf("tier %s has %d groups", t.planned.Tier, len(owned))}
			}
			t.seen, t.since = g, nil
		}
	}
	r.begun = 0
	return nil
}

// takesAlong says whether a group that the plans know nothing of names one that goes.
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

// holds says whether the group is ours, and as it is known to be; its rules are looked at
// where the reading is whole.
func (t *task) holds(g rule.LiveGroup, whole bool, words map[rule.Remote]rule.Remote) error {
	switch is, was := markOf(g.Description), markOf(t.description); {
	case is != was && was == "":
		return t.lost("has got the mark " + is)
	case is != was && is == "":
		return t.lost("has lost the mark " + was)
	case is != was:
		return t.lost("has got the mark " + is + " in place of " + was)
	case g.Name != t.name:
		return t.lost(fmt.Sprintf("is called %s now", g.Name))
	}
	if !whole {
		return nil
	}
	ids, there := map[string]bool{}, map[rule.Rule]bool{}
	for _, l := range g.Rules {
		ids[l.ID] = true
		there[worded(l, words)] = true
	}
	for _, l := range t.planned.Stay {
		if !ids[l.ID] {
			return t.lost(fmt.Sprintf("has lost rule %s: %s", l.ID, l))
		}
	}
	due, desired := map[rule.Rule]bool{}, map[rule.Rule]bool{}
	for _, e := range t.create {
		due[e.Rule] = true
	}
	for _, e := range t.planned.Create {
		desired[e.Rule] = true
		if !due[e.Rule] && !there[e.Rule] {
			lost := t.lost(fmt.Sprintf("has lost a rule: %s", e.Rule))
			lost.lags = true
			return lost
		}
	}
	for _, l := range g.Rules {
		// A rule that is wanted may be by another run of the same policy.
		if !t.rules[l.ID] && !desired[worded(l, words)] {
			return t.lost(fmt.Sprintf("has got rule %s: %s", l.ID, l))
		}
	}
	return nil
}

// lost is a group that is not what it is known to be. What went to it since the last look
// is named: it may have met what somebody else has made of the group.
func (t *task) lost(how string) *Changed {
	why := fmt.Sprintf("group %s (%s) %s", t.name, t.id, how)
	if len(t.since) > 0 {
		var done []string
		for _, c := range t.since {
			done = append(done, c.String())
		}
		why += "; since it was last looked at, this was done to it: " + strings.Join(done, ", ")
	}
	return &Changed{Why: why}
}

// markOf is the mark at the end of a description, "" for none.
func markOf(description string) string {
	if policy, tier, marked := rule.ParseMark(description); marked {
		return rule.Mark(policy, tier)
	}
	return ""
}

// step makes one call that changes a group, once the group has been looked at: when all
// were and no more calls have begun since than are under way at once, that counts; else
// the group is read. A call that failed, and may not next time, is made again in the same way.
func (r *run) step(calls context.Context, t *task, whole bool, c Change, do func(live rule.LiveGroup, again bool) error) error {
	for try := uint(1); ; try++ {
		live, err := r.ours(calls, t, whole || try > 1, try > 1)
		if err != nil {
			return err
		}
		if err := neutron.Ended(calls); err != nil {
			return err
		}
		r.note(t, c, 1)
		err = do(live, try > 1)
		r.note(t, c, -1)
		if err == nil {
			return nil
		}
		if neutron.Refused(err, http.StatusPreconditionFailed) && try < staleTries { // somebody was quicker: what has become of it, the next look says
			continue
		}
		if err = r.client.Again(calls, err, try); err != nil {
			return err
		}
	}
}

// note notes that a call for a change begins, or has ended.
func (r *run) note(t *task, c Change, more int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if t.flying += more; more > 0 {
		t.since = append(t.since, c)
	}
}

// staleTries is how often a call is made that others keep outdating.
const staleTries = 6

func (r *run) ours(calls context.Context, t *task, whole, again bool) (rule.LiveGroup, error) {
	r.mu.Lock()
	r.begun++
	fresh, seen := r.begun <= neutron.Parallel && !again, t.seen
	r.mu.Unlock()
	if fresh {
		return seen, nil
	}
	read := r.client.ReadGroupHead
	if whole {
		read = r.client.ReadGroup
	}
	live, err := read(calls, t.id)
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case neutron.GroupGone(err) && t.delete:
		return rule.LiveGroup{}, nil
	case neutron.GroupGone(err):
		return live, t.lost("has gone")
	case err != nil:
		return live, err
	}
	if err := t.holds(live, whole, r.words(t.plan)); err != nil {
		return live, err
	}
	if t.flying == 0 {
		t.since = nil
	}
	return live, nil
}
