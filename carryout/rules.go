package carryout

import (
	"context"
	"fmt"
	"slices"

	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// ruleChunk is how many rules are created by one call (measured: make bench-cloud).
const ruleChunk = 50

// A batch is rules of one group that are created by one call, all or none.
type batch struct {
	*task
	entries []rule.Entry
}

// createRules creates the rules of all groups, some by one call each time.
func (r *run) createRules(ctx, calls context.Context) error {
	var batches []batch
	for _, t := range r.tasks {
		for entries := range slices.Chunk(slices.Clone(t.create), ruleChunk) {
			batches = append(batches, batch{t, entries})
		}
	}
	if len(batches) == 0 {
		return nil
	}
	if err := r.lookFirst(calls); err != nil {
		return err
	}
	return each(ctx, batches, func(b batch) error {
		return r.step(calls, b.task, false, b.creation(b.entries[0]), func(live rule.LiveGroup, again bool) error {
			entries := b.entries
			if again {
				entries = r.missing(b, live)
			}
			return r.post(calls, b, entries)
		})
	}, r.created)
}

// post creates rules. Those that are there already, made by another run or by a call whose
// answer was lost, are left out: one of them makes the cloud refuse all.
func (r *run) post(calls context.Context, b batch, entries []rule.Entry) error {
	for len(entries) > 0 {
		ids, err := r.client.CreateRules(calls, b.ref(), entries, r.idsNow(b.plan))
		switch {
		case err == nil:
			return r.knows(b.task, ids)
		case neutron.RemoteGone(err):
			return changed(err)
		case !neutron.Conflict(err):
			return err
		}
		live, readError := r.ours(calls, b.task, true, true)
		if readError != nil {
			return readError
		}
		missing := r.missing(b, live)
		if len(missing) == len(entries) { // no room; or another run is at it, in another order
			return changed(err)
		}
		entries = missing
	}
	return nil
}

func (r *run) idsNow(p *plan.Plan) map[rule.Remote]string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ids(p)
}

// missing is the rules of a batch that the group does not have.
func (r *run) missing(b batch, live rule.LiveGroup) []rule.Entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	there, remotes := map[rule.Rule]bool{}, r.remotes(b.plan)
	for _, l := range live.Rules {
		there[inPlan(l, remotes)] = true
	}
	return slices.DeleteFunc(slices.Clone(b.entries), func(e rule.Entry) bool { return there[e.Rule] })
}

// knows notes the ids of rules that this run has made, which none had before.
func (r *run) knows(t *task, ids []string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range ids {
		if r.known[id] {
			return fmt.Errorf("the cloud says that it created a rule in security group %s with the id %s, which another rule had already", t.planned.Name, id)
		}
		r.known[id], t.rules[id] = true, true
	}
	return nil
}

func (r *run) created(b batch) {
	var changes []Change
	done := map[rule.Rule]bool{}
	for _, e := range b.entries {
		changes = append(changes, b.creation(e))
		done[e.Rule] = true
	}
	r.did(b.task, func() {
		b.create = slices.DeleteFunc(b.create, func(e rule.Entry) bool { return done[e.Rule] })
	}, changes...)
}

// removeRules removes rules. Groups are looked at also where there are none to remove, if
// groups have been created: another run may have created the same.
func (r *run) removeRules(ctx, calls context.Context) error {
	type removal struct {
		*task
		rule.LiveRule
	}
	var due []removal
	look := false
	for _, t := range r.tasks {
		look = look || t.made || len(t.remove) > 0
		for _, l := range t.remove {
			due = append(due, removal{t, l})
		}
	}
	if !look {
		return nil
	}
	if err := r.lookFirst(calls); err != nil {
		return err
	}
	return each(ctx, due, func(d removal) error {
		return r.step(calls, d.task, false, d.removal(d.LiveRule), func(rule.LiveGroup, bool) error {
			err := r.client.DeleteRule(calls, d.ref(), d.LiveRule.ID)
			if neutron.RuleGone(err) {
				return nil
			}
			return err
		})
	}, func(d removal) {
		r.did(d.task, func() {
			d.removed = append(d.removed, d.LiveRule.ID)
			d.remove = slices.DeleteFunc(slices.Clone(d.remove), func(l rule.LiveRule) bool { return l.ID == d.LiveRule.ID })
		}, d.removal(d.LiveRule))
	})
}
