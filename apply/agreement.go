package apply

import (
	"context"
	"errors"
	"slices"

	"sgc.dev/sgc/carryout"
	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// rounds is how often plans are made anew because the cloud has changed.
const rounds = 8

// A Watcher sees plans carried out, and speaks for whoever agreed to them.
type Watcher interface {
	// Agree is asked about plans that do more than those that were agreed to; an error ends
	// the run.
	Agree(next *Round, beyond plan.Problems) error
	// Save keeps the groups that are about to change, before the first call of every round.
	Save(*Round) error
	// Replanned is told why the cloud has been read and planned for again.
	Replanned(*carryout.Changed)
	// Did is told of every change that the cloud says it has made, one after the other.
	Did(carryout.Event)
	// Settled is told what the last look has shown, where that is what was planned.
	Settled(*rule.State)
}

// Agreement is what a run may do: the jobs and permits that plans are made from, and the
// plans that were shown and agreed to.
type Agreement struct {
	Jobs    []Job
	Permits plan.Permits
	Agreed  *Round
	// Aged says that time has passed since the agreed plans were made, as while somebody was
	// asked: the cloud is read again before anything else.
	Aged bool
}

// CarryOut carries out what was agreed to. Where the cloud turns out to have changed, it is
// read and planned for again; plans that close, delete or touch nothing beyond the agreed
// ones go on by themselves, and others once they have been agreed to. The error is
// [*Unfinished].
func CarryOut(ctx context.Context, c *neutron.Client, a Agreement, w Watcher) error {
	next, why := a.Agreed, error(nil)
	for round := 1; ; round++ {
		if a.Aged || why != nil {
			var err error
			if next, err = a.again(ctx, c, next, why, w); err != nil {
				return unfinished(err, why)
			}
		}
		if next.Empty() {
			w.Settled(next.State)
			return nil
		}
		if err := w.Save(next); err != nil {
			return unfinished(err, why)
		}
		var end *rule.State
		if end, why = carryout.Plans(ctx, c, next.Plans, w.Did); why == nil {
			w.Settled(end)
			return nil
		}
		var changed *carryout.Changed
		if !errors.As(why, &changed) || round == rounds || ctx.Err() != nil {
			return why
		}
	}
}

// again reads the cloud and plans once more, until what comes of it is agreed to. why is
// what has ended the round before.
func (a *Agreement) again(ctx context.Context, c *neutron.Client, last *Round, why error, w Watcher) (*Round, error) {
	var changed *carryout.Changed
	errors.As(why, &changed)
	for {
		next, err := Plan(ctx, c, a.Jobs, a.Permits)
		planned := err == nil && next.Problems == nil
		switch {
		case changed == nil && planned: // time has passed while it was asked about
			if stale := plan.Stale(last.Plans, next.Plans); stale != nil {
				w.Replanned(&carryout.Changed{Why: stale[0].Message})
			}
		case changed == nil:
		case planned && changed.Unwrap() != nil && same(last.State, next.State):
			return nil, changed.Unwrap() // it would answer that again
		case planned || changed.Unwrap() == nil: // else the same is said once more
			w.Replanned(changed)
		}
		switch {
		case err != nil:
			return nil, err
		case next.Problems != nil:
			return nil, next.Problems
		}
		a.Aged = false
		beyond, err := a.beyond(ctx, c, next)
		if err != nil {
			return nil, err
		}
		if beyond == nil {
			return next, nil
		}
		if err := w.Agree(next, beyond); err != nil {
			return nil, err
		}
		a.Agreed, last, changed = next, next, nil
	}
}

// beyond says what the next plans do that was not agreed to. Only where they do is the
// cloud asked what it gives to new groups.
func (a *Agreement) beyond(ctx context.Context, c *neutron.Client, next *Round) (plan.Problems, error) {
	beyond := plan.Beyond(a.Agreed.Plans, next.Plans, plan.Born())
	creates := func(p *plan.Plan) bool {
		return slices.ContainsFunc(p.Groups, func(g plan.Group) bool { return g.Action == plan.Create })
	}
	if beyond == nil || !slices.ContainsFunc(a.Agreed.Plans, creates) {
		return beyond, nil
	}
	born, err := c.Born(ctx)
	if err != nil {
		return nil, err
	}
	return plan.Beyond(a.Agreed.Plans, next.Plans, born), nil
}

// unfinished is a failure between two rounds: what is left is what the last one left.
func unfinished(err, round error) error {
	u := &carryout.Unfinished{Err: err}
	var last *carryout.Unfinished
	if errors.As(round, &last) {
		u.Done, u.Left = last.Done, last.Left
	}
	return u
}

// same says whether nothing has changed between two readings.
func same(a, b *rule.State) bool {
	return slices.EqualFunc(a.Groups, b.Groups, func(g, h rule.LiveGroup) bool { return g.ID == h.ID && g.Revision == h.Revision })
}
