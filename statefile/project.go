package statefile

import (
	"context"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// Project is a project whose groups have been saved: plans are made from it as from one of a
// cloud.
type Project struct{ State *rule.State }

// Place is where the groups are from, as far as that is saved.
func (p Project) Place() plan.Place { return plan.Place{Project: p.State.Project} }

// Read is the groups.
func (p Project) Read(context.Context) (*rule.State, error) { return p.State, nil }

// Facts knows nothing: quotas, ports and extensions are not saved.
func (p Project) Facts(context.Context, plan.Needs) (plan.Facts, error) { return plan.Facts{}, nil }

// Resolve finds what a policy names among the groups of s. Ids are taken for granted, since
// the groups of others need not be saved. The error is [plan.Problems].
func (p Project) Resolve(_ context.Context, d plan.Desired, s *rule.State) (plan.Externals, error) {
	groups, addressGroups := plan.Known(d, s)
	return plan.Resolve(d, s.Project, groups, addressGroups)
}

// Recognise is what of that can be found.
func (p Project) Recognise(ctx context.Context, d plan.Desired, s *rule.State) (plan.Externals, error) {
	x, _ := p.Resolve(ctx, d, s)
	return x, nil
}
