package carryout

import (
	"fmt"
	"slices"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// Undoes says what in a plan, which is one of some, is not the way back from one that was
// done, given the readings that it is made from and that the last look was. Tags that others
// have given or taken since are none of it, and the plan leaves them alone from now on.
func Undoes(plans []*plan.Plan, back, done *plan.Plan, now, then *rule.State) plan.Problems {
	remotes := newRun(nil, plans, nil).remotes(back)
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
			problem = "was not changed by this run: it stays as it is"
		case g.Action == plan.Create && done.Groups[did].Action != plan.Delete:
			problem = "has been deleted by others since"
		case g.Action == plan.Create:
		case was < 0 || is < 0:
			problem = "has been created or deleted by others since"
		case !alike(withoutTheirs(then.Groups[was], *g, remotes), withoutTheirs(now.Groups[is], *g, remotes)):
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
func withoutTheirs(live rule.LiveGroup, g plan.Group, remotes map[rule.Remote]rule.Remote) rule.LiveGroup {
	if g.Others == nil {
		return live
	}
	theirs := g.Theirs()
	live.Revision = 0 // which counts that too
	live.Rules = slices.DeleteFunc(slices.Clone(live.Rules), func(l rule.LiveRule) bool { return theirs.Has(inPlan(l, remotes)) })
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
