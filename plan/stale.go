package plan

import (
	"fmt"
	"slices"

	"sgc.dev/sgc/rule"
)

// Stale says why a plan does not fit the state any more that a cloud is in, nil
// if it does: a group has changed since, has gone, or is there already.
func (p *Plan) Stale(s *rule.State) Problems {
	var problems Problems
	stale := func(g Group, format string, args ...any) {
		problems = append(problems, Problem{g.Pos, fmt.Sprintf("group %s: ", g.Name) + fmt.Sprintf(format, args...) + "; plan again"})
	}
	if p.Project != s.Project {
		return Problems{{Message: fmt.Sprintf("the plan is for project %s, and this is %s", p.Project, s.Project)}}
	}
	planned := map[string]bool{}
	for _, g := range p.Groups {
		planned[g.ID] = true
		at := slices.IndexFunc(s.Groups, func(live rule.LiveGroup) bool { return live.ID == g.ID })
		switch {
		case g.Action == Create:
		case at < 0:
			stale(g, "%s has gone since the plan was made", g.ID)
		case s.Groups[at].Revision != g.Revision:
			stale(g, "%s has changed since the plan was made (revision %d, now %d)", g.ID, g.Revision, s.Groups[at].Revision)
		}
	}
	for _, g := range p.Groups {
		for _, live := range s.Groups {
			policy, tier, _ := rule.ParseMark(live.Description)
			if g.Action == Create && !planned[live.ID] && (live.Name == g.Name || policy == p.Policy && tier == g.Tier) {
				stale(g, "%s has been created since the plan was made", live.ID)
			}
		}
	}
	return problems
}
