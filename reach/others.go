package reach

import (
	"fmt"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// opened is a set in which all that others may open is open, and where that comes from; nil
// where they may open nothing.
func opened(set *rule.Set) (*rule.Set, map[rule.Origin]bool) {
	var others map[rule.Origin]bool
	open := *set
	open.Groups = slices.Clone(set.Groups)
	for i := range open.Groups {
		g := &open.Groups[i]
		if len(g.Others) == 0 {
			continue
		}
		if others == nil {
			others = map[rule.Origin]bool{}
		}
		for _, e := range g.Others {
			others[e.Origins[0]] = true
		}
		g.Written, g.Others = slices.Concat(g.Written, g.Others), nil
	}
	return &open, others
}

// byOthers says what of a question others may open, and where the policy lets them.
func (v *View) byOthers(q Question) []string {
	if v.open == nil {
		return nil
	}
	crossings, err := v.open.crossings(q)
	if err != nil { // as without them
		return nil
	}
	var places []string
	opens := map[string][]string{}
	for _, c := range crossings {
		for _, p := range c.passes {
			for _, h := range []*hold{p.out, p.in} {
				if o := h.origin(); o != nil && v.open.theirs[*o] {
					place := fmt.Sprintf("%s: %s", o.Pos, o.Path)
					places = append(places, place)
					opens[place] = append(opens[place], p.match.String())
				}
			}
		}
	}
	var notes []string
	for _, place := range unique(places) {
		notes = append(notes, fmt.Sprintf("others may open %s: %s", strings.Join(unique(opens[place]), ", "), place))
	}
	return notes
}
