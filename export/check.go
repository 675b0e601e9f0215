package export

import (
	"fmt"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// check holds a set to what the formats rely on: canonical rules whose remotes
// are known, and text that can be an argument of a command.
func check(set *rule.Set) error {
	known := map[rule.Remote]bool{}
	tierOf := map[string]string{}
	for _, g := range set.Groups {
		if known[rule.Tier(g.Tier)] {
			return fmt.Errorf("%s: tier %s stands here twice", g.Pos, g.Tier)
		}
		if other, taken := tierOf[g.Name]; taken {
			return fmt.Errorf("%s: tier %s: the group name %q is that of tier %s too", g.Pos, g.Tier, g.Name, other)
		}
		known[rule.Tier(g.Tier)], tierOf[g.Name] = true, g.Tier
	}
	for _, x := range set.Foreign {
		known[rule.ForeignGroup(x.Key)] = true
	}
	for _, x := range set.AddressGroups {
		known[rule.AddressGroup(x.Key)] = true
	}
	for _, x := range append(append([]rule.External(nil), set.Foreign...), set.AddressGroups...) {
		if (x.Name == "") == (x.ID == "") {
			return fmt.Errorf("%s: %s needs either a name or an id", x.Pos, x.Key)
		}
		if err := checkText(x.Name + x.ID); err != nil {
			return fmt.Errorf("%s: %s: %w", x.Pos, x.Key, err)
		}
	}
	for _, g := range set.Groups {
		if err := checkText(append([]string{g.Name, g.CloudDescription(set.Policy)}, g.Tags...)...); err != nil {
			return fmt.Errorf("%s: tier %s: %w", g.Pos, g.Tier, err)
		}
		for _, e := range slices.Concat(g.Rules, g.Others) {
			err := e.Rule.Check()
			switch e.Remote.Kind() {
			case rule.RemoteTier, rule.RemoteGroup, rule.RemoteAddressGroup:
				if err == nil && !known[e.Remote] {
					err = fmt.Errorf("there is no %s", e.Remote)
				}
			}
			if err == nil {
				err = checkText(e.Description())
			}
			if err != nil {
				return fmt.Errorf("%s: tier %s: rule %s: %w", place(e, g), g.Tier, e.Rule, err)
			}
		}
	}
	return nil
}

// checkText refuses what no argument of a command can carry.
func checkText(texts ...string) error {
	for _, s := range texts {
		if strings.ContainsRune(s, 0) {
			return fmt.Errorf("%q holds a zero byte", s)
		}
	}
	return nil
}

func place(e rule.Entry, g rule.Group) rule.Pos {
	if len(e.Origins) > 0 {
		return e.Origins[0].Pos
	}
	return g.Pos
}
