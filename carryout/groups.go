package carryout

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// groupChunk is how many groups are created by one call: as many as may come a second time
// where its answer is lost, and it acts late.
const groupChunk = 10

// createGroups creates the new groups, and settles each from what the cloud says it was
// born with.
func (r *run) createGroups(_, calls context.Context) error {
	unmade := r.tasksWith(func(t *task) bool { return t.make })
	for chunk := range slices.Chunk(unmade, groupChunk) {
		if err := r.createChunk(calls, chunk); err != nil {
			return err
		}
	}
	existed := func(t *task) bool { return !t.made && t.count() > 0 }
	if 0 < len(unmade) && len(unmade) <= groupChunk && !slices.ContainsFunc(r.tasks, existed) {
		r.begun = 0 // the answer was a look at these groups, and no other is left to do
	}
	return nil
}

// createChunk creates groups by one call. Where it cannot be known whether the call has
// acted, the groups are looked for before another is made.
func (r *run) createChunk(calls context.Context, unmade []*task) error {
	if err := r.lookFirst(calls); err != nil {
		return err
	}
	for try := uint(1); ; try++ {
		r.begun++
		err := r.postGroups(calls, unmade)
		switch {
		case err == nil:
			return nil
		case neutron.Conflict(err): // no room: another run may have made them
			return changed(err)
		case !neutron.Uncertain(err):
			if err = r.client.Again(calls, err, try); err != nil {
				return err
			}
			continue
		}
		stop := r.client.Again(calls, err, try)
		if neutron.Ended(calls) != nil {
			return stop
		}
		s, readError := r.client.Read(calls)
		if readError != nil {
			return readError
		}
		if unmade, err = r.settleFound(calls, s, unmade); err != nil {
			return err
		}
		switch {
		case len(unmade) == 0:
			return nil
		case stop != nil:
			return stop
		}
	}
}

func (r *run) postGroups(calls context.Context, unmade []*task) error {
	var groups []neutron.NewGroup
	for _, t := range unmade {
		groups = append(groups, neutron.NewGroup{Name: t.planned.Name, Description: t.planned.Born(), Stateful: t.planned.Stateful})
	}
	made, err := r.client.CreateGroups(calls, groups)
	if err != nil {
		return err
	}
	for i, live := range made {
		if r.known[live.ID] {
			return fmt.Errorf("the cloud says that it created security group %s with the id %s, which another group had already", unmade[i].planned.Name, live.ID)
		}
		r.known[live.ID] = true
		for _, l := range live.Rules {
			if r.known[l.ID] {
				return fmt.Errorf("the cloud says that it created security group %s with rule %s, which another group had already", unmade[i].planned.Name, l.ID)
			}
			r.known[l.ID] = true
		}
	}
	for i, live := range made {
		unmade[i].id = live.ID
	}
	for i, t := range unmade {
		r.settle(t, made[i])
	}
	return nil
}

// settleFound settles the groups that a call has created whose answer was lost, those with
// the mark, and returns the others. One that has more than a group is born with, and the
// policy wants, is somebody's work: the plan for it has to be agreed to.
func (r *run) settleFound(calls context.Context, s *rule.State, unmade []*task) (unfound []*task, err error) {
	found := map[*task]rule.LiveGroup{}
	for _, t := range unmade {
		if groups := s.Owned(t.plan.Policy)[t.tier()]; len(groups) > 0 {
			found[t], t.id = *groups[0], groups[0].ID
		} else {
			unfound = append(unfound, t)
		}
	}
	if len(found) == 0 {
		return unfound, nil
	}
	born, err := r.client.Born(calls)
	if err != nil {
		return nil, err
	}
	for _, t := range unmade {
		live, ok := found[t]
		if !ok {
			continue
		}
		remotes := r.remotes(t.plan)
		for _, l := range live.Rules {
			wanted := func(e rule.Entry) bool { return e.Rule == inPlan(l, remotes) }
			if l.Opaque() || !slices.Contains(born, l.Rule) && !slices.ContainsFunc(t.create, wanted) {
				return nil, t.lost(fmt.Sprintf("has been created for tier %s, with rule %s: %s", t.planned.Tier, l.ID, l))
			}
		}
		r.settle(t, live)
	}
	return unfound, nil
}

// settle notes that a group exists, and what it was born with or has got since. Its rules
// may name others: their ids come first.
func (r *run) settle(t *task, live rule.LiveGroup) {
	remotes := r.remotes(t.plan)
	r.did(t, func() { t.settle(live, remotes) }, t.change(CreateGroup))
}

// changeGroups changes what groups are called and how they work, each only as long as that
// is what was planned for.
func (r *run) changeGroups(ctx, calls context.Context) error {
	due := r.tasksWith(func(t *task) bool { return len(t.update) > 0 })
	if len(due) == 0 {
		return nil
	}
	if err := r.lookFirst(calls); err != nil {
		return err
	}
	return each(ctx, due, func(t *task) error {
		return r.step(calls, t, true, t.change(ChangeGroup), func(live rule.LiveGroup, _ bool) error { return r.update(calls, t, live, t.update) })
	}, func(t *task) {
		r.did(t, func() { t.update, t.name, t.description = nil, t.planned.Name, t.planned.Born() }, t.change(ChangeGroup))
	})
}

// unmarkGroups takes the mark off groups that are given back, now that nothing is left
// to do about them.
func (r *run) unmarkGroups(ctx, calls context.Context) error {
	due := r.tasksWith(func(t *task) bool { return t.unmark })
	if len(due) == 0 {
		return nil
	}
	if err := r.lookFirst(calls); err != nil {
		return err
	}
	return each(ctx, due, func(t *task) error {
		return r.step(calls, t, true, t.change(UnmarkGroup), func(live rule.LiveGroup, _ bool) error {
			return r.update(calls, t, live, []plan.Field{t.planned.Unmark})
		})
	}, func(t *task) {
		r.did(t, func() { t.unmark, t.description = false, t.planned.Description }, t.change(UnmarkGroup))
	})
}

// update changes fields of the group as it was read, unless an earlier call has done so
// whose answer was lost.
func (r *run) update(calls context.Context, t *task, live rule.LiveGroup, fields []plan.Field) error {
	is := map[string]string{"name": live.Name, "description": live.Description, "stateful": strconv.FormatBool(live.Stateful)}
	var due []plan.Field
	for _, f := range fields {
		switch is[f.Name] {
		case f.New:
		case f.Old:
			due = append(due, f)
		default:
			return t.lost(fmt.Sprintf("now has the %s %q, not %q", f.Name, is[f.Name], f.Old))
		}
	}
	if len(due) == 0 {
		return nil
	}
	err := r.client.UpdateGroup(calls, t.ref(), live.Revision, due)
	if neutron.GroupGone(err) {
		return changed(err)
	}
	return err
}

// tagGroups says, now that the groups are complete, whose they are. On a group that this
// run has not made, tags come and go one by one: others may be giving it theirs.
func (r *run) tagGroups(ctx, calls context.Context) error {
	due := r.tasksWith(func(t *task) bool { return t.tag })
	if len(due) == 0 {
		return nil
	}
	if err := r.lookFirst(calls); err != nil {
		return err
	}
	return each(ctx, due, func(t *task) error {
		err := r.tagGroup(calls, t)
		if neutron.GroupGone(err) {
			return changed(err)
		}
		return err
	}, func(t *task) { r.did(t, func() { t.tag = false }, t.change(TagGroup)) })
}

// unspeakable says whether a tag cannot be part of an address: clouds and proxies read some
// otherwise than they are written. Then all tags are set at once, right after a reading.
func unspeakable(tag string) bool {
	return strings.Trim(tag, ".") == "" || strings.ContainsFunc(tag, func(c rune) bool {
		return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.ContainsRune("._-:=", c))
	})
}

func (r *run) tagGroup(calls context.Context, t *task) error {
	step := func(needless func(tags []string) bool, call func() error) error {
		return r.step(calls, t, false, t.change(TagGroup), func(live rule.LiveGroup, _ bool) error {
			if needless(live.Tags) {
				return nil
			}
			return call()
		})
	}
	if t.made && len(t.seen.Tags) == 0 || slices.ContainsFunc(slices.Concat(t.planned.Tag, t.planned.Untag), unspeakable) {
		others := false // have given it tags meanwhile
		err := r.step(calls, t, false, t.change(TagGroup), func(live rule.LiveGroup, _ bool) error {
			if others = t.made && len(live.Tags) > 0 && !slices.ContainsFunc(t.planned.Tag, unspeakable); others {
				return nil
			}
			tags := slices.DeleteFunc(slices.Concat(live.Tags, t.planned.Tag), func(tag string) bool { return slices.Contains(t.planned.Untag, tag) })
			slices.Sort(tags)
			return r.client.SetTags(calls, t.ref(), slices.Compact(tags))
		})
		if err != nil || !others {
			return err
		}
	}
	for _, tag := range t.planned.Tag {
		has := func(tags []string) bool { return slices.Contains(tags, tag) }
		if err := step(has, func() error { return r.client.AddTag(calls, t.ref(), tag) }); err != nil {
			return err
		}
	}
	for _, tag := range t.planned.Untag {
		lacks := func(tags []string) bool { return !slices.Contains(tags, tag) }
		if err := step(lacks, func() error { return r.client.RemoveTag(calls, t.ref(), tag) }); err != nil && !neutron.TagGone(err) {
			return err
		}
	}
	return nil
}
