package plan

import (
	"fmt"

	"sgc.dev/sgc/rule"
)

const (
	maxCompared = 50_000 // names in one plan: then no more is looked for what was meant
	maxNearName = 64     // bytes of a name that is looked for, or looked at
)

// noteNear says beside a new group that there is one called almost so, which is nobody's:
// the policy may mean that one.
func (m *matches) noteNear(d Desired, s *rule.State) {
	free := map[string][]*rule.LiveGroup{}
	var names []string
	for i := range s.Groups {
		g := &s.Groups[i]
		if _, _, marked := rule.ParseMark(g.Description); !marked && !m.taken[g.ID] && g.Name != defaultGroup && len(g.Name) <= maxNearName {
			free[g.Name] = append(free[g.Name], g)
			names = append(names, g.Name)
		}
	}
	compared := 0
	for i, want := range d.Groups {
		_, left := m.later[want.Tier]
		if left || m.of[i] != nil || want.ID != "" || len(want.Name) > maxNearName || compared > maxCompared {
			continue
		}
		compared += len(names)
		if near := nearest(want.Name, names); near != "" {
			m.notes = append(m.notes, Problem{want.Pos, fmt.Sprintf("group %s is new; there is %s (%s), nobody's: if that is the tier's, --adopt-group %s=ID takes it over",
				want.Name, near, ids(free[near]), want.Tier)})
		}
	}
}

// nearest is the only name that is almost the wanted one: see [rule.Closest], either way round.
func nearest(wanted string, names []string) string {
	if near := rule.Closest(wanted, names); near != "" {
		return near
	}
	only := ""
	for _, name := range names {
		switch {
		case rule.Closest(name, []string{wanted}) == "" || name == only:
		case only != "":
			return ""
		default:
			only = name
		}
	}
	return only
}
