package plan

import (
	"fmt"
	"slices"

	"sgc.dev/sgc/rule"
)

// names puts the ids that live rules have as remotes into the policy's words.
type names struct {
	tiers         map[string]string // by the id of the group
	groups        map[string]string // keys by id
	addressGroups map[string]string
	others        map[string]string    // names by id, of all groups that there are
	going         map[rule.Remote]bool // groups that go, and take along what names them
}

func newNames(d Desired, s *rule.State, m matches, x Externals) (names, Problems) {
	n := names{map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}, map[rule.Remote]bool{}}
	for _, g := range s.Groups {
		n.others[g.ID] = g.Name
	}
	stays := map[string]bool{}
	for i, g := range m.of {
		stays[d.Groups[i].Tier] = true
		if g != nil {
			n.tiers[g.ID] = d.Groups[i].Tier
		}
	}
	for tier, l := range m.later {
		if len(l.IDs) == 1 {
			n.tiers[l.IDs[0]] = tier
		}
	}
	for _, g := range m.kin {
		_, n.tiers[g.ID] = markOf(g)
	}
	for key, id := range x.Groups {
		n.groups[id] = key
	}
	leftover := map[string]string{}
	for _, g := range m.leftover {
		_, tier := markOf(g)
		leftover[g.ID] = tier
		// The members of a twin are not the tier's. What is given back was nobody's when rules
		// named it.
		back := slices.Contains(d.Unowned, g.ID) && n.groups[g.ID] != ""
		if !stays[tier] && !back {
			n.tiers[g.ID] = tier
		}
		if d.deletes(g) {
			n.going[n.remote(rule.ForeignGroup(g.ID))] = true
		}
	}
	var problems Problems
	for _, external := range d.Foreign {
		id := x.Groups[external.Key]
		if tier, own := n.tiers[id]; own {
			problems = append(problems, Problem{external.Pos, fmt.Sprintf("group %s is the policy's own, of tier %s: name the tier instead", external.Key, tier)})
		} else if tier, goes := leftover[id]; goes {
			problems = append(problems, Problem{external.Pos, fmt.Sprintf("group %s is a second one of tier %s, and will be deleted: name the tier instead", external.Key, tier)})
		}
	}
	for key, id := range x.AddressGroups {
		n.addressGroups[id] = key
	}
	return n, problems
}

// rules are live rules with their remotes in the policy's words, in the order in
// which people read rules. See [stranger] for those that the policy has no word for.
func (n names) rules(live []rule.LiveRule) []rule.LiveRule {
	named := make([]rule.LiveRule, len(live))
	for i, l := range live {
		l.Rule.Remote = n.remote(l.Rule.Remote)
		named[i] = l
	}
	slices.SortStableFunc(named, func(a, b rule.LiveRule) int { return rule.Compare(a.Rule, b.Rule) })
	return named
}

// stranger is a group that the policy has no word for, as no name of a policy looks and as no
// two groups do: "legacy (1a2b…)", or "id 1a2b…" where its name is not known.
func stranger(id, name string) rule.Remote {
	if name == "" {
		return rule.ForeignGroup("id " + id)
	}
	return rule.ForeignGroup(name + " (" + id + ")")
}

func (n names) remote(r rule.Remote) rule.Remote {
	switch r.Kind() {
	case rule.RemoteGroup:
		if tier, ok := n.tiers[r.Name()]; ok {
			return rule.Tier(tier)
		}
		if key, ok := n.groups[r.Name()]; ok {
			return rule.ForeignGroup(key)
		}
		return stranger(r.Name(), n.others[r.Name()])
	case rule.RemoteAddressGroup:
		if key, ok := n.addressGroups[r.Name()]; ok {
			return rule.AddressGroup(key)
		}
		return rule.AddressGroup("id " + r.Name())
	}
	return r
}
