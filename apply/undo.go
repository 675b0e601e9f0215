package apply

import (
	"context"
	"slices"

	"sgc.dev/sgc/carryout"
	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// Undo plans the way back from a round that has been carried out to its end, to the state
// that it was made from; left is what the last look has shown. The plan undoes what the
// round has done and nothing else, so it needs no permit: where others have changed one of
// its groups since, or made one, its problems say so.
func Undo(ctx context.Context, c *neutron.Client, done *Round, left *rule.State) (Agreement, error) {
	a := Agreement{Permits: plan.Permits{Destroy: true, OverQuota: true}}
	for _, p := range done.Plans {
		if !p.Empty() {
			j := Job{Lookup: Given}
			j.Desired, j.Externals = p.Before(done.State, done.Place).Desired()
			a.Jobs = append(a.Jobs, j)
		}
	}
	var err error
	if a.Agreed, err = Plan(ctx, c, a.Jobs, a.Permits); err != nil {
		return a, err
	}
	for _, back := range a.Agreed.Plans {
		at := slices.IndexFunc(done.Plans, func(p *plan.Plan) bool { return p.Policy == back.Policy })
		a.Agreed.Problems = append(a.Agreed.Problems, carryout.Undoes(a.Agreed.Plans, back, done.Plans[at], a.Agreed.State, left)...)
	}
	return a, nil
}
