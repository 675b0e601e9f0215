package neutron

import (
	"context"
	"errors"
	"slices"

	"sgc.dev/sgc/rule"
)

// rounds is how often a plan is made anew because the cloud has changed.
const rounds = 8

// Converge carries p, the plan of j, out; and where the cloud turns out to have changed,
// it reads it, plans again and goes on. replan, where it is not nil, is told why.
func (c *Client) Converge(ctx context.Context, j Job, p *Planned, o ApplyOptions, replan func(*Changed)) error {
	for round := 1; ; round++ {
		err := c.Apply(ctx, p.Plan, o)
		var why *Changed
		var unfinished *Unfinished
		if !errors.As(err, &why) || !errors.As(err, &unfinished) || o.Saved || round == rounds || ctx.Err() != nil {
			return err
		}
		next, planError := c.Plan(ctx, j)
		switch {
		case planError == nil && next.Problems != nil:
			planError = next.Problems
		case planError == nil && why.cause != nil && same(p.State, next.State):
			planError = why.cause // it would answer that again
		}
		if planError != nil {
			return &Unfinished{planError, unfinished.Done, unfinished.Left}
		}
		if replan != nil {
			replan(why)
		}
		p = next
	}
}

// same says whether nothing has changed between two readings.
func same(a, b *rule.State) bool {
	return slices.EqualFunc(a.Groups, b.Groups, func(g, h rule.LiveGroup) bool { return g.ID == h.ID && g.Revision == h.Revision })
}
