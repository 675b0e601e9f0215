package draft

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// TestServers: ports that carry the same groups are a kind of server, whether or not these
// are tiers. Its addresses are said
// where all are known, and nobody else is there.
func TestServers(t *testing.T) {
	state := parse(t, []byte(`{"security_groups": [{"id": "1", "project_id": "p", "name": "web"}, {"id": "2", "project_id": "p", "name": "db"}, {"id": "3", "project_id": "p", "name": "lb-3f0c2f8e-5d0e-4b0a-9a44-0a1b2c3d4e5f"}]}`))
	subnets := map[string]netip.Prefix{"s4": netip.MustParsePrefix("192.0.2.0/24"), "s6": netip.MustParsePrefix("2001:db8::/64"), "t": netip.MustParsePrefix("198.51.100.0/24")}
	at := func(name, network string, subnets []string, groups ...string) rule.LivePort {
		return rule.LivePort{Name: name, Device: "of " + name, Owner: "compute:nova", Network: network, Subnets: subnets, Groups: groups}
	}
	both := []string{"s4", "s6"}
	dhcp := at("", "n", []string{"s4"})
	dhcp.Owner = "network:dhcp"
	for name, c := range map[string]struct {
		ports   []rule.LivePort
		servers map[string]string
		want    string
	}{
		"alone":                          {[]rule.LivePort{at("front-1", "n", both, "1"), at("front-12", "n", both[:1], "1"), dhcp}, nil, "front: web at 192.0.2.0/24, 2001:db8::/64"},
		"in two networks":                {[]rule.LivePort{at("a", "n", both[:1], "1"), at("b", "m", []string{"t"}, "1")}, nil, "web: web at 192.0.2.0/24, 198.51.100.0/24"},
		"with groups of others":          {[]rule.LivePort{at("a", "n", both[:1], "1", "3"), at("b", "n", both[:1], "1")}, nil, "web: web; web-lb-3f0c2f8e-5d0e-4b0a-9a44-0a1b2c3d4e5f: web and lb-3f0c2f8e-5d0e-4b0a-9a44-0a1b2c3d4e5f (3)"},
		"with one that was not read":     {[]rule.LivePort{at("a", "n", both[:1], "1", "4")}, nil, "web-4: web and (4) at 192.0.2.0/24"},
		"beside another kind":            {[]rule.LivePort{at("a", "n", both, "1"), at("b", "n", both, "1", "2")}, nil, "db-web: db, web; web: web"},
		"beside one that carries none":   {[]rule.LivePort{at("a", "n", both, "1"), at("b", "n", both)}, nil, "web: web"},
		"back beside another":            {[]rule.LivePort{at("a", "n", both, "1"), at("b", "n", both, "2"), at("c", "n", both, "1")}, nil, "db: db; web: web"},
		"one beside another":             {[]rule.LivePort{at("a", "m", []string{"t"}, "1"), at("b", "n", both, "1"), at("c", "n", both)}, nil, "web: web"},
		"a subnet of others":             {[]rule.LivePort{at("a", "n", []string{"s4", "theirs"}, "1")}, nil, "web: web"},
		"an address that nobody knows":   {[]rule.LivePort{at("a", "n", both, "1"), at("b", "n", nil, "1")}, nil, "web: web"},
		"the servers have names":         {[]rule.LivePort{at("a", "m", nil, "1"), at("b", "m", nil, "1")}, map[string]string{"of a": "shop-front-a", "of b": "shop-front-b"}, "shop-front: web"},
		"one server has a name":          {[]rule.LivePort{at("a", "m", nil, "1"), at("b", "m", nil, "1")}, map[string]string{"of a": "shop-front-a"}, "web: web"},
		"the ports' names come first":    {[]rule.LivePort{at("front", "m", nil, "1")}, map[string]string{"of front": "vm"}, "front: web"},
		"two kinds of one name":          {[]rule.LivePort{at("vm-1", "m", nil, "1"), at("vm-2", "m", nil, "2")}, nil, "db: db; web: web"},
		"names that end inside of words": {[]rule.LivePort{at("front-apple", "m", nil, "1"), at("front-apart", "m", nil, "1")}, nil, "front: web"},
	} {
		p := New(Source{State: state, Catalog: services(t), Ports: c.ports, Servers: c.servers, Subnets: subnets}, Options{Name: "p", Package: "p"})
		var kinds []string
		for _, k := range p.servers {
			text := k.name + ": " + strings.Join(k.tiers, ", ")
			if k.others != nil {
				text += " and " + k.carriedToo()
			}
			if k.addresses != nil {
				text += " at " + strings.Trim(strings.ReplaceAll(fmt.Sprint(k.addresses), " ", ", "), "[]")
			}
			kinds = append(kinds, text)
		}
		if got := strings.Join(kinds, "; "); got != c.want {
			t.Errorf("%s: %s, not %s", name, got, c.want)
		}
	}
}

// TestLone: a network is looked at where one kind of server may be alone.
func TestLone(t *testing.T) {
	at := func(network, owner string, groups ...string) rule.LivePort {
		return rule.LivePort{Network: network, Owner: owner, Groups: groups}
	}
	got := Lone([]rule.LivePort{
		at("alone", "", "1", "2"), at("alone", "network:dhcp"), at("alone", "", "2", "1"),
		at("mixed", "", "1"), at("mixed", "", "2"), at("mixed", "", "1"),
		at("open", "", "1"), at("open", "compute:nova"),
		at("first", "network:dhcp", "1"), at("none", "network:dhcp"),
	})
	if want := []string{"alone", "first"}; !slices.Equal(got, want) {
		t.Errorf("%q, not %q", got, want)
	}
}

// TestDefaultBeside makes a tier of the default group that is as the cloud gives it where ports
// carry it beside a tier, and where it is asked for: who reaches them depends on it.
func TestDefaultBeside(t *testing.T) {
	const groups = `{"security_groups": [{"id": "1", "project_id": "p", "name": "web"}, {"id": "2", "project_id": "p", "name": "lb-3f0c2f8e-5d0e-4b0a-9a44-0a1b2c3d4e5f"}, {"id": "3", "project_id": "p", "name": "default", "security_group_rules": [
		{"id": "a", "direction": "egress", "ethertype": "IPv4"}, {"id": "b", "direction": "egress", "ethertype": "IPv6"},
		{"id": "c", "direction": "ingress", "ethertype": "IPv4", "remote_group_id": "3"}, {"id": "d", "direction": "ingress", "ethertype": "IPv6", "remote_group_id": "3"}]}`
	const second = `, {"id": "4", "project_id": "p", "name": "default"}`
	for name, c := range map[string]struct {
		groups string
		ports  [][]string
		only   rule.Globs
		except rule.Globs
		want   string
	}{
		"beside a tier":             {groups, [][]string{{"1", "3"}}, nil, nil, "default, web"},
		"by itself":                 {groups, [][]string{{"1"}, {"3"}}, nil, nil, "web"},
		"beside a controller's":     {groups, [][]string{{"2", "3"}}, nil, nil, "web"},
		"beside a tier, unasked":    {groups, [][]string{{"1", "3"}}, rule.Globs{"web"}, nil, "web"},
		"beside a tier, left out":   {groups, [][]string{{"1", "3"}}, nil, rule.Globs{"default"}, "web"},
		"asked for":                 {groups, nil, rule.Globs{"default"}, nil, "default"},
		"beside a tier, not unique": {groups + second, [][]string{{"1", "3"}}, nil, nil, "web"},
	} {
		src := Source{State: parse(t, []byte(c.groups+"]}")), Catalog: services(t), Default: plan.UsualDefault()}
		for _, carried := range c.ports {
			src.Ports = append(src.Ports, rule.LivePort{Owner: "compute:nova", Network: "n", Groups: carried})
		}
		var tiers []string
		for _, one := range New(src, Options{Name: "p", Package: "p", Only: c.only, Except: c.except}).Tiers {
			tiers = append(tiers, one.name)
		}
		if got := strings.Join(tiers, ", "); got != c.want {
			t.Errorf("%s: %s, not %s", name, got, c.want)
		}
	}
}
