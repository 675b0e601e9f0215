package wire

import (
	"encoding/json"
	"fmt"
	"testing"
)

// TestCanonical reads rules as clouds store them. "" is a rule that stays opaque.
func TestCanonical(t *testing.T) {
	for _, test := range []struct{ stored, want string }{
		{`{"direction":"ingress","ethertype":"IPv4"}`, "ingress IPv4 any from anyone"},
		{`{"direction":"egress","ethertype":"IPv6","protocol":null,"remote_ip_prefix":"::/0"}`, "egress IPv6 any to anyone"},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"tcp","port_range_min":80,"port_range_max":80,"remote_ip_prefix":"0.0.0.0/0"}`, "ingress IPv4 tcp/80 from anyone"},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"6","port_range_min":80,"port_range_max":80}`, "ingress IPv4 tcp/80 from anyone"},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"TCP","port_range_min":1,"port_range_max":65535}`, "ingress IPv4 tcp from anyone"},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"any"}`, "ingress IPv4 any from anyone"},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"icmp","port_range_min":0}`, "ingress IPv4 icmp/0 from anyone"},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"icmp","port_range_min":0,"port_range_max":0}`, "ingress IPv4 icmp/0:0 from anyone"},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"icmp"}`, "ingress IPv4 icmp from anyone"},
		{`{"direction":"ingress","ethertype":"IPv6","protocol":"icmp","port_range_min":128}`, "ingress IPv6 ipv6-icmp/128 from anyone"},
		{`{"direction":"ingress","ethertype":"IPv6","protocol":"1"}`, "ingress IPv6 ipv6-icmp from anyone"},
		{`{"direction":"ingress","ethertype":"IPv6","protocol":"58"}`, "ingress IPv6 ipv6-icmp from anyone"},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"50"}`, "ingress IPv4 esp from anyone"},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"99"}`, "ingress IPv4 99 from anyone"},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"dccp"}`, "ingress IPv4 dccp from anyone"},
		{`{"direction":"ingress","ethertype":"IPv4","remote_ip_prefix":"10.0.0.5/24"}`, "ingress IPv4 any from 10.0.0.0/24"},
		{`{"direction":"ingress","ethertype":"IPv4","remote_ip_prefix":"10.0.0.5"}`, "ingress IPv4 any from 10.0.0.5/32"},
		{`{"direction":"ingress","ethertype":"IPv6","remote_ip_prefix":"::1.2.3.4/128"}`, "ingress IPv6 any from ::102:304/128"},
		{`{"direction":"ingress","ethertype":"IPv6","remote_group_id":"g1"}`, "ingress IPv6 any from group g1"},
		{`{"direction":"ingress","ethertype":"IPv6","remote_address_group_id":"a1"}`, "ingress IPv6 any from address group a1"},
		// What means something else than it looks like, or nothing certain, is opaque.
		{`{"direction":"forward","ethertype":"IPv4"}`, ""},
		{`{"direction":"ingress","ethertype":"ARP"}`, ""},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"0"}`, ""},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"ip"}`, ""},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"hopopt"}`, ""},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"256"}`, ""},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"ipv6-icmp"}`, ""},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"tcp","port_range_min":80}`, ""},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"tcp","port_range_min":0,"port_range_max":80}`, ""},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"tcp","port_range_min":90,"port_range_max":80}`, ""},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"tcp","port_range_min":1,"port_range_max":65536}`, ""},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"icmp","port_range_min":256}`, ""},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"icmp","port_range_max":0}`, ""},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":"dccp","port_range_min":5,"port_range_max":5}`, ""},
		{`{"direction":"ingress","ethertype":"IPv4","protocol":null,"port_range_min":5,"port_range_max":5}`, ""},
		{`{"direction":"ingress","ethertype":"IPv4","remote_ip_prefix":"::/0"}`, ""},
		{`{"direction":"ingress","ethertype":"IPv6","remote_ip_prefix":"0.0.0.0/0"}`, ""},
		{`{"direction":"ingress","ethertype":"IPv6","remote_ip_prefix":"::ffff:1.2.3.4/128"}`, ""},
		{`{"direction":"ingress","ethertype":"IPv4","remote_ip_prefix":"10.0.0.0/33"}`, ""},
		{`{"direction":"ingress","ethertype":"IPv4","remote_ip_prefix":"ten"}`, ""},
		{`{"direction":"ingress","ethertype":"IPv4","remote_ip_prefix":"10.0.0.0/8","remote_group_id":"g1"}`, ""},
		{`{"direction":"ingress","ethertype":"IPv4","remote_address_group_id":"a1","remote_group_id":"g1"}`, ""},
	} {
		var wire Rule
		if err := json.Unmarshal([]byte(test.stored), &wire); err != nil {
			t.Fatalf("%s: %v", test.stored, err)
		}
		live := wire.Live()
		switch {
		case live.Opaque() && test.want != "":
			t.Errorf("%s is opaque, not %s", test.stored, test.want)
		case live.Opaque() && live.Words == "":
			t.Errorf("%s is opaque and has no words", test.stored)
		case wire.RemoteGroup != nil && !live.Names("g1"):
			t.Errorf("%s does not name its remote group", test.stored)
		case !live.Opaque() && live.String() != test.want:
			t.Errorf("%s is %s, not %q", test.stored, live, test.want)
		}
	}
}

// TestUpdated takes over a group, or removes a rule of it, which is no change of what is left.
func TestUpdated(t *testing.T) {
	g := Group{Created: "2026-01-01T00:00:00Z"}
	if got := g.Live().Updated; got != g.Created {
		t.Errorf("without rules: %s", got)
	}
	g.Rules = []Rule{{Updated: "2026-01-02T00:00:00Z"}, {Updated: "2025-12-31T00:00:00Z"}}
	if got := g.Live().Updated; got != g.Rules[0].Updated {
		t.Errorf("with rules: %s", got)
	}
	g.Rules = g.Rules[1:]
	if got := g.Live().Updated; got != g.Created {
		t.Errorf("with a rule that is older: %s", got)
	}
	var read Group
	for _, description := range []string{"web", "web [sgc:shop/web]"} {
		data := fmt.Sprintf(`{"description": %q, "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-03-01T00:00:00Z"}`, description)
		if err := json.Unmarshal([]byte(data), &read); err != nil || read.Live().Updated != g.Created {
			t.Errorf("%s: %s, %v", description, read.Live().Updated, err)
		}
	}
}
