package plan

import (
	"fmt"
	"slices"

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
		near := nearest(want.Name, names)
		if near == "" {
			continue
		}
		id, how := "ID", ""
		if len(free[near]) == 1 {
			id, how = free[near][0].ID, fmt.Sprintf("; group: %q in that tier and --adopt keep its name too", near)
		}
		m.notes = append(m.notes, Problem{want.Pos, fmt.Sprintf("group %s is new; there is %s (%s), nobody's: if that is the tier's, --adopt-group %s=%s takes it over%s",
			want.Name, near, ids(free[near]), want.Tier, id, how)})
		for _, g := range free[near] {
			m.near[want.Tier] = append(m.near[want.Tier], Unowned{g.ID, g.Name})
		}
	}
}

// checkNear says that a new group takes the place of one that is in use: rules that name that
// one go, or ports carry it while the plan takes others over.
func (p *Plan) checkNear(g Group, ports map[string][]Port, permits Permits) Problems {
	if permits.Destroy {
		return nil
	}
	for _, near := range g.Near {
		names := func(l rule.LiveRule) bool { return l.Rule.Remote == stranger(near.ID, near.Name) }
		why := ""
		switch {
		case slices.ContainsFunc(p.Groups, func(o Group) bool { return slices.ContainsFunc(o.Remove, names) }):
			why = "rules that name that one would go"
		case p.adopts() && len(ports[near.ID]) > 0:
			why = InUse(ports[near.ID])
		default:
			continue
		}
		return Problems{{g.Pos, fmt.Sprintf("group %s would be new beside %s (%s), which needs --allow-destroy: %s", g.Name, near.Name, near.ID, why)}}
	}
	return nil
}

func (p *Plan) adopts() bool {
	return slices.ContainsFunc(p.Groups, func(g Group) bool { return g.Action == Adopt })
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
