package neutron

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// createGroups creates all new groups by one call, and settles each from what the
// cloud says it was born with. Where it cannot be known whether the call has
// acted, the groups are looked for before another is made.
func (r *run) createGroups(_, calls context.Context) error {
	for try := uint(1); ; try++ {
		unmade := r.tasksWith(func(t *task) bool { return t.make })
		if len(unmade) == 0 {
			return nil
		}
		err := r.postGroups(calls, unmade)
		switch {
		case err == nil:
			continue
		case refused(err, http.StatusConflict): // no room: another run may have made them
			return changed(err)
		case !uncertain(err) || ended(calls):
			return err
		}
		last := try >= r.client.retries.worth(err)
		if !last {
			if interrupted := r.client.retries.pause(calls, err, try); interrupted != nil {
				return interrupted
			}
		}
		s, readError := r.client.Read(calls)
		if readError != nil {
			return errors.Join(err, readError)
		}
		found := r.find(s, unmade)
		r.settle(found)
		if last && len(found) == 0 {
			return err
		}
	}
}

func (r *run) postGroups(calls context.Context, unmade []*task) error {
	var body struct {
		Groups []newGroup `json:"security_groups"`
	}
	for _, t := range unmade {
		g := newGroup{Name: t.planned.Name, Description: t.planned.Born()}
		if !r.client.allStateful.Load() {
			g.Stateful = &t.planned.Stateful
		}
		body.Groups = append(body.Groups, g)
	}
	var answer struct {
		Groups []groupWire `json:"security_groups"`
	}
	if err := r.client.call(calls, "create security groups", http.MethodPost, groupsPath, nil, body, &answer); err != nil {
		return err
	}
	made := map[*task]rule.LiveGroup{}
	for _, t := range unmade {
		at := slices.IndexFunc(answer.Groups, func(g groupWire) bool { return g.Description == t.planned.Born() && g.Name == t.planned.Name })
		if at < 0 {
			return fmt.Errorf("the cloud says that it created security groups, and not %s among them", t.planned.Name)
		}
		live := answer.Groups[at].live()
		if err := live.CheckIDs(); err != nil {
			return fmt.Errorf("the cloud's answer to the creation of security group %s: %w", t.planned.Name, err)
		}
		made[t] = live
	}
	r.settle(made)
	return nil
}

// find is the groups that a call has created whose answer was lost: those with the mark.
func (r *run) find(s *rule.State, unmade []*task) map[*task]rule.LiveGroup {
	found, owned := map[*task]rule.LiveGroup{}, s.Owned(r.plan.Policy)
	for _, t := range unmade {
		if groups := owned[t.mark()]; len(groups) > 0 {
			found[t] = *groups[0]
		}
	}
	return found
}

// settle notes that groups exist, and what they were born with or have got since.
// Their rules may name one another: all ids come first.
func (r *run) settle(groups map[*task]rule.LiveGroup) {
	for t, live := range groups {
		t.id = live.ID
	}
	words := r.words()
	for _, t := range r.tasks {
		if live, ok := groups[t]; ok {
			r.did(t, func() { t.settle(live, words) }, t.change(CreateGroup))
		}
	}
}

// uncertain says whether a call that failed may have acted.
func uncertain(err error) bool {
	var silent *unanswered
	var answer *Refusal
	return errors.As(err, &silent) || errors.As(err, &answer) && answer.Status >= 500
}

// tasksWith is the tasks of which something is left.
func (r *run) tasksWith(left func(*task) bool) []*task {
	return slices.DeleteFunc(slices.Clone(r.tasks), func(t *task) bool { return !left(t) })
}

// changeGroups changes what groups are called and how they work, each only at the
// revision that was planned for.
func (r *run) changeGroups(ctx, calls context.Context) error {
	return each(ctx, r.tasksWith(func(t *task) bool { return len(t.update) > 0 }), func(t *task) error {
		return r.changeGroup(calls, t, t.update, t.planned.Revision)
	}, func(t *task) { r.did(t, func() { t.update = nil }, t.change(ChangeGroup)) })
}

// unmarkGroups takes the mark off groups that are given back, now that nothing is left
// to do about them. Their revisions have moved on with the changes before.
func (r *run) unmarkGroups(ctx, calls context.Context) error {
	return each(ctx, r.tasksWith(func(t *task) bool { return t.unmark }), func(t *task) error {
		live, err := r.client.readGroup(calls, t.id)
		switch {
		case absent(err, noGroup):
			return changed(err)
		case err != nil:
			return err
		case live.Description != t.planned.Unmark.Old:
			return &Changed{Why: fmt.Sprintf("group %s is described as %q", t.planned.Name, live.Description)}
		}
		return r.changeGroup(calls, t, []plan.Field{t.planned.Unmark}, live.Revision)
	}, func(t *task) { r.did(t, func() { t.unmark = false }, t.change(UnmarkGroup)) })
}

// changeGroup changes fields of the group as long as it is at the revision.
func (r *run) changeGroup(calls context.Context, t *task, update []plan.Field, revision int) error {
	fields := map[string]any{}
	for _, f := range update {
		fields[f.Name] = f.New
		if f.Name == "stateful" {
			fields[f.Name] = t.planned.Stateful
		}
	}
	match := map[string]string{"If-Match": "revision_number=" + strconv.Itoa(revision)}
	err := r.client.callWith(calls, "change security group "+t.planned.Name, http.MethodPut, below(groupsPath, t.id), nil,
		match, map[string]any{"security_group": fields}, nil)
	switch {
	case refused(err, http.StatusPreconditionFailed) && r.updated(calls, t, update): // by this very call, whose first answer was lost
		return nil
	case refused(err, http.StatusPreconditionFailed), absent(err, noGroup):
		return changed(err)
	}
	return err
}

// updated says whether the fields are as they are to be.
func (r *run) updated(calls context.Context, t *task, update []plan.Field) bool {
	live, err := r.client.readGroup(calls, t.id)
	is := map[string]string{"name": live.Name, "description": live.Description, "stateful": strconv.FormatBool(live.Stateful)}
	return err == nil && !slices.ContainsFunc(update, func(f plan.Field) bool { return is[f.Name] != f.New })
}

// hasGone says whether the group does not exist any more.
func (r *run) hasGone(calls context.Context, t *task) bool {
	_, err := r.client.readGroup(calls, t.id)
	return absent(err, noGroup)
}

// tagGroups says, now that the groups are complete, whose they are.
func (r *run) tagGroups(ctx, calls context.Context) error {
	return each(ctx, r.tasksWith(func(t *task) bool { return t.tag }), func(t *task) error {
		body := map[string][]string{"tags": t.planned.Tags}
		err := r.client.call(calls, "tag security group "+t.planned.Name, http.MethodPut, below(groupsPath, t.id, "tags"), nil, body, nil)
		// Neutron answers 500 where it lacks what is to be tagged.
		if absent(err, noTagged) || refused(err, http.StatusInternalServerError) && r.hasGone(calls, t) {
			return &Changed{Why: "group " + t.planned.Name + " has gone"}
		}
		return err
	}, func(t *task) { r.did(t, func() { t.tag = false }, t.change(TagGroup)) })
}

// deleteGroups deletes groups, whose rules go along. One that has gone is gone.
func (r *run) deleteGroups(ctx, calls context.Context) error {
	return each(ctx, r.tasksWith(func(t *task) bool { return t.delete }), func(t *task) error {
		err := r.client.call(calls, "delete security group "+t.planned.Name, http.MethodDelete, below(groupsPath, t.id), nil, nil, nil)
		if absent(err, noGroup) {
			return nil
		}
		return err
	}, func(t *task) { r.did(t, func() { t.delete = false }, t.change(DeleteGroup)) })
}
