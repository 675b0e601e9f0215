package carryout

import (
	"context"
	"fmt"
	"slices"

	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// deleteGroups deletes groups, whose rules go along. Those that name one another go one
// after the other, the naming before the named: at once, OVN's driver fails where one
// deletion takes along rules of a group that another has just removed.
func (r *run) deleteGroups(ctx, calls context.Context) error {
	due := r.tasksWith(func(t *task) bool { return t.delete })
	if len(due) == 0 {
		return nil
	}
	if err := r.lookFirst(calls); err != nil {
		return err
	}
	done := func(chain []*task) {
		for _, t := range chain {
			r.did(t, func() { t.delete = false }, t.change(DeleteGroup))
		}
	}
	return each(ctx, chains(due), func(chain []*task) error {
		for i, t := range chain {
			err := ctx.Err()
			if err == nil {
				err = r.deleteGroup(calls, t)
			}
			if err != nil {
				done(chain[:i])
				return err
			}
		}
		return nil
	}, done)
}

func (r *run) deleteGroup(calls context.Context, t *task) error {
	return r.step(calls, t, true, t.change(DeleteGroup), func(live rule.LiveGroup, _ bool) error {
		if live.ID == "" { // it has gone
			return nil
		}
		if err := r.named(calls, t); err != nil {
			return err
		}
		err := r.client.DeleteGroup(calls, t.ref(), live.Revision)
		switch {
		case neutron.GroupGone(err):
			return nil
		case neutron.InUse(err):
			return r.inUse(calls, t, err)
		}
		return err
	})
}

// named says whether a rule that the plans know nothing of has come to name a group that
// goes, and would go along. The list of all groups shows them; the group by itself does not.
func (r *run) named(calls context.Context, t *task) error {
	if !t.byItself {
		return nil
	}
	rules, err := r.client.ReadNaming(calls, t.id)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, n := range rules {
		if !slices.ContainsFunc(r.tasks, func(o *task) bool { return o.rules[n.ID] }) {
			return &Changed{Why: fmt.Sprintf("group %s now has rule %s, which names group %s (%s), which is to be deleted", n.Group, n.ID, t.planned.Name, t.id)}
		}
	}
	return nil
}

// inUse looks into a refusal to delete a group. Where no port carries it, the answer is
// about another deletion under way, and the call may be made again.
func (r *run) inUse(calls context.Context, t *task, refusal error) error {
	facts, err := r.client.Facts(calls, plan.Needs{PortsOf: []string{t.id}})
	if err != nil {
		return err
	}
	if ports := facts.Ports[t.id]; len(ports) > 0 {
		return fmt.Errorf("%v; %s: take the group off first", refusal, plan.InUse(ports))
	}
	return refusal
}

// chains parts groups so that none names one of another part; in each, those that name
// others come before those, as far as there is such an order.
func chains(tasks []*task) [][]*task {
	names := func(a, b *task) bool {
		return slices.ContainsFunc(a.seen.Rules, func(l rule.LiveRule) bool { return l.Names(b.id) })
	}
	part := map[*task]int{}
	var mark func(*task, int)
	mark = func(t *task, n int) {
		part[t] = n
		for _, o := range tasks {
			if part[o] == 0 && (names(t, o) || names(o, t)) {
				mark(o, n)
			}
		}
	}
	var parts [][]*task
	for _, t := range tasks {
		if part[t] == 0 {
			parts = append(parts, nil)
			mark(t, len(parts))
		}
	}
	// Depth first, whoever names a group comes before it.
	placed := map[*task]bool{}
	var place func(*task)
	place = func(t *task) {
		if placed[t] {
			return
		}
		placed[t] = true
		for _, o := range tasks {
			if o != t && part[o] == part[t] && names(o, t) {
				place(o)
			}
		}
		parts[part[t]-1] = append(parts[part[t]-1], t)
	}
	for _, t := range tasks {
		place(t)
	}
	return parts
}
