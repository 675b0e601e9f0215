package plan

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// Later is a tier that is left for later: groups of its name exist and are nobody's, and
// the user has asked to take over others. They stay as they are, and nothing is created
// beside them.
type Later struct {
	Tier string   `json:"tier"`
	Name string   `json:"name"`
	IDs  []string `json:"ids"` // of one group, as a rule
}

// leave leaves the groups of a tier for later.
func (m *matches) leave(want DesiredGroup, free []*rule.LiveGroup) {
	l := Later{Tier: want.Tier, Name: want.Name}
	for _, g := range free {
		l.IDs, m.taken[g.ID] = append(l.IDs, g.ID), true
	}
	m.later[want.Tier] = l
}

// named demands that each tier which is left for later, and which a rule of another names,
// is one group.
func (m *matches) named(d Desired) Problems {
	var problems Problems
	for _, want := range d.Groups {
		if _, left := m.later[want.Tier]; left {
			continue
		}
		for _, e := range want.Rules {
			l, left := m.later[e.Remote.Name()]
			if left && e.Remote.Kind() == rule.RemoteTier && len(l.IDs) > 1 {
				problems = append(problems, Problem{position(e), fmt.Sprintf("tier %s is left for later, and %d security groups are called %s (%s): --adopt-group %s=ID says which one this rule means",
					l.Tier, len(l.IDs), l.Name, strings.Join(l.IDs, ", "), l.Tier)})
			}
		}
	}
	return problems
}

// LaterIDs are the ids of the tiers that are left for later, as rules name them.
func (p *Plan) LaterIDs() map[rule.Remote]string { return laterIDs(slices.Values(p.Later)) }

func laterIDs(later iter.Seq[Later]) map[rule.Remote]string {
	ids := map[rule.Remote]string{}
	for l := range later {
		if len(l.IDs) == 1 {
			ids[rule.Tier(l.Tier)] = l.IDs[0]
		}
	}
	return ids
}

// laterText names the tiers that are left for later, as the command line takes them.
func (p *Plan) laterText() string {
	if p.Later == nil {
		return ""
	}
	var tiers []string
	for _, l := range p.Later {
		tiers = append(tiers, l.Tier)
	}
	return "left for later: " + few(tiers) + "\n"
}

// few is a list of names for a line: where they are many, the first and how many more.
func few(names []string) string {
	const most = 10
	more := len(names) - most
	if more <= 1 { // which takes no less room than its name
		return rule.Printable(strings.Join(names, ", "))
	}
	return fmt.Sprintf("%s and %d more", rule.Printable(strings.Join(names[:most], ", ")), more)
}
