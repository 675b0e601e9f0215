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
		words := newRun(c, a.Agreed.Plans, nil).words(back)
		a.Agreed.Problems = append(a.Agreed.Problems, undoes(back, done.Plans[at], a.Agreed.State, left, words)...)
	}
	return a, nil
}

// undoes says what in a plan is not the way back from one that was done, given the readings
// that it is made from and that the last look was. Tags that others have given or taken
// since are none of it.
func undoes(back, done *plan.Plan, now, then *rule.State, words map[rule.Remote]rule.Remote) plan.Problems {
	var problems plan.Problems
	for i := range back.Groups {
		g := &back.Groups[i]
		was := slices.IndexFunc(then.Groups, func(l rule.LiveGroup) bool { return l.ID == g.ID })
		is := slices.IndexFunc(now.Groups, func(l rule.LiveGroup) bool { return l.ID == g.ID })
		did := slices.IndexFunc(done.Groups, func(d plan.Group) bool {
			switch {
			case d.Action == plan.Create: // its id came later
				return g.Action == plan.Delete && d.Tier == g.Tier
			case d.Action == plan.Delete: // it comes back with another one
				return g.Action == plan.Create && d.Name == g.Name
			}
			return d.ID == g.ID || g.Action == plan.Create && d.Tier == g.Tier
		})
		problem := ""
		switch {
		case did < 0:
			problem = "is none of this run's: it stays as it is"
		case g.Action == plan.Create && done.Groups[did].Action != plan.Delete:
			problem = "has been deleted by others since"
		case g.Action == plan.Create:
		case was < 0 || is < 0:
			problem = "has been created or deleted by others since"
		case !alike(withoutTheirs(then.Groups[was], *g, words), withoutTheirs(now.Groups[is], *g, words)):
			problem = fmt.Sprintf("has been changed by others since (revision %d, now %d)", then.Groups[was].Revision, now.Groups[is].Revision)
		default:
			g.Tag = common(g.Tag, done.Groups[did].Untag)
			g.Untag = common(g.Untag, done.Groups[did].Tag)
		}
		if problem != "" {
			problems = append(problems, plan.Problem{Pos: g.Pos, Message: fmt.Sprintf("group %s (%s) %s", g.Name, g.ID, problem)})
		}
	}
	return problems
}

// withoutTheirs is a group without what is left to others in it, which may come and go.
func withoutTheirs(live rule.LiveGroup, g plan.Group, words map[rule.Remote]rule.Remote) rule.LiveGroup {
	if g.Others == nil {
		return live
	}
	theirs := g.Theirs()
	live.Revision = 0 // which counts that too
	live.Rules = slices.DeleteFunc(slices.Clone(live.Rules), func(l rule.LiveRule) bool { return theirs.Has(worded(l, words)) })
	return live
}

// common is the tags of both lists.
func common(tags, of []string) []string {
	return slices.DeleteFunc(tags, func(tag string) bool { return !slices.Contains(of, tag) })
}

// alike says whether nobody has changed a group between two readings; a cloud may have no
// revisions.
func alike(a, b rule.LiveGroup) bool {
	ids := func(g rule.LiveGroup) []string {
		var list []string
		for _, l := range g.Rules {
			list = append(list, l.ID)
		}
		slices.Sort(list)
		return list
	}
	return a.Revision == b.Revision && a.Name == b.Name && a.Description == b.Description && slices.Equal(ids(a), ids(b))
}
