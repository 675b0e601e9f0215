package drift

import (
	"fmt"
	"slices"
	"strings"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// Coverage is how much of a project is under a policy. The default group that nobody has
// touched does not count, nor do ports of the network itself, as those of routers and DHCP.
type Coverage struct{ Groups, Ports Share }

// Share is how many of all are under a policy. A port is where it carries groups of policies
// alone, and one at the least.
type Share struct {
	Covered int `json:"covered"`
	All     int `json:"all"`
}

// Cover counts the groups of a state, of which some are known to belong to no policy, and the
// project's ports.
func Cover(s *rule.State, unowned []plan.Unowned, ports []rule.LivePort) *Coverage {
	covered := map[string]bool{}
	for _, g := range s.Groups {
		covered[g.ID] = true
	}
	c := &Coverage{}
	for _, g := range unowned {
		covered[g.ID] = false
	}
	for _, g := range s.Groups {
		if plan.AsMade(g) {
			covered[g.ID] = false
			continue
		}
		c.Groups.count(covered[g.ID])
	}
	for _, p := range ports {
		if !strings.HasPrefix(p.Owner, rule.NetworkOwner) {
			c.Ports.count(len(p.Groups) > 0 && !slices.ContainsFunc(p.Groups, func(id string) bool { return !covered[id] }))
		}
	}
	return c
}

func (s *Share) count(covered bool) {
	s.All++
	if covered {
		s.Covered++
	}
}

func (c *Coverage) String() string {
	return fmt.Sprintf("under a policy: %d of %s, %d of %s",
		c.Groups.Covered, rule.Counted(c.Groups.All, "group"), c.Ports.Covered, rule.Counted(c.Ports.All, "port"))
}
