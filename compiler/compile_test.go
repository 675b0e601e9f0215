package compiler

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

func load(t *testing.T, text string) *schema.Policy {
	t.Helper()
	p, err := loaded(t, text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func loaded(t *testing.T, text string) (*schema.Policy, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "policy.cue"), []byte("package p\n"+text+"\nname: \"p\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	policies, err := schema.Load(schema.Options{Dir: dir})
	if err != nil {
		return nil, err
	}
	return policies[0], nil
}

// TestExpansion compiles tier t alone, without minimising.
func TestExpansion(t *testing.T) {
	for _, c := range []struct {
		name, policy string
		want         []string
	}{
		{"public is every address, in each family", `tiers: t: ingress: http: from: ["public"]`, []string{
			"ingress IPv4 tcp/80 from anyone",
			"ingress IPv6 tcp/80 from anyone",
		}},
		{"a tier is a remote group, in each family", `tiers: {t: egress: postgresql: to: ["u"], u: {}}`, []string{
			"egress IPv4 tcp/5432 to tier u",
			"egress IPv6 tcp/5432 to tier u",
		}},
		{"self is the tier", `tiers: t: ingress: x: {udp: [4567], from: ["self"]}`, []string{
			"ingress IPv4 udp/4567 from tier t",
			"ingress IPv6 udp/4567 from tier t",
		}},
		{"an address set is its networks, each in its family", `
			addresses: a: ["192.0.2.7", "2001:db8::/32", "198.51.100.0/24"]
			tiers: t: ingress: ssh: from: ["a"]`, []string{
			"ingress IPv4 tcp/22 from 192.0.2.7/32",
			"ingress IPv4 tcp/22 from 198.51.100.0/24",
			"ingress IPv6 tcp/22 from 2001:db8::/32",
		}},
		{"a set of sets is all that is in them, each network once", `
			addresses: {
				a: ["b", "192.0.2.7"]
				b: {cidrs: ["198.51.100.0/24", "c"]}
				c: ["2001:db8::/32", "192.0.2.7"]
			}
			tiers: t: ingress: ssh: from: ["a"]`, []string{
			"ingress IPv4 tcp/22 from 192.0.2.7/32",
			"ingress IPv4 tcp/22 from 198.51.100.0/24",
			"ingress IPv6 tcp/22 from 2001:db8::/32",
		}},
		{"families filter", `tiers: t: ingress: ping: {from: ["public"], families: ["ipv6"]}`, []string{
			"ingress IPv6 ipv6-icmp/128 from anyone",
		}},
		{"a policy's own service replaces the catalog's", `
			services: postgresql: udp: [6432]
			tiers: t: ingress: postgresql: {from: ["public"], families: ["ipv4"]}`, []string{
			"ingress IPv4 udp/6432 from anyone",
		}},
		{"a service is all that it includes", `
			services: {web: includes: ["http", "tls"], tls: {includes: ["https", "http"], udp: [443]}}
			tiers: t: ingress: web: {from: ["public"], families: ["ipv4"]}`, []string{
			"ingress IPv4 tcp/80 from anyone",
			"ingress IPv4 tcp/443 from anyone",
			"ingress IPv4 udp/443 from anyone",
		}},
		{"a product of protocols, ports and peers", `
			tiers: t: ingress: x: {tcp: [8080, "9000-9009"], sctp: [3868], from: ["192.0.2.1", "198.51.100.2"]}`, []string{
			"ingress IPv4 tcp/8080 from 192.0.2.1/32",
			"ingress IPv4 tcp/8080 from 198.51.100.2/32",
			"ingress IPv4 tcp/9000-9009 from 192.0.2.1/32",
			"ingress IPv4 tcp/9000-9009 from 198.51.100.2/32",
			"ingress IPv4 sctp/3868 from 192.0.2.1/32",
			"ingress IPv4 sctp/3868 from 198.51.100.2/32",
		}},
		{"ICMP type 0 and code 0 are values", `
			tiers: t: ingress: x: {icmp4: [{type: 0}, {type: 3, code: 0}], icmp6: [{type: 1}], from: ["public"]}`, []string{
			"ingress IPv4 icmp/0 from anyone",
			"ingress IPv4 icmp/3:0 from anyone",
			"ingress IPv6 ipv6-icmp/1 from anyone",
		}},
		{"everyone but some, in each family, and whom nobody can be taken out of", `
			addresses: a: ["128.0.0.0/1", "8000::/2"]
			tiers: t: egress: ntp: {to: ["public", "self"], except: ["a", "0.0.0.0/2"]}`, []string{
			"egress IPv4 udp/123 to 64.0.0.0/2",
			"egress IPv6 udp/123 to ::/1",
			"egress IPv6 udp/123 to c000::/2",
			"egress IPv4 udp/123 to tier t",
			"egress IPv6 udp/123 to tier t",
		}},
		{"networks but some", `
			addresses: a: ["192.0.2.0/24", "2001:db8::/32"]
			tiers: t: ingress: ssh: {from: ["a", "self", "198.51.100.7"], except: ["192.0.2.128/26", "2001:db8:8000::/33"]}`, []string{
			"ingress IPv4 tcp/22 from 192.0.2.0/25",
			"ingress IPv4 tcp/22 from 192.0.2.192/26",
			"ingress IPv4 tcp/22 from 198.51.100.7/32",
			"ingress IPv6 tcp/22 from 2001:db8::/33",
			"ingress IPv4 tcp/22 from tier t",
			"ingress IPv6 tcp/22 from tier t",
		}},
		{"protocols without ports, and any", `
			groups: g: name: "theirs"
			addressGroups: ag: id: "0b0e"
			tiers: t: {
				ingress: x: {protocols: ["esp", 51], from: ["g"], families: ["ipv4"]}
				egress: any: {to: ["ag"], families: ["ipv6"]}
			}`, []string{
			"ingress IPv4 esp from group g",
			"ingress IPv4 ah from group g",
			"egress IPv6 any to address group ag",
		}},
		{"1-65535 and whole protocols are all ports", `
			tiers: t: ingress: {
				a: {tcp: ["1-65535"], from: ["192.0.2.1"]}
				b: {protocols: ["udp"], from: ["192.0.2.2"]}
			}`, []string{
			"ingress IPv4 tcp from 192.0.2.1/32",
			"ingress IPv4 udp from 192.0.2.2/32",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			set, err := Compile(load(t, c.policy), Options{Minimize: access.Off})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range set.Groups[0].Rules {
				if err := e.Check(); err != nil {
					t.Errorf("%v: %v", e.Rule, err)
				}
				got = append(got, e.String())
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

func TestExpiry(t *testing.T) {
	p := load(t, `tiers: t: ingress: {
		http: {from: ["public"], expires: "2027-01-31"}
		https: from: ["public"]
	}`)
	for day, want := range map[string]int{"": 4, "2027-01-31": 4, "2027-02-01": 2} {
		set, err := Compile(p, Options{AsOf: day, Minimize: access.Off})
		if err != nil {
			t.Fatal(err)
		}
		if got := len(set.Groups[0].Written); got != want {
			t.Errorf("as of %q: %d rules, want %d", day, got, want)
		}
		if got := len(set.Groups[0].Expired); got != 4-want {
			t.Errorf("as of %q: %d rules have expired, want %d", day, got, 4-want)
		}
	}
}

// TestOthers keeps what others may open apart from what the policy does, until its last day,
// and counts it.
func TestOthers(t *testing.T) {
	p := load(t, `
		addresses: office: ["192.0.2.0/24", "2001:db8::/32"]
		tiers: {
			t: {
				families: ["ipv4"]
				ingress: http: from: ["public"]
				others: {
					egress: "by hand": {service: "ntp", to: ["u"]}
					ingress: "by hand": {tcp: [8080, "80-90"], from: ["office"], expires: "2027-01-31"}
				}
			}
			u: {}
		}`)
	for day, want := range map[string][]string{
		"2027-01-31": {"ingress IPv4 tcp/80-90 from 192.0.2.0/24", "ingress IPv4 tcp/8080 from 192.0.2.0/24", "egress IPv4 udp/123 to tier u"},
		"2027-02-01": {"egress IPv4 udp/123 to tier u"},
	} {
		set, err := Compile(p, Options{AsOf: day, Minimize: access.Full})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range set.Groups[0].Others {
			if o := e.Origins[0]; o.Key != "by hand" || !strings.HasPrefix(o.Path, "tiers.t.others.") {
				t.Errorf("%+v", o)
			}
			got = append(got, e.String())
		}
		if !slices.Equal(got, want) || len(set.Groups[0].Rules) != 1 || set.Groups[0].Expired != nil {
			t.Errorf("as of %s: %v, beside %v", day, got, set.Groups[0].Rules)
		}
	}
	if _, err := Compile(p, Options{MaxRules: 7}); err == nil || !strings.Contains(err.Error(), "more than 7 rules here") {
		t.Errorf("others are not counted: %v", err)
	}
}

// TestExpired keeps what has expired in the group that it was of, written out and sorted,
// each with the rule that it comes from.
func TestExpired(t *testing.T) {
	p := load(t, `tiers: {
		t: ingress: {
			trial: {tcp: [444, 443], from: ["198.51.100.0/24", "192.0.2.0/24"], expires: "2027-01-31"}
			again: {tcp: [444], from: ["192.0.2.0/24"], expires: "2027-01-30"}
			stays: {tcp: [444], from: ["192.0.2.0/24"], expires: "2027-02-28"}
		}
		u: egress: dns: {to: ["2001:db8::/32"], expires: "2027-01-01"}
	}`)
	set, err := Compile(p, Options{AsOf: "2027-02-01", Minimize: access.Full})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range [][]string{{
		"ingress IPv4 tcp/443 from 192.0.2.0/24 trial 2027-01-31",
		"ingress IPv4 tcp/443 from 198.51.100.0/24 trial 2027-01-31",
		"ingress IPv4 tcp/444 from 192.0.2.0/24 again 2027-01-30",
		"ingress IPv4 tcp/444 from 192.0.2.0/24 trial 2027-01-31",
		"ingress IPv4 tcp/444 from 198.51.100.0/24 trial 2027-01-31",
	}, {
		"egress IPv6 tcp/53 to 2001:db8::/32 dns 2027-01-01",
		"egress IPv6 udp/53 to 2001:db8::/32 dns 2027-01-01",
	}} {
		var got []string
		for _, e := range set.Groups[i].Expired {
			if len(e.Origins) != 1 {
				t.Errorf("%v has %d origins", e, len(e.Origins))
			}
			got = append(got, e.String()+" "+e.Origins[0].Key+" "+e.Origins[0].Expires)
		}
		if !slices.Equal(got, want) {
			t.Errorf("tier %s:\n%s\nnot\n%s", set.Groups[i].Tier, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	if len(set.Groups[0].Rules) != 1 || set.Groups[1].Rules != nil {
		t.Errorf("what has expired is allowed: %v, %v", set.Groups[0].Rules, set.Groups[1].Rules)
	}
}

// TestDayAfter: when a rule expires its concrete rules go, and no other is replaced.
func TestDayAfter(t *testing.T) {
	p := load(t, `
		addresses: vendor: ["192.0.2.64/26"]
		tiers: t: ingress: {
			web: {tcp: [80, 443], from: ["public"]}
			trial: {tcp: [81, "440-450"], from: ["public"], expires: "2027-01-31"}
			half: {tcp: [8443], from: ["192.0.2.0/26"]}
			other: {tcp: [8443], from: ["vendor"], expires: "2027-02-28"}
			covered: {tcp: [443], from: ["vendor"], expires: "2027-01-31"}
		}`)
	on := func(day string) []rule.Rule {
		set, err := Compile(p, Options{AsOf: day, Minimize: access.Full})
		if err != nil {
			t.Fatal(err)
		}
		var rules []rule.Rule
		for _, e := range set.Groups[0].Rules {
			rules = append(rules, e.Rule)
		}
		return rules
	}
	before := on("2027-01-31")
	for day, want := range map[string]int{"2027-01-31": 10, "2027-02-01": 6, "2027-03-01": 5} {
		after := on(day)
		if len(after) != want {
			t.Errorf("as of %s: %d rules, want %d: %v", day, len(after), want, after)
		}
		for _, r := range after {
			if !slices.Contains(before, r) {
				t.Errorf("as of %s: %v is new", day, r)
			}
		}
	}
}

func TestProvenance(t *testing.T) {
	set, err := Compile(load(t, `tiers: t: ingress: {
		low: {tcp: ["100-149"], from: ["public"], families: ["ipv4"], owner: "x"}
		high: {tcp: ["150-199"], from: ["192.0.2.0/24", "public"], families: ["ipv4"]}
	}`), Options{Minimize: access.Full})
	if err != nil {
		t.Fatal(err)
	}
	g := set.Groups[0]
	if len(g.Written) != 3 || len(g.Rules) != 1 {
		t.Fatalf("%d written, %d rules", len(g.Written), len(g.Rules))
	}
	for _, e := range g.Written {
		if len(e.Origins) != 1 || e.Origins[0].Pos.Line == 0 || e.Origins[0].PeerPos.Line == 0 {
			t.Errorf("written %v has origins %v", e.Rule, e.Origins)
		}
	}
	if got, want := g.Rules[0].Description(), "high; low (owner x)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestTooManyRules(t *testing.T) {
	p := load(t, `
		import "list"
		tiers: t: ingress: {
			a: {tcp: list.Range(1000, 1100, 1), from: ["public"]}
			b: {udp: list.Range(2000, 2100, 1), from: ["public"]}
		}`)
	if _, err := Compile(p, Options{MaxRules: 400, Minimize: access.Off}); err != nil {
		t.Error(err)
	}
	_, err := Compile(p, Options{MaxRules: 399, Minimize: access.Off})
	var faults schema.Errors
	if !errors.As(err, &faults) || faults[0].Path != "tiers.t.ingress.b" {
		t.Errorf("%v", err)
	}
}

// TestTooManyExpired bounds what has expired as well, and by itself.
func TestTooManyExpired(t *testing.T) {
	p := load(t, `
		import "list"
		tiers: t: ingress: {
			a: {tcp: list.Range(1000, 1100, 1), from: ["public"]}
			b: {udp: list.Range(2000, 2050, 1), from: ["public"], expires: "2027-01-31"}
			c: {udp: list.Range(3000, 3060, 1), from: ["public"], expires: "2027-01-31"}
		}`)
	for _, c := range []struct {
		day     string
		most    int
		message string
	}{
		{"2027-01-31", 420, ""},
		{"2027-01-31", 419, "tiers.t.ingress.c: the policy expands to more than 419 rules here; name wider networks or port ranges, or raise --max-rules"},
		{"2027-02-01", 220, ""},
		{"2027-02-01", 219, "tiers.t.ingress.c: what has expired of the policy expands to more than 219 rules here; take it out, or raise --max-rules"},
		{"2027-02-01", 199, "tiers.t.ingress.a: the policy expands to more than 199 rules here; name wider networks or port ranges, or raise --max-rules"},
	} {
		_, err := Compile(p, Options{AsOf: c.day, MaxRules: c.most, Minimize: access.Off})
		var faults schema.Errors
		got := ""
		if errors.As(err, &faults) {
			got = faults[0].Path + ": " + faults[0].Message
		}
		if got != c.message {
			t.Errorf("as of %s, at most %d: %q, not %q", c.day, c.most, got, c.message)
		}
	}
}

func TestGroup(t *testing.T) {
	set, err := Compile(load(t, `
		tiers: {
			b: {group: "shop-b", description: "the b", stateful: false, tags: ["x", "y"]}
			a: {}
		}
		servers: s: {tiers: ["b", "a"], addresses: ["192.0.2.9"]}`), Options{Minimize: access.Full})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := set.Groups[0], set.Groups[1]; a.Name != "a" || !a.Stateful || b.Name != "shop-b" || b.Stateful ||
		b.Description != "the b" || !slices.Equal(b.Tags, []string{"x", "y"}) {
		t.Errorf("%+v", set.Groups)
	}
	if s := set.Servers[0]; s.Name != "s" || len(s.Tiers) != 2 || s.Addresses[0].String() != "192.0.2.9/32" {
		t.Errorf("%+v", s)
	}
	if set.Policy != "p" || set.Groups[0].Written != nil || set.Groups[0].Rules != nil {
		t.Errorf("%+v", set)
	}
}
