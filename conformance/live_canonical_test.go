package conformance

import (
	"encoding/json"
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

func TestCanonical(t *testing.T) {
	groups := map[string]rule.Remote{"6cee": rule.Tier("web"), "f175": rule.ForeignGroup("legacy")}
	for _, test := range []struct{ live, want string }{
		{`{"direction":"egress","ethertype":"IPv4"}`, "egress IPv4 any to anyone"},
		{`{"direction":"egress","ethertype":"IPv6","remote_ip_prefix":"::/0"}`, "egress IPv6 any to anyone"},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"tcp","port_range_min":21,"port_range_max":23,"remote_ip_prefix":"0.0.0.0/0"}`,
			"ingress IPv4 tcp/21-23 from anyone"},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"6","port_range_min":24,"port_range_max":24,"remote_ip_prefix":"10.1.2.3/24"}`,
			"ingress IPv4 tcp/24 from 10.1.2.0/24"},
		{`{"direction":"ingress","ethertype":"IPv6","protocol":"udp","port_range_min":1,"port_range_max":65535,"remote_group_id":"6cee"}`,
			"ingress IPv6 udp from tier web"},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"sctp","port_range_min":7,"port_range_max":9,"remote_group_id":"f175"}`,
			"ingress IPv4 sctp/7-9 from group legacy"},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"icmp","port_range_min":0}`, "ingress IPv4 icmp/0 from anyone"},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"icmp","port_range_min":3,"port_range_max":0}`, "ingress IPv4 icmp/3:0 from anyone"},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"icmp"}`, "ingress IPv4 icmp from anyone"},
		{`{"direction":"ingress","ethertype":"IPv6","protocol":"icmp","port_range_min":128}`, "ingress IPv6 ipv6-icmp/128 from anyone"},
		{`{"direction":"ingress","ethertype":"IPv6","protocol":"icmpv6"}`, "ingress IPv6 ipv6-icmp from anyone"},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"51"}`, "ingress IPv4 ah from anyone"},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"99","remote_address_group_id":"207d"}`, "ingress IPv4 99 from address group 207d"},

		{`{"ethertype":"IPv4"}`, "error: no direction"},
		{`{"direction":"egress"}`, "error: no family"},
		{`{"direction":"egress","ethertype":"IPv4","protocol":"0"}`, "error: a protocol number is 1 to 255, not 0"},
		{`{"direction":"egress","ethertype":"IPv4","protocol":"udp","port_range_min":5}`, "error: half a range of ports"},
		{`{"direction":"egress","ethertype":"IPv4","protocol":"icmp","port_range_max":5}`, "error: half a range of ports"},
		{`{"direction":"egress","ethertype":"IPv4","protocol":"icmp","port_range_min":256}`, "error: 256 is no ICMP type"},
		{`{"direction":"egress","ethertype":"IPv4","protocol":"icmp","port_range_min":4,"port_range_max":-1}`, "error: -1 is no ICMP code"},
		{`{"direction":"egress","ethertype":"IPv4","protocol":"tcp","port_range_min":6,"port_range_max":70000}`, "error: 6-70000 is not a range of ports"},
		{`{"direction":"egress","ethertype":"IPv4","protocol":"esp","port_range_min":6,"port_range_max":8}`, "error: esp has no ports"},
		{`{"direction":"egress","ethertype":"IPv4","remote_group_id":"dead"}`, "error: unknown remote group dead"},
		{`{"direction":"egress","ethertype":"IPv4","remote_group_id":"6cee","remote_ip_prefix":"10.0.0.0/8"}`, "error: more than one remote"},
		{`{"direction":"egress","ethertype":"IPv6","remote_ip_prefix":"10.0.0.0/8"}`, "error: 10.0.0.0/8 is not IPv6"},
	} {
		var live liveRule
		decoder := json.NewDecoder(strings.NewReader(test.live))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&live); err != nil {
			t.Fatalf("%s: %v", test.live, err)
		}
		c, err := live.canonical(groups)
		got := c.String()
		if err != nil {
			got = "error: " + err.Error()
		}
		if got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.live, got, test.want)
		}
	}
}
