package rule

import (
	"fmt"
	"slices"
)

// Check says whether the set can be a compiled policy, for one that comes from a file:
// each tier once, with a mark of its own, and no rule about what the set does not know.
func (s *Set) Check() error {
	tiers, names := map[string]bool{}, map[string]bool{}
	for _, g := range s.Groups {
		policy, tier, _ := ParseMark(g.CloudDescription(s.Policy))
		switch {
		case policy != s.Policy || tier != g.Tier:
			return fmt.Errorf("%q cannot be the name of a tier", g.Tier)
		case tiers[g.Tier]:
			return fmt.Errorf("tier %s is there twice", g.Tier)
		case g.Name == "" || names[g.Name]:
			return fmt.Errorf("tier %s: the group's name %q is missing or used twice", g.Tier, g.Name)
		}
		for _, tag := range g.Tags {
			if IsOwnTag(tag) {
				return fmt.Errorf("tier %s: the tag %s is reserved for sgc", g.Tier, tag)
			}
		}
		tiers[g.Tier], names[g.Name] = true, true
	}
	foreign, err := externals(s.Foreign)
	if err != nil {
		return err
	}
	addresses, err := externals(s.AddressGroups)
	if err != nil {
		return err
	}
	for _, g := range s.Groups {
		for _, e := range slices.Concat(g.Rules, g.Expired, g.Others) {
			known := true
			switch e.Remote.Kind() {
			case RemoteTier:
				known = tiers[e.Remote.Name()]
			case RemoteGroup:
				known = foreign[e.Remote.Name()]
			case RemoteAddressGroup:
				known = addresses[e.Remote.Name()]
			}
			if err := e.Check(); err != nil {
				return fmt.Errorf("tier %s: rule %s: %w", g.Tier, e.Rule, err)
			}
			if !known {
				return fmt.Errorf("tier %s: nothing says what %s is", g.Tier, e.Remote)
			}
		}
	}
	return nil
}

// externals is what a policy names and does not own, by its own names for it.
func externals(list []External) (map[string]bool, error) {
	keys := map[string]bool{}
	for _, e := range list {
		switch {
		case e.Key == "" || keys[e.Key]:
			return nil, fmt.Errorf("the group of others %q has no name, or stands here twice", e.Key)
		case (e.Name == "") == (e.ID == ""):
			return nil, fmt.Errorf("the group of others %q needs either a name or an id", e.Key)
		case e.ID != "" && CheckID(e.ID) != nil:
			return nil, fmt.Errorf("the group of others %q: %w", e.Key, CheckID(e.ID))
		}
		keys[e.Key] = true
	}
	return keys, nil
}
