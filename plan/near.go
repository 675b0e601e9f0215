package plan

import (
	"fmt"

	"sgc.dev/sgc/rule"
)

// maxHints bounds for how many new groups one plan looks for what was meant: each look costs
// a comparison with every group that is nobody's.
const maxHints = 100

// noteNear says beside a new group that there is one called almost so, which is nobody's:
// the policy may mean that one.
func (m *matches) noteNear(d Desired, s *rule.State) {
	free := map[string][]*rule.LiveGroup{}
	var names []string
	for i := range s.Groups {
		g := &s.Groups[i]
		if _, _, marked := rule.ParseMark(g.Description); !marked && !m.taken[g.ID] && g.Name != defaultGroup {
			free[g.Name] = append(free[g.Name], g)
			names = append(names, g.Name)
		}
	}
	hints := 0
	for i, want := range d.Groups {
		_, left := m.later[want.Tier]
		if left || m.of[i] != nil || want.ID != "" || hints == maxHints {
			continue
		}
		hints++
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
