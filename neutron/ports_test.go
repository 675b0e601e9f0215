package neutron_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/sandbox"
	"sgc.dev/sgc/sandbox/sandboxtest"
)

// TestReadPorts reads the ports of the project, and those of no other.
func TestReadPorts(t *testing.T) {
	c := sandboxtest.Open(t)
	ids := plant(c, 3)
	first, second := c.AddPort(c.Demo(), ids[0], ids[2]), c.AddPort(c.Demo())
	ports, err := dial(t).Ports(t.Context())
	if err != nil || len(ports) != 2 {
		t.Fatalf("%+v, %v", ports, err)
	}
	for _, p := range ports {
		slices.Sort(p.Groups)
		want := slices.Sorted(slices.Values([]string{ids[0], ids[2]}))
		if p.ID == first && !slices.Equal(p.Groups, want) || p.ID == second && len(p.Groups) > 0 || p.ID != first && p.ID != second {
			t.Errorf("%+v", p)
		}
	}
}

// TestServers reads what servers are called, where there is a Nova that says so, and asks
// it once: import can do without.
func TestServers(t *testing.T) {
	c := sandboxtest.Open(t)
	if names, err := dial(t).Servers(t.Context()); names != nil || err != nil {
		t.Fatalf("without a compute service: %v, %v", names, err)
	}
	ids := plant(c, 1)
	c.AddServer(c.Demo(), "web-1", netip.MustParsePrefix("192.0.2.0/24"), ids...)
	c.AddServer(c.AddAccount("other", false), "theirs", netip.MustParsePrefix("198.51.100.0/24"))
	client := dial(t)
	ports, err := client.Ports(t.Context())
	if err != nil || len(ports) != 1 || ports[0].Owner != "compute:nova" {
		t.Fatalf("%+v, %v", ports, err)
	}
	names, err := client.Servers(t.Context())
	if want := map[string]string{ports[0].Device: "web-1"}; err != nil || !maps.Equal(names, want) {
		t.Errorf("%v, not %v; %v", names, want, err)
	}
	c.Inject(sandbox.Fault{Path: "/v2.1/servers", Status: http.StatusServiceUnavailable})
	before := len(c.Calls())
	if _, err := client.Servers(t.Context()); err == nil || len(c.Calls()) != before+1 {
		t.Errorf("%v after %d calls", err, len(c.Calls())-before)
	}
}

// TestSubnets reads the subnets of those networks that the project has to itself.
func TestSubnets(t *testing.T) {
	c := sandboxtest.Open(t)
	own, shared := netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::/64")
	for _, prefix := range []netip.Prefix{own, shared} {
		c.AddServer(c.Demo(), "ours", prefix)
	}
	aside := c.AddServer(c.Demo(), "aside", netip.MustParsePrefix("192.0.2.0/28"))
	other := c.AddAccount("other", false)
	for _, prefix := range []netip.Prefix{shared, netip.MustParsePrefix("198.51.100.0/24")} {
		c.AddServer(other, "theirs", prefix)
	}
	client := dial(t)
	ports, err := client.Ports(t.Context())
	if err != nil || len(ports) != 3 {
		t.Fatalf("%+v, %v", ports, err)
	}
	var networks []string
	for _, p := range ports {
		if len(p.Subnets) != 1 {
			t.Errorf("%+v", p)
		}
		if p.ID != aside {
			networks = append(networks, p.Network)
		}
	}
	subnets, err := client.Subnets(t.Context(), networks)
	if got := slices.Collect(maps.Values(subnets)); err != nil || !slices.Equal(got, []netip.Prefix{own}) {
		t.Errorf("%v, %v", subnets, err)
	}
}

// TestAddressPairs: a port that may have addresses besides its own has none for certain.
func TestAddressPairs(t *testing.T) {
	var c *sandbox.Cloud
	c = between(t, func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/v2.0/ports") {
			return false
		}
		const port = `{"id": "%s", "project_id": "%s", "fixed_ips": [{"subnet_id": "s", "ip_address": "192.0.2.7"}], "allowed_address_pairs": %s}`
		fmt.Fprintf(w, `{"ports": [`+port+`, `+port+`]}`, "a", c.Demo().ProjectID, "[]", "b", c.Demo().ProjectID, `[{"ip_address": "192.0.2.9"}]`)
		return true
	})
	ports, err := dial(t).Ports(t.Context())
	if err != nil || len(ports) != 2 || !slices.Equal(ports[0].Subnets, []string{"s"}) || ports[1].Subnets != nil {
		t.Errorf("%+v, %v", ports, err)
	}
}

// TestTemplate tells what a new group is born with from what a project's default group is.
func TestTemplate(t *testing.T) {
	c := sandboxtest.Open(t)
	for _, test := range []struct {
		rules           []sandbox.TemplateRule
		born, ofDefault []string
	}{
		{[]sandbox.TemplateRule{
			{Direction: "egress", Ethertype: "IPv4", Default: true, Others: true},
			{Direction: "ingress", Ethertype: "IPv6", Protocol: "tcp", RemoteGroup: true, Default: true},
			{Direction: "egress", Ethertype: "IPv6", Protocol: "udp", Others: true},
		}, []string{"egress IPv4 any to anyone", "egress IPv6 udp to anyone"}, []string{"egress IPv4 any to anyone", "ingress IPv6 tcp from group PARENT"}},
		{nil, nil, []string{}},
	} {
		c.SetTemplate(test.rules)
		born, ofDefault, err := dial(t).Template(t.Context())
		if err != nil || ofDefault == nil {
			t.Fatal(ofDefault, err)
		}
		var got, gotDefault []string
		for _, r := range born {
			got = append(got, r.String())
		}
		for _, r := range ofDefault {
			gotDefault = append(gotDefault, r.String())
		}
		slices.Sort(got)
		slices.Sort(gotDefault)
		if !slices.Equal(got, test.born) || !slices.Equal(gotDefault, test.ofDefault) {
			t.Errorf("born with %q, the default group with %q", got, gotDefault)
		}
	}
}
