package carryout

import (
	"context"
	"slices"

	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/rule"
)

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
		r.begins(t, c)
		err = do(live, try > 1)
		r.ended(t, c, err == nil || neutron.Uncertain(err))
		if err == nil {
			return nil
		}
		if neutron.Outdated(err) { // somebody was quicker: what has become of it, the next look says
			if try == staleTries {
				return changed(err)
			}
			continue
		}
		if err = r.client.Again(calls, err, try); err != nil {
			return err
		}
	}
}

// begins notes that a call for a change begins.
func (r *run) begins(t *task, c Change) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t.flying++
	t.since = append(t.since, c)
}

// ended notes that it has ended, and whether it may have acted.
func (r *run) ended(t *task, c Change, acted bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t.flying--
	if at := slices.Index(t.since, c); !acted && at >= 0 {
		t.since = slices.Delete(slices.Clone(t.since), at, at+1)
	}
}

// staleTries is how often a call is made that others keep outdating.
const staleTries = 6

func (r *run) ours(calls context.Context, t *task, whole, again bool) (rule.LiveGroup, error) {
	r.mu.Lock()
	r.begun++
	fresh, seen := r.begun <= neutron.Parallel && !again, t.seen
	t.byItself = !fresh
	r.mu.Unlock()
	if fresh {
		return seen, nil
	}
	for looks := uint(1); ; looks++ {
		live, err := r.reread(calls, t, whole)
		if !lags(err) || r.client.Wait(calls, looks) != nil {
			return live, err
		}
	}
}

// reread reads the group by itself, and holds it to what it is known to be.
func (r *run) reread(calls context.Context, t *task, whole bool) (rule.LiveGroup, error) {
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
		lost := t.lost("is gone")
		lost.lags = t.made
		return live, lost
	case err != nil:
		return live, err
	}
	if err := t.holds(live, whole, r.remotes(t.plan)); err != nil {
		return live, err
	}
	if t.flying == 0 {
		t.since = nil
	}
	return live, nil
}
