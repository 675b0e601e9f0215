//go:build conformance

package conformance

import "testing"

// testQuota demands that a script which comes to the end of the quota says so
// and fails, and that it finishes once there is room. Every project has a
// default group with 4 rules, which count.
func testQuota(t *testing.T, c *cloud) {
	script := c.export(t, "testdata/rules.cue")
	for _, test := range []struct {
		name          string
		groups, rules int
	}{
		{"groups", 3, 100},                         // of the 4 groups 2
		{"rules that groups are born with", 10, 9}, // of the 4 groups 2
		{"rules", 10, 20},                          // the 4 groups, and of 27 rules fewer than 17
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := c.tenant(t)
			c.quota(t, a, test.groups, test.rules)
			a.run(t, script).requireFailure(t, "quota")

			c.quota(t, a, -1, -1)
			a.apply(t, script)
			groups := a.groups(t)
			requireFinished(t, groups, "rules")

			// Full to the brim, where Neutron answers even a duplicate with the quota, there is nothing left to do.
			used := 4
			for _, g := range groups {
				used += len(g.Rules)
			}
			c.quota(t, a, 1+len(groups), used)
			a.apply(t, script)
			requireUntouched(t, groups, a.groups(t))
		})
	}
}
