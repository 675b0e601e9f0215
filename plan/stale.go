package plan

import (
	"fmt"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// Stale says, group by group, what has become of the cloud since plans were made, given
// the same plans as they are made now.
func Stale(plans, now []*Plan) Problems {
	var problems Problems
	for i, p := range plans {
		if i < len(now) && p.Policy == now[i].Policy {
			problems = append(problems, p.stale(now[i])...)
		}
	}
	return problems
}

// stale says, group by group, what has become of the cloud since the plan was made, given
// the same plan as it is made now.
func (p *Plan) stale(now *Plan) Problems {
	var problems Problems
	stale := func(g Group, format string, args ...any) {
		problems = append(problems, Problem{g.Pos, fmt.Sprintf("group %s: ", g.Name) + fmt.Sprintf(format, args...)})
	}
	for key, id := range p.Externals.Groups {
		if is := now.Externals.Groups[key]; is != id {
			problems = append(problems, Problem{Message: fmt.Sprintf("group %s was %s when the plan was made, and is %s now", key, id, is)})
		}
	}
	find := func(in *Plan, same func(Group) bool) int { return slices.IndexFunc(in.Groups, same) }
	for _, g := range p.Groups {
		if g.Action == Create {
			if at := find(now, func(n Group) bool { return n.stays() && n.Tier == g.Tier }); at >= 0 && now.Groups[at].ID != "" {
				stale(g, "%s has been created since the plan was made", now.Groups[at].ID)
			}
			continue
		}
		at := find(now, func(n Group) bool { return n.ID == g.ID })
		switch {
		case at < 0:
			stale(g, "%s is gone, or is not the policy's any more", g.ID)
		case now.Groups[at].Revision != g.Revision:
			stale(g, "%s has changed since the plan was made (revision %d, now %d)", g.ID, g.Revision, now.Groups[at].Revision)
		}
	}
	for _, n := range now.Groups {
		tier := func(g Group) bool { return g.Action == Create && g.Tier == n.Tier && n.stays() }
		if n.ID != "" && find(p, func(g Group) bool { return g.ID == n.ID || tier(g) }) < 0 {
			stale(n, "%s has appeared since the plan was made", n.ID)
		}
	}
	return problems
}

func byID(rules []rule.LiveRule) []rule.LiveRule {
	return slices.SortedFunc(slices.Values(rules), compareIDs)
}

func compareIDs(a, b rule.LiveRule) int { return strings.Compare(a.ID, b.ID) }
