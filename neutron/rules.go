package neutron

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// A batch is rules of one group that are created by one call, all or none.
type batch struct {
	*task
	entries []rule.Entry
}

// createRules creates the rules of all groups, some by one call each time.
func (r *run) createRules(ctx, calls context.Context) error {
	var batches []batch
	for _, t := range r.tasks {
		for entries := range slices.Chunk(slices.Clone(t.create), chunk) {
			batches = append(batches, batch{t, entries})
		}
	}
	ids := r.targets()
	return each(ctx, batches,
		func(b batch) error { return r.createBatch(calls, ids, b) },
		func(b batch) { r.created(b.task, b.entries) })
}

func (r *run) createBatch(calls context.Context, ids targets, b batch) error {
	err := r.postRules(calls, ids, b)
	switch {
	case absent(err, noGroup, noAddressGroup): // the group, or what its rules name
		return changed(err)
	case refused(err, http.StatusConflict) && !r.options.Saved:
		// A rule that is there already; or no room, which is also what a full quota says of one that is there.
		return changed(err)
	case refused(err, http.StatusConflict):
		return r.createMissing(calls, ids, b, err)
	}
	return err
}

func (r *run) postRules(calls context.Context, ids targets, b batch) error {
	var body struct {
		Rules []newRule `json:"security_group_rules"`
	}
	for _, e := range b.entries {
		n, err := ids.request(b.id, e)
		if err != nil {
			return fmt.Errorf("group %s: %w", b.planned.Name, err)
		}
		body.Rules = append(body.Rules, n)
	}
	return r.client.call(calls, "create rules in security group "+b.planned.Name, http.MethodPost, rulesPath, nil, body, nil)
}

// createMissing goes on with a saved plan after a rule turned out to be there:
// exactly that rule is done, and the others are still to be created.
func (r *run) createMissing(calls context.Context, ids targets, b batch, refusal error) error {
	live, err := r.client.readGroup(calls, b.id)
	if err != nil {
		return err
	}
	there, words := map[rule.Rule]bool{}, r.words()
	for _, l := range live.Rules {
		there[worded(l, words)] = true
	}
	missing := slices.DeleteFunc(slices.Clone(b.entries), func(e rule.Entry) bool { return there[e.Rule] })
	switch len(missing) {
	case 0:
		return nil
	case len(b.entries):
		return refusal
	}
	return r.postRules(calls, ids, batch{b.task, missing})
}

func (r *run) created(t *task, entries []rule.Entry) {
	var changes []Change
	done := map[rule.Rule]bool{}
	for _, e := range entries {
		changes = append(changes, t.creation(e))
		done[e.Rule] = true
	}
	r.did(t, func() {
		t.create = slices.DeleteFunc(t.create, func(e rule.Entry) bool { return done[e.Rule] })
	}, changes...)
}

// removeRules removes rules, after a look at what the groups have become: also
// where there are none to remove, if groups have been created, since another run
// may have created the same.
func (r *run) removeRules(ctx, calls context.Context) error {
	type removal struct {
		*task
		rule.LiveRule
	}
	var due []removal
	look := false
	for _, t := range r.tasks {
		look = look || t.delete || t.planned.Action == plan.Create && !t.make || len(t.remove) > 0
		for _, l := range t.remove {
			due = append(due, removal{t, l})
		}
	}
	if !look {
		return nil
	}
	if err := r.lookAgain(calls); err != nil {
		return err
	}
	return each(ctx, due, func(d removal) error {
		err := r.client.call(calls, "remove a rule of security group "+d.planned.Name, http.MethodDelete, below(rulesPath, d.LiveRule.ID), nil, nil, nil)
		if absent(err, noRule) {
			return nil
		}
		return err
	}, func(d removal) {
		r.did(d.task, func() {
			d.remove = slices.DeleteFunc(slices.Clone(d.remove), func(l rule.LiveRule) bool { return l.ID == d.LiveRule.ID })
		}, d.removal(d.LiveRule))
	})
}
