//go:build conformance

package conformance

import "testing"

// testThreeTier runs the first example as the README tells a reader to, twice:
// the rules are those of the manual, and the second run changes nothing.
func testThreeTier(t *testing.T, c *cloud) {
	// What a provider's manual builds by hand: its listings of app and db, and for
	// internet-access the rules that a group is born with.
	manual := map[string][]string{
		"internet-access": {
			"egress IPv4 any to anyone",
			"egress IPv6 any to anyone",
		},
		"app": {
			"ingress IPv4 tcp/80 from anyone",
			"ingress IPv6 tcp/80 from anyone",
			"ingress IPv4 tcp/443 from anyone",
			"ingress IPv6 tcp/443 from anyone",
			"ingress IPv4 tcp/22 from 2.3.4.5/32",
			"ingress IPv6 tcp/22 from 2001:db8::a66:ad/128",
		},
		"db": {
			"ingress IPv4 tcp/5432 from tier app",
			"ingress IPv6 tcp/5432 from tier app",
			"ingress IPv4 udp/5432 from tier app",
			"ingress IPv6 udp/5432 from tier app",
			"ingress IPv4 tcp/22 from 1.2.3.4/32",
			"ingress IPv6 tcp/22 from 2001:db8::db:ad/128",
		},
	}

	a := c.demo(t)
	script := c.export(t, "../policies/three-tier")
	a.apply(t, script)
	first := a.groups(t)
	requireRules(t, first, manual)
	requireFinished(t, first, "three-tier")

	a.apply(t, script)
	requireUntouched(t, first, a.groups(t))
}
