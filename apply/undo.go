package apply

import (
	"context"
	"fmt"
	"slices"

	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// Undo plans the way back from a round that has been carried out to its end, to the state
// that it was made from; left is what the last look has shown. The plan undoes what the
// round has done and nothing else, so it needs no permit: where others have changed one of
// the groups since, the error says so.
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
	a.Agreed.Problems = append(a.Agreed.Problems, since(a.Agreed.State, left, a.Agreed.Plans)...)
	return a, nil
}

// since says which of the groups that plans are about others have changed between two
// readings.
func since(now, then *rule.State, plans []*plan.Plan) plan.Problems {
	var problems plan.Problems
	for _, p := range plans {
		for _, g := range p.Groups {
			was := slices.IndexFunc(then.Groups, func(l rule.LiveGroup) bool { return l.ID == g.ID })
			is := slices.IndexFunc(now.Groups, func(l rule.LiveGroup) bool { return l.ID == g.ID })
			switch {
			case is < 0: // it comes back
			case was < 0:
				problems = append(problems, plan.Problem{Pos: g.Pos, Message: fmt.Sprintf("group %s (%s) has been created since: it stays", g.Name, g.ID)})
			case now.Groups[is].Revision != then.Groups[was].Revision:
				problems = append(problems, plan.Problem{Pos: g.Pos, Message: fmt.Sprintf("group %s (%s) has been changed by others since (revision %d, now %d): its changes stay",
					g.Name, g.ID, then.Groups[was].Revision, now.Groups[is].Revision)})
			}
		}
	}
	return problems
}
