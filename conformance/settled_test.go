//go:build conformance

package conformance

import (
	"net/http"
	"slices"
	"testing"
)

// testSettled shows what a script makes of groups of its own that it finds.
func testSettled(t *testing.T, c *cloud) {
	script := c.export(t, "testdata/steps.cue")

	// A mark without tags: an earlier run did not come to its end. One rule is there, in other words.
	t.Run("unfinished", func(t *testing.T) {
		t.Parallel()
		a := c.tenant(t)
		front := a.group(t, "front", "in from everywhere, out in one family [sgc:steps/front]")
		there, err := a.rule(body{"security_group_id": front.ID, "direction": "ingress", "protocol": "6",
			"port_range_min": 443, "port_range_max": 443, "description": "by hand"})
		if err != nil {
			t.Fatal(err)
		}
		a.apply(t, script)
		groups := a.groups(t)
		requireRules(t, groups, steps())
		requireFinished(t, groups, "steps")
		if i := slices.IndexFunc(groups, func(g liveGroup) bool { return g.ID == front.ID }); i < 0 ||
			!slices.ContainsFunc(groups[i].Rules, func(r liveRule) bool { return r.ID == there.ID }) {
			t.Errorf("the group %s or its rule %s was replaced: %+v", front.ID, there.ID, groups)
		}
	})

	// Mark and tags: the group is complete. What is missing comes back; what others added is theirs.
	t.Run("finished", func(t *testing.T) {
		t.Parallel()
		a := c.tenant(t)
		a.apply(t, script)
		first := a.groups(t)
		back := first[slices.IndexFunc(first, func(g liveGroup) bool { return g.Name == "back" })]
		a.neutron.must(t, http.MethodDelete, "/v2.0/security-group-rules/"+back.Rules[0].ID, nil, nil)
		for _, fields := range []body{
			{"direction": "ingress", "protocol": "udp", "port_range_min": 53, "port_range_max": 54},
			{"direction": "egress", "ethertype": "IPv4"}, // as the group was born with
		} {
			fields["security_group_id"] = back.ID
			if _, err := a.rule(fields); err != nil {
				t.Fatal(err)
			}
		}
		a.apply(t, script)
		want := steps()
		want["back"] = append(want["back"], "ingress IPv4 udp/53-54 from anyone", "egress IPv4 any to anyone")
		requireRules(t, a.groups(t), want)
	})

	// Of another project, with the same names and marks.
	t.Run("neighbours", func(t *testing.T) {
		t.Parallel()
		a, b := c.tenant(t), c.tenant(t)
		a.apply(t, script)
		before := a.groups(t)
		b.apply(t, script)
		requireRules(t, b.groups(t), steps())
		requireUntouched(t, before, a.groups(t))
	})

	// One may make way for the other, which a third run makes up for; no group is made twice. A rule may be: nothing
	// in Neutron keeps two calls at once from making it.
	t.Run("two at once", func(t *testing.T) {
		t.Parallel()
		a := c.tenant(t)
		one, other := a.command(t, script), a.command(t, script)
		outcomes := make(chan outcome)
		go func() { outcomes <- finish(t, one, func(int) {}) }()
		go func() { outcomes <- finish(t, other, func(int) {}) }()
		for range 2 {
			if o := <-outcomes; o.code != 0 {
				o.requireFailure(t, "run this script again")
			}
		}
		a.apply(t, script)
		groups := a.groups(t)
		requireFinished(t, groups, "steps")
		for i := range groups {
			there := map[string]bool{}
			groups[i].Rules = slices.DeleteFunc(groups[i].Rules, func(r liveRule) bool {
				again := there[r.words()]
				there[r.words()] = true
				return again
			})
		}
		requireRules(t, groups, steps())
	})
}
