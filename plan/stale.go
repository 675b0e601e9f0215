package plan

import (
	"fmt"

	"sgc.dev/sgc/rule"
)

// Stale says why a plan does not fit the state any more that a cloud is in, nil
// if it does: a group has changed since, has gone, or is there already, or is not at
// all as the plan says.
func (p *Plan) Stale(s *rule.State) Problems {
	var problems Problems
	stale := func(g Group, format string, args ...any) {
		problems = append(problems, Problem{g.Pos, fmt.Sprintf("group %s: ", g.Name) + fmt.Sprintf(format, args...) + "; plan again"})
	}
	if p.Project != s.Project {
		return Problems{{Message: fmt.Sprintf("the plan is for project %s, and this is %s", p.Project, s.Project)}}
	}
	live, planned := map[string]rule.LiveGroup{}, map[string]bool{}
	names, owned := map[string][]string{}, s.Owned(p.Policy)
	for _, g := range s.Groups {
		live[g.ID] = g
		names[g.Name] = append(names[g.Name], g.ID)
	}
	for _, g := range p.Groups {
		planned[g.ID] = true
		now, there := live[g.ID]
		switch {
		case g.Action == Create:
		case !there:
			stale(g, "%s has gone since the plan was made", g.ID)
		case now.Revision != g.Revision:
			stale(g, "%s has changed since the plan was made (revision %d, now %d)", g.ID, g.Revision, now.Revision)
		}
	}
	for _, g := range p.Groups {
		if g.Action != Create {
			continue
		}
		alike := names[g.Name]
		for _, mine := range owned[g.Tier] {
			if mine.Name != g.Name {
				alike = append(alike, mine.ID)
			}
		}
		for _, id := range alike {
			if !planned[id] {
				stale(g, "%s has been created since the plan was made", id)
			}
		}
	}
	if problems != nil {
		return problems
	}
	return p.untrue(s)
}
