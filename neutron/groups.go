package neutron

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"sgc.dev/sgc/rule"
)

// createGroups creates all new groups by one call, and settles each from what the
// cloud says it was born with. Where it cannot be known whether the call has
// acted, the groups are looked for before another is made.
func (r *run) createGroups(ctx, calls context.Context) error {
	for try := 1; ; try++ {
		var unmade []*task
		for _, t := range r.tasks {
			if t.unmade() {
				unmade = append(unmade, t)
			}
		}
		if len(unmade) == 0 {
			return nil
		}
		err := r.postGroups(calls, unmade)
		if err == nil {
			continue
		}
		if !uncertain(err) || try == attempts || ctx.Err() != nil {
			return err
		}
		select {
		case <-time.After(r.client.pause << (try - 1)):
		case <-ctx.Done():
			return err
		}
		s, readError := r.client.Read(calls)
		if readError != nil {
			return errors.Join(err, readError)
		}
		for _, t := range unmade {
			if g := s.Owned(r.plan.Policy, t.planned.Tier); len(g) > 0 {
				r.settle(t, *g[0])
			}
		}
	}
}

func (r *run) postGroups(calls context.Context, unmade []*task) error {
	var body struct {
		Groups []newGroup `json:"security_groups"`
	}
	for _, t := range unmade {
		g := newGroup{Name: t.planned.Name, Description: t.planned.Description, Stateful: &t.planned.Stateful}
		body.Groups = append(body.Groups, g)
	}
	var answer struct {
		Groups []groupWire `json:"security_groups"`
	}
	if err := r.client.call(calls, "create security groups", http.MethodPost, groupsPath, nil, body, &answer); err != nil {
		return err
	}
	for _, t := range unmade {
		for _, g := range answer.Groups {
			if g.Description == t.planned.Description && g.Name == t.planned.Name && t.unmade() {
				r.settle(t, g.live())
			}
		}
		if t.unmade() {
			return fmt.Errorf("the cloud says that it created security groups, and not %s among them", t.planned.Name)
		}
	}
	return nil
}

// settle notes that a group exists, and what it was born with.
func (r *run) settle(t *task, live rule.LiveGroup) {
	r.did(func() {
		t.id = live.ID
		t.settle(live, r.named)
	}, Change{Verb: CreateGroup, Tier: t.planned.Tier, Group: t.planned.Name, ID: live.ID})
}

// uncertain says whether a call that failed may have acted.
func uncertain(err error) bool {
	var silent *unanswered
	var answer *Refusal
	return errors.As(err, &silent) || errors.As(err, &answer) && answer.Status >= 500
}

// changeGroups changes what groups are called and how they work, each only at the
// revision that was planned for.
func (r *run) changeGroups(ctx, calls context.Context) error {
	var due []*task
	for _, t := range r.tasks {
		if len(t.update) > 0 {
			due = append(due, t)
		}
	}
	return each(ctx, due, func(t *task) error {
		fields := map[string]any{}
		for _, f := range t.update {
			fields[f.Name] = f.New
			if f.Name == "stateful" {
				fields[f.Name] = t.planned.Stateful
			}
		}
		revision := map[string]string{"If-Match": "revision_number=" + strconv.Itoa(t.planned.Revision)}
		err := r.client.callWith(calls, "change security group "+t.planned.Name, http.MethodPut, groupsPath+"/"+t.id, nil,
			revision, map[string]any{"security_group": fields}, nil)
		if refused(err, http.StatusPreconditionFailed) || refused(err, http.StatusNotFound) {
			return &Changed{"group " + t.planned.Name + ": " + err.Error()}
		}
		return err
	}, func(t *task) { r.did(func() { t.update = nil }, t.change(ChangeGroup)) })
}

// tagGroups says, now that the groups are complete, whose they are.
func (r *run) tagGroups(ctx, calls context.Context) error {
	var due []*task
	for _, t := range r.tasks {
		if t.tag {
			due = append(due, t)
		}
	}
	return each(ctx, due, func(t *task) error {
		body := map[string][]string{"tags": t.planned.Tags}
		err := r.client.call(calls, "tag security group "+t.planned.Name, http.MethodPut, groupsPath+"/"+t.id+"/tags", nil, body, nil)
		if refused(err, http.StatusNotFound) {
			return &Changed{"group " + t.planned.Name + " has gone"}
		}
		return err
	}, func(t *task) { r.did(func() { t.tag = false }, t.change(TagGroup)) })
}

// deleteGroups deletes groups, whose rules go along. One that has gone is gone.
func (r *run) deleteGroups(ctx, calls context.Context) error {
	var due []*task
	for _, t := range r.tasks {
		if t.delete {
			due = append(due, t)
		}
	}
	return each(ctx, due, func(t *task) error {
		err := r.client.call(calls, "delete security group "+t.planned.Name, http.MethodDelete, groupsPath+"/"+t.id, nil, nil, nil)
		if refused(err, http.StatusNotFound) {
			return nil
		}
		return err
	}, func(t *task) { r.did(func() { t.delete = false }, t.change(DeleteGroup)) })
}
