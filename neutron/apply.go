package neutron

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

const (
	// chunk is how many rules are created by one call, and parallel how many calls
	// are under way at once. Both are measured: make bench-cloud.
	chunk    = 50
	parallel = 2
)

// ApplyOptions say how a plan is carried out.
type ApplyOptions struct {
	// Saved is a plan that has been read and agreed to: it is carried out as it is, or
	// not at all. A rule that is there already, exactly, is done.
	Saved bool
	// Report, where it is not nil, is told of every change once it is done, one
	// after the other.
	Report func(Event)
}

// Unfinished is why a plan was not carried out to its end, and how far it came.
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
}

func (c *Changed) Error() string { return "the cloud has changed since it was read: " + c.Why }
func (c *Changed) Unwrap() error { return c.cause }

// changed is an answer that tells of it.
func changed(answer error) *Changed { return &Changed{answer.Error(), answer} }

// run is a plan on its way.
type run struct {
	client  *Client
	plan    *plan.Plan
	options ApplyOptions
	tasks   []*task

	mu   sync.Mutex // guards what follows, and the tasks while calls are under way
	done int        // changes
	due  int        // changes that are left
}

// Apply carries a plan out: all groups first, then rules that come, then rules
// that go, tags, groups that go, and marks that go; or what goes before what comes,
// where the plan says so. Whoever ends ctx lets the calls that are
// under way end, and no other begins. The error is [*Unfinished]; it wraps
// [*Changed] where the cloud must be read and planned for again.
func (c *Client) Apply(ctx context.Context, p *plan.Plan, o ApplyOptions) error {
	r := &run{client: c, plan: p, options: o}
	for _, g := range p.Groups {
		t := newTask(g)
		r.tasks = append(r.tasks, t)
		r.due += t.count()
	}
	calls, end := graceful(ctx)
	defer end()
	// Groups change while they are at the revision that was planned for.
	steps := []func(ctx, calls context.Context) error{r.createGroups, r.changeGroups, r.createRules, r.removeRules, r.tagGroups, r.deleteGroups, r.unmarkGroups}
	if p.DeletesFirst {
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
		left := r.left()
		if ctx.Err() != nil && len(left) == 0 {
			return nil // whoever ended it came too late
		}
		return &Unfinished{Err: err, Done: r.done, Left: left}
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
		if r.options.Report != nil {
			r.options.Report(Event{c, r.done, r.done + r.due + len(changes) - 1 - i})
		}
	}
}

// targets are the ids of what rules name.
func (r *run) targets() targets {
	t := targets{map[string]string{}, r.plan.Externals}
	for _, task := range r.tasks {
		if task.planned.Action != plan.Delete {
			t.tiers[task.planned.Tier] = task.id
		}
	}
	return t
}

// words are what the plan calls the remotes that a cloud knows by id.
func (r *run) words() map[rule.Remote]rule.Remote {
	t := r.targets()
	words := map[rule.Remote]rule.Remote{}
	for name, id := range t.AddressGroups {
		words[rule.AddressGroup(id)] = rule.AddressGroup(name)
	}
	for name, id := range t.Groups {
		words[rule.ForeignGroup(id)] = rule.ForeignGroup(name)
	}
	for name, id := range t.tiers {
		if id != "" {
			words[rule.ForeignGroup(id)] = rule.Tier(name)
		}
	}
	return words
}

// worded is a live rule with the plan's word for its remote, if it has one.
func worded(l rule.LiveRule, words map[rule.Remote]rule.Remote) rule.Rule {
	if word, ok := words[l.Rule.Remote]; ok {
		l.Rule.Remote = word
	}
	return l.Rule
}

// each calls do for every item, a few at a time, until one fails or ctx ends;
// and done for every item that succeeded, in their order as far as it can be, so
// that two runs report alike.
func each[E any](ctx context.Context, items []E, do func(E) error, done func(E)) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
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
