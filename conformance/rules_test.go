//go:build conformance

package conformance

import (
	"path/filepath"
	"testing"
)

// testRules puts every shape of rule, and of group, into the cloud and reads it back.
func testRules(t *testing.T, c *cloud) {
	for _, test := range []struct {
		policy string
		want   map[string][]string
	}{
		{"rules", map[string][]string{
			"icmp": {
				"ingress IPv4 icmp/0 from 192.0.2.0/28",
				"ingress IPv4 icmp/3:0 from 192.0.2.16/28",
				"ingress IPv4 icmp/3:4 from 192.0.2.16/28",
				"ingress IPv6 ipv6-icmp/1:0 from 2001:db8:1::/48",
				"ingress IPv6 ipv6-icmp/128 from 2001:db8:1::/48",
				"ingress IPv4 icmp from 192.0.2.32/28",
				"ingress IPv6 ipv6-icmp from 2001:db8:2::/48",
			},
			"portless": {
				"ingress IPv4 esp from 198.51.100.1/32",
				"ingress IPv4 ah from 198.51.100.1/32",
				"ingress IPv6 esp from 2001:db8:3::1/128",
				"ingress IPv6 ah from 2001:db8:3::1/128",
				"egress IPv4 99 to 198.51.100.2/32",
			},
			"ports": {
				"ingress IPv4 tcp/8001 from 203.0.113.1/32",
				"ingress IPv4 tcp/8002-8100 from 203.0.113.2/32",
				"ingress IPv4 udp/9002-9100 from 203.0.113.2/32",
				"ingress IPv6 sctp/2905 from 2001:db8:4::/64",
				"ingress IPv6 sctp/3868-3870 from 2001:db8:4::/64",
				"ingress IPv4 tcp from 203.0.113.200/32",
				"egress IPv4 any to 203.0.113.4/32",
			},
			"peers": {
				"ingress IPv4 tcp/4567 from tier peers",
				"ingress IPv6 tcp/4567 from tier peers",
				"ingress IPv4 tcp/9100 from tier ports",
				"ingress IPv6 tcp/9100 from tier ports",
				"ingress IPv4 tcp/9100 from tier icmp",
				"ingress IPv6 tcp/9100 from tier icmp",
				"egress IPv4 udp/1194 to tier portless",
				"egress IPv6 udp/1194 to tier portless",
			},
		}},
		{"groups", map[string][]string{
			"closed": {},
			"open": {
				"egress IPv4 any to anyone",
				"egress IPv6 any to anyone",
			},
			"open-in-one-family": {
				"egress IPv4 any to anyone",
				"ingress IPv4 tcp/22 from anyone",
			},
			"renamed": {
				"ingress IPv4 udp/123 from anyone",
				"ingress IPv6 udp/123 from anyone",
			},
		}},
	} {
		t.Run(test.policy, func(t *testing.T) {
			t.Parallel()
			a, script := c.tenant(t), c.export(t, "testdata/"+test.policy+".cue")
			a.apply(t, script)
			first := a.groups(t)
			requireRules(t, first, test.want)
			requireFinished(t, first, test.policy)
			for _, g := range first {
				if want := g.Name != "renamed"; g.Stateful != want {
					t.Errorf("group %q is stateful %t", g.Name, g.Stateful)
				}
			}

			a.apply(t, script)
			requireUntouched(t, first, a.groups(t))

			if test.policy == "groups" { // one of both: the options of rules are those of the script
				testPasted(t, c, test.policy, test.want)
			}
		})
	}
}

// testPasted runs the commands that people are given to paste, in a project without
// groups: they make the same, and sgc knows the groups for the policy's.
func testPasted(t *testing.T, c *cloud, policy string, want map[string][]string) {
	file, err := filepath.Abs("testdata/" + policy + ".cue")
	if err != nil {
		t.Fatal(err)
	}
	a, commands := c.tenant(t), filepath.Join(t.TempDir(), "commands.sh")
	a.exits(t, c, 0, "export", "--format=openstack", "-o", commands, file)
	o := a.apply(t, commands)
	if o.stderr != "" {
		t.Errorf("the commands said %q", o.stderr)
	}
	groups := a.groups(t)
	requireRules(t, groups, want)
	requireFinished(t, groups, policy)
	a.exits(t, c, 0, "plan", "--detailed-exitcode", file)
}
