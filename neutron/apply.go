package neutron

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

const (
	// chunk is how many rules are created by one call, and parallel how many calls
	// are under way at once. Both are measured: make bench-cloud.
	chunk    = 50
	parallel = 2
	// grace is how long calls that are under way have to end after an interruption.
	grace = 10 * time.Second
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
type Changed struct{ Why string }

func (c *Changed) Error() string { return "the cloud has changed since it was read: " + c.Why }

// run is a plan on its way.
type run struct {
	client  *Client
	plan    *plan.Plan
	options ApplyOptions
	tasks   []*task

	mu   sync.Mutex // guards done, and the tasks while calls are under way
	done int
}

// Apply carries a plan out: all groups first, then rules that come, then rules
// that go, tags, and groups that go. Whoever ends ctx lets the calls that are
// under way end, and no other begins. The error is [*Unfinished]; it wraps
// [*Changed] where the cloud must be read and planned for again.
func (c *Client) Apply(ctx context.Context, p *plan.Plan, o ApplyOptions) error {
	r := &run{client: c, plan: p, options: o}
	for _, g := range p.Groups {
		r.tasks = append(r.tasks, newTask(g))
	}
	calls, end := graceful(ctx)
	defer end()
	create, remove := r.createRules, r.removeRules
	if p.DeletesFirst {
		create, remove = remove, create
	}
	for _, step := range []func(ctx, calls context.Context) error{r.createGroups, r.changeGroups, create, remove, r.tagGroups, r.deleteGroups} {
		err := ctx.Err()
		if err == nil {
			err = step(ctx, calls)
		}
		if err != nil {
			return &Unfinished{Err: err, Done: r.done, Left: r.left()}
		}
	}
	return nil
}

// graceful is a context for calls that outlives ctx a little.
func graceful(ctx context.Context) (calls context.Context, end func()) {
	calls, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return calls, func() {
		stop()
		cancel()
	}
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

// did notes that changes have been made. note takes them off what is left, and
// is called while nobody else looks at the tasks.
func (r *run) did(note func(), changes ...Change) {
	r.mu.Lock()
	defer r.mu.Unlock()
	note()
	left := 0
	for _, t := range r.tasks {
		left += t.count()
	}
	for i, c := range changes {
		r.done++
		if r.options.Report != nil {
			r.options.Report(Event{c, r.done, r.done + left + len(changes) - 1 - i})
		}
	}
}

// targets are the ids of what rules name.
func (r *run) targets() targets {
	t := targets{map[string]string{}, r.plan.Externals}
	for _, task := range r.tasks {
		if !task.delete {
			t.tiers[task.planned.Tier] = task.id
		}
	}
	return t
}

// named puts ids into the plan's words, as far as it has any.
func (r *run) named(remote rule.Remote) rule.Remote {
	t := r.targets()
	for _, known := range []struct {
		kind rule.RemoteKind
		ids  map[string]string
		make func(string) rule.Remote
	}{
		{rule.RemoteGroup, t.tiers, rule.Tier},
		{rule.RemoteGroup, t.Groups, rule.ForeignGroup},
		{rule.RemoteAddressGroup, t.AddressGroups, rule.AddressGroup},
	} {
		for name, id := range known.ids {
			if remote.Kind() == known.kind && remote.Name() == id && id != "" {
				return known.make(name)
			}
		}
	}
	return remote
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
