package draft

import (
	"maps"
	"slices"
	"strings"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/rule"
)

// SetNames is what imports of several projects, one after the other, call their address sets,
// by their networks: the same ones have one name in all, and one name means the same networks.
type SetNames map[string]string

// take takes the names that imports before have given out of those that are left. The result
// is those that are not taken already, as by a tier.
func (n SetNames) take(names taken) SetNames {
	free := SetNames{}
	for networks, name := range n {
		if !names[strings.ToLower(name)] {
			free[networks] = name
		}
	}
	for _, name := range n {
		names[strings.ToLower(name)] = true
	}
	return free
}

// Import is that of one project of several.
type Import struct {
	Project string // what the run calls it
	State   *rule.State
	Policy  *Policy
}

// Differing lists the groups that have one name in several projects and not the same access,
// each with the projects in which it is the same: "web: prod, dr; edge".
func Differing(list []Import) []string {
	type class struct {
		access access.Access
		opaque []string
		in     []string
	}
	classes := map[string][]*class{}
	for _, i := range list {
		names := map[string]string{}
		times := map[string]int{}
		for _, g := range i.State.Groups {
			names[g.ID] = g.Name
			times[g.Name]++
		}
		for _, t := range i.Policy.Tiers {
			name := t.live.Name
			if times[name] > 1 { // which of them is meant nobody knows
				continue
			}
			one := &class{in: []string{i.Project}}
			var rules []rule.Rule
			for _, l := range t.live.Rules {
				if l.Opaque() {
					one.opaque = append(one.opaque, l.Words)
					continue
				}
				r := l.Rule
				if other, ok := names[r.Remote.Name()]; ok && r.Remote.Kind() == rule.RemoteGroup {
					r.Remote = rule.ForeignGroup(other)
				}
				rules = append(rules, r)
			}
			one.access = access.Of(rules...)
			slices.Sort(one.opaque)
			at := slices.IndexFunc(classes[name], func(c *class) bool { return c.access.Equal(one.access) && slices.Equal(c.opaque, one.opaque) })
			if at >= 0 {
				classes[name][at].in = append(classes[name][at].in, i.Project)
			} else {
				classes[name] = append(classes[name], one)
			}
		}
	}
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(classes)) {
		var in []string
		for _, c := range classes[name] {
			in = append(in, strings.Join(c.in, ", "))
		}
		if len(in) > 1 {
			lines = append(lines, name+": "+strings.Join(in, "; "))
		}
	}
	return lines
}
