package draft

import (
	"fmt"
	"slices"

	"sgc.dev/sgc/rule"
)

// unit is something opened to one remote, in some IP versions.
type unit struct {
	atom     *atom
	families families
	from     []rule.Rule // the rules of the group that it stands for
	note     string
}

// widestSplit is how many ports a range may have to be said by the names of all of them.
const widestSplit = 8

// units covers what is open to one remote by services of the catalog that lie wholly
// inside, the largest first, and the rest by its ports. Each rule is in one unit.
func (c *catalog) units(direction rule.Direction, remote rule.Remote, rules []rule.Rule) []unit {
	left := map[rule.Match]rule.Rule{}
	var order []rule.Match
	for _, r := range rules {
		m := rule.Match{Family: r.Family, Protocol: r.Protocol, Ports: r.Ports}
		left[m] = r
		order = append(order, m)
	}
	var units []unit
	take := func(u unit, matches []rule.Match) {
		for _, m := range matches {
			u.from = append(u.from, left[m])
			delete(left, m)
		}
		units = append(units, u)
	}
	possible := c.candidates(order)
	for _, f := range []families{both, only4, only6} {
		for _, s := range possible {
			if f&s.exist != f {
				continue
			}
			var all []rule.Match
			for _, family := range f.each() {
				all = append(all, s.matches[family]...)
			}
			if !contained(all, left) {
				continue
			}
			named := s
			if s.name == "http" && direction == rule.Egress && c.metadata != nil &&
				remote.Kind() == rule.RemotePrefix && remote.Prefix().String() == metadataAddress {
				named = c.metadata
			}
			take(unit{atom: &named.atom, families: f}, all)
		}
	}
	for _, m := range order {
		if _, there := left[m]; !there {
			continue
		}
		f, matches := c.acrossFamilies(m, left)
		if names := c.split(m); names != nil {
			for i, s := range names {
				u := unit{atom: &s.atom, families: f, from: rulesOf(matches, left)}
				if i == 0 {
					u.note = fmt.Sprintf("%s is one range in the group, and has %d names in the catalog", m, len(names))
				}
				units = append(units, u)
			}
			for _, m := range matches {
				delete(left, m)
			}
			continue
		}
		if m.Protocol == rule.AnyProtocol {
			take(unit{atom: anyAtom(), families: f}, matches)
			continue
		}
		udp := false
		if m.Protocol == rule.TCP {
			twins := slices.Clone(matches)
			for i := range twins {
				twins[i].Protocol = rule.UDP
			}
			first := twins[0]
			if contained(twins, left) {
				if g, _ := c.acrossFamilies(first, left); g == f {
					udp = true
					matches = append(matches, twins...)
				}
			}
		}
		take(unit{atom: portsAtom(m.Protocol, m.Ports, udp), families: f}, matches)
	}
	return units
}

// candidates are the services that have a part in some packets, the largest first.
func (c *catalog) candidates(matches []rule.Match) []*service {
	seen := map[*service]bool{}
	var list []*service
	for _, m := range matches {
		for _, s := range c.by[m] {
			if !seen[s] {
				seen[s] = true
				list = append(list, s)
			}
		}
	}
	slices.SortFunc(list, func(a, b *service) int { return a.rank - b.rank })
	return list
}

// acrossFamilies is the match in both IP versions where both are left, else alone.
func (c *catalog) acrossFamilies(m rule.Match, left map[rule.Match]rule.Rule) (families, []rule.Match) {
	other := m
	other.Family = rule.IPv4 + rule.IPv6 - m.Family
	if _, there := left[other]; there {
		return both, []rule.Match{m, other}
	}
	return familyOf(m.Family), []rule.Match{m}
}

// split is the services that a range is made of, where each of its ports is the whole of
// one; nil where it is not.
func (c *catalog) split(m rule.Match) []*service {
	lo, hi, ranged := m.Ports.Range()
	if !ranged || lo == hi || hi-lo >= widestSplit {
		return nil
	}
	var names []*service
	for port := lo; ; port++ {
		s := c.single[rule.Match{Family: m.Family, Protocol: m.Protocol, Ports: rule.PortRange(port, port)}]
		if s == nil || s.exist != both {
			return nil
		}
		names = append(names, s)
		if port == hi {
			return names
		}
	}
}

func contained(matches []rule.Match, left map[rule.Match]rule.Rule) bool {
	return !slices.ContainsFunc(matches, func(m rule.Match) bool {
		_, there := left[m]
		return !there
	})
}

func rulesOf(matches []rule.Match, left map[rule.Match]rule.Rule) []rule.Rule {
	var list []rule.Rule
	for _, m := range matches {
		list = append(list, left[m])
	}
	return list
}
