package neutron

import (
	"context"
	"errors"
)

// rounds is how often a plan is made anew because the cloud has changed.
const rounds = 8

// Converge carries p, the plan of j, out; and where the cloud turns out to have changed,
// it reads it, plans again and goes on. replan, where it is not nil, is told why.
func (c *Client) Converge(ctx context.Context, j Job, p *Planned, o ApplyOptions, replan func(*Changed)) error {
	for round := 1; ; round++ {
		err := c.Apply(ctx, p.Plan, o)
		var changed *Changed
		if !errors.As(err, &changed) || o.Saved || round == rounds || ctx.Err() != nil {
			return err
		}
		if replan != nil {
			replan(changed)
		}
		next, planError := c.Plan(ctx, j)
		if planError == nil && next.Problems != nil {
			planError = next.Problems
		}
		if planError != nil {
			var unfinished *Unfinished
			errors.As(err, &unfinished)
			return &Unfinished{planError, unfinished.Done, unfinished.Left}
		}
		p = next
	}
}
