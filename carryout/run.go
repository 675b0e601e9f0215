package carryout

import (
	"context"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// Unfinished is why plans were not carried out to their end, and how far that came.
// The next run goes on from there.
type Unfinished struct {
	Err  error
	Done int
	Left []Change
}

func (u *Unfinished) Error() string { return u.Err.Error() }
func (u *Unfinished) Unwrap() error { return u.Err }

// Changed is a cloud that is not, or no longer, as it was planned for.
type Changed struct {
	Why   string
	cause error // what the cloud answered, if that is why
	lags  bool  // it is missing what this run has made: the next reading may show it
}

func (c *Changed) Error() string {
	if c.cause != nil {
		return "the plan does not fit the cloud: " + c.Why
	}
	return "the cloud has changed since it was read: " + c.Why
}
func (c *Changed) Unwrap() error { return c.cause }

// changed is an answer that tells of it.
func changed(answer error) *Changed { return &Changed{Why: answer.Error(), cause: answer} }

// run is the plans of a round on their way.
type run struct {
	client *neutron.Client
	report func(Event)
	tasks  []*task

	mu    sync.Mutex      // guards what follows, and the tasks while calls are under way
	known map[string]bool // ids of all groups and rules that were there at the last look
	begun int             // calls since all groups were looked at
	done  int             // changes
	due   int             // changes that are left
	end   *rule.State     // as the last look has shown it
}

func newRun(c *neutron.Client, plans []*plan.Plan, report func(Event)) *run {
	r := &run{client: c, report: report, begun: 1}
	for _, p := range plans {
		for _, g := range p.Groups {
			t := newTask(p, g)
			r.tasks = append(r.tasks, t)
			r.due += t.count()
		}
	}
	return r
}

// Plans carries plans out: all groups first, then rules that come, then rules
// that go, tags, groups that go, and marks that go; or what goes before what comes,
// where a plan says so. Whoever ends ctx lets the calls that are under way end, and no
// other begins. Every change that the cloud says it has made is reported, one after the
// other. The state is as the last look has shown it. The error is [*Unfinished]; it wraps
// [*Changed] where the cloud must be read and planned for again.
func Plans(ctx context.Context, c *neutron.Client, plans []*plan.Plan, report func(Event)) (*rule.State, error) {
	r := newRun(c, plans, report)
	err := r.carryOut(ctx)
	return r.end, err
}

func (r *run) carryOut(ctx context.Context) error {
	calls, end := neutron.Graceful(ctx)
	defer end()
	steps := []func(ctx, calls context.Context) error{r.createGroups, r.changeGroups, r.createRules, r.removeRules, r.tagGroups, r.deleteGroups, r.unmarkGroups}
	if slices.ContainsFunc(r.tasks, func(t *task) bool { return t.plan.DeletesFirst }) {
		steps = []func(ctx, calls context.Context) error{
			r.changeGroups, r.removeRules, r.deleteGroups, r.createGroups, r.removeRules /* that groups are born with */, r.createRules, r.tagGroups, r.unmarkGroups,
		}
	}
	for _, step := range steps {
		err := ctx.Err()
		if err == nil {
			err = step(ctx, calls)
		}
		if err == nil {
			continue
		}
		if left := r.left(); ctx.Err() == nil || len(left) > 0 { // else whoever ended it came too late
			return &Unfinished{Err: err, Done: r.done, Left: left}
		}
	}
	if err := r.lookBack(calls); err != nil {
		return &Unfinished{Err: err, Done: r.done}
	}
	return nil
}

func (r *run) left() []Change {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []Change
	for _, t := range r.tasks {
		list = append(list, t.left()...)
	}
	return list
}

// did notes that changes have been made to a group. note takes them off what is
// left, and is called while nobody else looks at the tasks.
func (r *run) did(t *task, note func(), changes ...Change) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.due -= t.count()
	note()
	r.due += t.count()
	for i, c := range changes {
		r.done++
		r.report(Event{c, r.done, r.done + r.due + len(changes) - 1 - i})
	}
}

// tasksWith is the tasks of which something is left.
func (r *run) tasksWith(left func(*task) bool) []*task {
	return slices.DeleteFunc(slices.Clone(r.tasks), func(t *task) bool { return !left(t) })
}

// ids are those of what the rules of a plan name.
func (r *run) ids(p *plan.Plan) map[rule.Remote]string {
	ids := p.LaterIDs()
	for name, id := range p.Externals.AddressGroups {
		ids[rule.AddressGroup(name)] = id
	}
	made := map[string]string{}
	for _, t := range r.tasks {
		if t.planned.Action != plan.Delete && t.id != "" {
			made[plan.ToBeMade(t.plan.Policy, t.planned.Tier)] = t.id
			if t.plan == p {
				ids[rule.Tier(t.planned.Tier)] = t.id
			}
		}
	}
	for name, id := range p.Externals.Groups {
		if _, _, awaited := plan.Maker(id); awaited {
			id = made[id]
		}
		ids[rule.ForeignGroup(name)] = id
	}
	return ids
}

// remotes is what a plan calls the remotes that a cloud knows by id.
func (r *run) remotes(p *plan.Plan) map[rule.Remote]rule.Remote {
	remotes := map[rule.Remote]rule.Remote{}
	for planned, id := range r.ids(p) {
		live := rule.ForeignGroup(id)
		if planned.Kind() == rule.RemoteAddressGroup {
			live = rule.AddressGroup(id)
		}
		// A tier's own name goes before one that the policy has for somebody else's group.
		if known, twice := remotes[live]; !twice || known.Kind() != rule.RemoteTier {
			remotes[live] = planned
		}
	}
	return remotes
}

// remotesOf is the remotes of a task's plan, made once for all its tasks while none gets an id.
func (r *run) remotesOf() func(*task) map[rule.Remote]rule.Remote {
	made := map[*plan.Plan]map[rule.Remote]rule.Remote{}
	return func(t *task) map[rule.Remote]rule.Remote {
		if made[t.plan] == nil {
			made[t.plan] = r.remotes(t.plan)
		}
		return made[t.plan]
	}
}

// inPlan is a live rule with what the plan calls its remote, where that has such a name.
func inPlan(l rule.LiveRule, remotes map[rule.Remote]rule.Remote) rule.Rule {
	if planned, ok := remotes[l.Rule.Remote]; ok {
		l.Rule.Remote = planned
	}
	return l.Rule
}

// each calls do for every item, a few at a time, until one fails or ctx ends;
// and done for every item that succeeded, in their order as far as it can be, so
// that two runs report alike.
func each[E any](ctx context.Context, items []E, do func(E) error, done func(E)) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(neutron.Parallel)
	var mu sync.Mutex // guards what follows
	succeeded := make([]bool, len(items))
	next := 0
	for i, item := range items {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := do(item); err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			succeeded[i] = true
			for ; next < len(items) && succeeded[next]; next++ {
				done(items[next])
			}
			return nil
		})
	}
	err := group.Wait()
	for ; next < len(items); next++ {
		if succeeded[next] {
			done(items[next])
		}
	}
	return err
}
