// Package policies_test holds the example policies to what they promise: each
// loads, compiles within OpenStack's default quota and has nothing that a lint
// complains of, in every variant that its tags offer.
package policies_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/compiler"
	"sgc.dev/sgc/lint"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// today is fixed, so that no test begins to fail because time has passed.
const today = "2026-11-23"

func load(t *testing.T, dir string, tags ...string) *schema.Policy {
	t.Helper()
	loaded, err := schema.Load(schema.Options{Inputs: []string{"./" + dir}, Tags: tags})
	if err != nil {
		t.Fatal(err)
	}
	if len(loaded) != 1 {
		t.Fatalf("%s is %d policies, want one", dir, len(loaded))
	}
	return loaded[0]
}

func compile(t *testing.T, p *schema.Policy, day string) *rule.Set {
	t.Helper()
	set, err := compiler.Compile(p, compiler.Options{AsOf: day, Minimize: access.Full})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// rulesOf is the rules of one tier in words, in the order of [rule.Compare].
func rulesOf(t *testing.T, set *rule.Set, tier string) []string {
	t.Helper()
	i := slices.IndexFunc(set.Groups, func(g rule.Group) bool { return g.Tier == tier })
	if i < 0 {
		t.Fatalf("no tier %s", tier)
	}
	var rules []string
	for _, e := range set.Groups[i].Rules {
		rules = append(rules, e.Rule.String())
	}
	return rules
}

func TestEveryPolicyIsClean(t *testing.T) {
	variants := map[string][][]string{
		"gateways":   {nil},
		"kubernetes": {nil, {"overlay=geneve"}, {"overlay=vxlan"}, {"overlay=flannel-vxlan"}},
		"monitoring": {nil, {"env=production"}, {"env=staging"}},
		"three-tier": {nil},
	}
	files, err := filepath.Glob("*/*.cue")
	if err != nil {
		t.Fatal(err)
	}
	dirs := map[string]bool{}
	for _, file := range files {
		dirs[filepath.Dir(file)] = true
	}
	if len(dirs) != len(variants) {
		t.Errorf("%d folders with policies, %d in the table", len(dirs), len(variants))
	}
	for dir, all := range variants {
		for _, tags := range all {
			t.Run(dir+"/"+strings.Join(tags, ","), func(t *testing.T) {
				p := load(t, dir, tags...)
				if p.Name != dir {
					t.Errorf("the policy in %s calls itself %s", dir, p.Name)
				}
				if len(p.Servers) == 0 {
					t.Error("no servers: the lints that judge them are silent")
				}
				findings, _ := lint.Check(p, compile(t, p, today), lint.Options{AsOf: today, ExpireBy: "2027-11-23"})
				for _, f := range findings {
					t.Errorf("%s: %s: %s: %s", f.Pos, f.Code, f.Path, f.Message)
				}
			})
		}
	}
}

// The pattern that sgc falls back to when it is given no inputs.
func TestAllTogether(t *testing.T) {
	loaded, err := schema.Load(schema.Options{Inputs: []string{"./..."}})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range loaded {
		names = append(names, p.Name)
	}
	slices.Sort(names)
	if want := []string{"gateways", "kubernetes", "monitoring", "three-tier"}; !slices.Equal(names, want) {
		t.Errorf("./... is %q, want %q", names, want)
	}
}

// What a careful engineer would have typed, written down by hand.
func TestRules(t *testing.T) {
	for _, c := range []struct {
		dir   string
		tags  []string
		day   string
		tier  string
		rules string
	}{
		{dir: "three-tier", tier: "app", rules: `
			ingress IPv4 tcp/22 from 2.3.4.5/32
			ingress IPv6 tcp/22 from 2001:db8::a66:ad/128
			ingress IPv4 tcp/80 from anyone
			ingress IPv6 tcp/80 from anyone
			ingress IPv4 tcp/443 from anyone
			ingress IPv6 tcp/443 from anyone`},
		{dir: "three-tier", tier: "db", rules: `
			ingress IPv4 tcp/22 from 1.2.3.4/32
			ingress IPv6 tcp/22 from 2001:db8::db:ad/128
			ingress IPv4 tcp/5432 from tier app
			ingress IPv6 tcp/5432 from tier app
			ingress IPv4 udp/5432 from tier app
			ingress IPv6 udp/5432 from tier app`},
		{dir: "three-tier", tier: "internet-access", rules: `
			egress IPv4 any to anyone
			egress IPv6 any to anyone`},

		{dir: "kubernetes", tier: "etcd", rules: `
			ingress IPv4 tcp/2379 from tier control-plane
			ingress IPv6 tcp/2379 from tier control-plane
			ingress IPv4 tcp/2379-2380 from tier etcd
			ingress IPv6 tcp/2379-2380 from tier etcd
			egress IPv4 tcp/2379-2380 to tier etcd
			egress IPv6 tcp/2379-2380 to tier etcd`},
		{dir: "kubernetes", tier: "worker", rules: `
			ingress IPv4 tcp/10256 from 192.0.2.16/28
			ingress IPv6 tcp/10256 from 2001:db8:1b::/64
			ingress IPv4 tcp/30000-32767 from 192.0.2.16/28
			ingress IPv6 tcp/30000-32767 from 2001:db8:1b::/64
			ingress IPv4 udp/30000-32767 from 192.0.2.16/28
			ingress IPv6 udp/30000-32767 from 2001:db8:1b::/64`},
		{dir: "kubernetes", tier: "control-plane", rules: `
			ingress IPv4 tcp/6443 from 192.0.2.16/28
			ingress IPv4 tcp/6443 from 198.51.100.16/29
			ingress IPv6 tcp/6443 from 2001:db8:1b::/64
			ingress IPv6 tcp/6443 from 2001:db8:ad::/64
			ingress IPv4 tcp/6443 from tier node
			ingress IPv6 tcp/6443 from tier node
			ingress IPv4 tcp/10257 from group monitoring
			ingress IPv6 tcp/10257 from group monitoring
			ingress IPv4 tcp/10259 from group monitoring
			ingress IPv6 tcp/10259 from group monitoring`},
		{dir: "kubernetes", tier: "node", rules: kubernetesNode("6081")},
		{dir: "kubernetes", tags: []string{"overlay=vxlan"}, tier: "node", rules: kubernetesNode("4789")},
		{dir: "kubernetes", tags: []string{"overlay=flannel-vxlan"}, tier: "node", rules: kubernetesNode("8472")},

		{dir: "monitoring", tier: "galera", rules: galeraIngress(`
			ingress IPv4 tcp/3306 from 198.51.100.77/32
			ingress IPv6 tcp/3306 from 2001:db8:7e9::77/128`) + galeraEgress},
		{dir: "monitoring", day: "2035-06-30", tier: "galera", rules: galeraIngress(`
			ingress IPv4 tcp/3306 from 198.51.100.77/32
			ingress IPv6 tcp/3306 from 2001:db8:7e9::77/128`) + galeraEgress},
		{dir: "monitoring", day: "2035-07-01", tier: "galera", rules: galeraIngress("") + galeraEgress},
		{dir: "monitoring", tags: []string{"env=staging"}, tier: "galera", rules: galeraIngress("") + galeraEgress},

		{dir: "gateways", tier: "ipsec", rules: `
			ingress IPv4 udp/500 from 192.0.2.128/30
			ingress IPv6 udp/500 from 2001:db8:b0b::/126
			ingress IPv4 udp/4500 from 192.0.2.128/30
			ingress IPv6 udp/4500 from 2001:db8:b0b::/126
			ingress IPv4 esp from 192.0.2.128/30
			ingress IPv6 esp from 2001:db8:b0b::/126
			ingress IPv4 ah from 192.0.2.128/30
			ingress IPv6 ah from 2001:db8:b0b::/126
			ingress IPv4 any from 10.64.0.0/12
			ingress IPv6 any from fd64:5ca1:ab1e::/48
			egress IPv4 udp/500 to 192.0.2.128/30
			egress IPv6 udp/500 to 2001:db8:b0b::/126
			egress IPv4 udp/4500 to 192.0.2.128/30
			egress IPv6 udp/4500 to 2001:db8:b0b::/126
			egress IPv4 esp to 192.0.2.128/30
			egress IPv6 esp to 2001:db8:b0b::/126
			egress IPv4 ah to 192.0.2.128/30
			egress IPv6 ah to 2001:db8:b0b::/126
			egress IPv4 any to 10.64.0.0/12
			egress IPv6 any to fd64:5ca1:ab1e::/48`},
		{dir: "gateways", tier: "wireguard", rules: `
			ingress IPv4 udp/51820 from anyone
			ingress IPv6 udp/51820 from anyone
			egress IPv4 tcp/53 to tier dns
			egress IPv6 tcp/53 to tier dns
			egress IPv4 tcp/443 to 10.64.0.0/12
			egress IPv6 tcp/443 to fd64:5ca1:ab1e::/48
			egress IPv4 tcp/465 to 10.64.0.0/12
			egress IPv6 tcp/465 to fd64:5ca1:ab1e::/48
			egress IPv4 tcp/993 to 10.64.0.0/12
			egress IPv6 tcp/993 to fd64:5ca1:ab1e::/48
			egress IPv4 udp/53 to tier dns
			egress IPv6 udp/53 to tier dns`},
		{dir: "gateways", tier: "gateway", rules: `
			ingress IPv4 icmp/8 from 10.64.0.0/12
			ingress IPv4 icmp/8 from 198.51.100.32/29
			ingress IPv4 icmp/3:4 from anyone
			ingress IPv4 tcp/22 from 198.51.100.32/29
			ingress IPv6 tcp/22 from 2001:db8:ad:2::/64
			ingress IPv6 ipv6-icmp/2 from anyone
			ingress IPv6 ipv6-icmp/128 from 2001:db8:ad:2::/64
			ingress IPv6 ipv6-icmp/128 from fd64:5ca1:ab1e::/48
			egress IPv4 tcp/443 to anyone
			egress IPv6 tcp/443 to anyone
			egress IPv4 udp/67 to anyone
			egress IPv4 udp/123 to tier ntp
			egress IPv6 udp/123 to tier ntp
			egress IPv6 udp/547 to anyone`},
	} {
		name := strings.Join(append([]string{c.dir, c.tier, c.day}, c.tags...), "/")
		t.Run(name, func(t *testing.T) {
			day := c.day
			if day == "" {
				day = today
			}
			got := rulesOf(t, compile(t, load(t, c.dir, c.tags...), day), c.tier)
			var want []string
			for line := range strings.Lines(strings.TrimSpace(c.rules)) {
				want = append(want, strings.TrimSpace(line))
			}
			if !slices.Equal(got, want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

// kubernetesNode is the node tier with the overlay on one port.
func kubernetesNode(overlay string) string {
	return `
			ingress IPv4 tcp/10250 from tier control-plane
			ingress IPv6 tcp/10250 from tier control-plane
			ingress IPv4 tcp/10250 from group monitoring
			ingress IPv6 tcp/10250 from group monitoring
			ingress IPv4 udp/` + overlay + ` from tier node
			ingress IPv6 udp/` + overlay + ` from tier node
			egress IPv4 any to anyone
			egress IPv6 any to anyone`
}

// galeraIngress is what comes into the database, with or without the replica.
func galeraIngress(replica string) string {
	return `
			ingress IPv4 tcp/22 from tier monitoring
			ingress IPv6 tcp/22 from tier monitoring` + replica + `
			ingress IPv4 tcp/3306 from tier web
			ingress IPv6 tcp/3306 from tier web
			ingress IPv4 tcp/4444 from tier galera
			ingress IPv6 tcp/4444 from tier galera
			ingress IPv4 tcp/4567-4568 from tier galera
			ingress IPv6 tcp/4567-4568 from tier galera
			ingress IPv4 tcp/9100 from tier monitoring
			ingress IPv6 tcp/9100 from tier monitoring
			ingress IPv4 tcp/9104 from tier monitoring
			ingress IPv6 tcp/9104 from tier monitoring`
}

// galeraEgress is what the database may ask for.
const galeraEgress = `
			egress IPv4 tcp/53 to 192.0.2.53/32
			egress IPv4 tcp/53 to 192.0.2.54/32
			egress IPv6 tcp/53 to 2001:db8:53::53/128
			egress IPv6 tcp/53 to 2001:db8:53::54/128
			egress IPv4 tcp/443 to 192.0.2.80/30
			egress IPv6 tcp/443 to 2001:db8:80::/64
			egress IPv4 tcp/4444 to tier galera
			egress IPv6 tcp/4444 to tier galera
			egress IPv4 tcp/4567-4568 to tier galera
			egress IPv6 tcp/4567-4568 to tier galera
			egress IPv4 udp/53 to 192.0.2.53/32
			egress IPv4 udp/53 to 192.0.2.54/32
			egress IPv6 udp/53 to 2001:db8:53::53/128
			egress IPv6 udp/53 to 2001:db8:53::54/128
			egress IPv4 udp/67 to anyone
			egress IPv4 udp/123 to anyone
			egress IPv6 udp/123 to anyone
			egress IPv6 udp/547 to anyone`
