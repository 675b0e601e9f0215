package rule

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
)

func prefix(s string) Remote { return Prefix(netip.MustParsePrefix(s)) }

func TestCanonicalFormsAreEqual(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b any
	}{
		{"1-65535 is all ports", PortRange(1, 65535), AllPorts()},
		{"host bits are cleared", prefix("10.0.0.5/24"), prefix("10.0.0.0/24")},
		{"/0 is anyone", prefix("0.0.0.0/0"), Anyone()},
		{"::/0 is anyone", prefix("::/0"), Anyone()},
		{"/0 with host bits is anyone", prefix("192.0.2.1/0"), Anyone()},
	} {
		if c.a != c.b {
			t.Errorf("%s: %v != %v", c.name, c.a, c.b)
		}
	}
}

func TestDistinctMeaningsDiffer(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b any
	}{
		{"type 0 is not every type", ICMPType(0), AllPorts()},
		{"code 0 is not every code", ICMPTypeCode(3, 0), ICMPType(3)},
		{"a tier is not a foreign group", Tier("web"), ForeignGroup("web")},
		{"a foreign group is not an address group", ForeignGroup("web"), AddressGroup("web")},
		{"no ports is not all ports", NoPorts(), AllPorts()},
		{"1-65534 is not all ports", PortRange(1, 65534), AllPorts()},
	} {
		if c.a == c.b {
			t.Errorf("%s: both are %v", c.name, c.a)
		}
	}
}

func TestCheck(t *testing.T) {
	good := Rule{Ingress, IPv4, TCP, PortRange(22, 23), prefix("192.0.2.0/24")}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		want   string
		change func(*Rule)
	}{
		{"no direction", func(r *Rule) { r.Direction = 0 }},
		{"no family", func(r *Rule) { r.Family = 0 }},
		{"no family", func(r *Rule) { r.Family = 5 }},
		{"no protocol", func(r *Rule) { r.Protocol = 0 }},
		{"no protocol", func(r *Rule) { r.Protocol = 257 }},
		{"ipv6-icmp does not exist in IPv4", func(r *Rule) { r.Protocol, r.Ports = ICMPv6, AllPorts() }},
		{"icmp does not exist in IPv6", func(r *Rule) {
			r.Family, r.Protocol, r.Ports, r.Remote = IPv6, ICMP, AllPorts(), Anyone()
		}},
		{"no ports", func(r *Rule) { r.Ports = Ports{} }},
		{"tcp needs ports or all of them", func(r *Rule) { r.Ports = NoPorts() }},
		{"0-7 is not a range of ports", func(r *Rule) { r.Ports = PortRange(0, 7) }},
		{"9-8 is not a range of ports", func(r *Rule) { r.Ports = PortRange(9, 8) }},
		{"esp has no ports", func(r *Rule) { r.Protocol = 50 }},
		{"udplite has no ports", func(r *Rule) { r.Protocol = UDPLite }},
		{"any has no ports", func(r *Rule) { r.Protocol, r.Ports = AnyProtocol, AllPorts() }},
		{"tcp has no types", func(r *Rule) { r.Ports = ICMPType(8) }},
		{"no remote", func(r *Rule) { r.Remote = Remote{} }},
		{"2001:db8::/32 is not IPv4", func(r *Rule) { r.Remote = prefix("2001:db8::/32") }},
		{"a remote without a name", func(r *Rule) { r.Remote = Tier("") }},
	} {
		r := good
		c.change(&r)
		if err := r.Check(); err == nil || err.Error() != c.want {
			t.Errorf("%v: %v, want %s", r, err, c.want)
		}
	}
	if err := (Rule{}).Check(); err == nil {
		t.Error("the zero rule passes")
	}
}

func TestParseProtocol(t *testing.T) {
	for s, want := range map[string]Protocol{"tcp": 6, "6": 6, "ipv6-icmp": 58, "icmpv6": 58, "esp": 50, "51": 51, "vrrp": 112, "255": 255} {
		if got, err := ParseProtocol(s); err != nil || got != want {
			t.Errorf("ParseProtocol(%q) = %d, %v, want %d", s, got, err, want)
		}
	}
	for _, s := range []string{"", "any", "0", "256", "-1", "tpc", "hopopt", "ip", "99999999"} {
		if got, err := ParseProtocol(s); err == nil {
			t.Errorf("ParseProtocol(%q) = %v", s, got)
		}
	}
	for p := Protocol(1); p <= 255; p++ {
		if got, err := ParseProtocol(p.String()); err != nil || got != p {
			t.Errorf("protocol %d is written %q and read as %d, %v", p, p, got, err)
		}
	}
}

func TestCompareAgreesWithEquality(t *testing.T) {
	rules := []Rule{
		{Ingress, IPv4, ICMP, AllPorts(), Anyone()},
		{Ingress, IPv4, ICMP, ICMPType(0), Anyone()},
		{Ingress, IPv4, ICMP, ICMPTypeCode(0, 0), Anyone()},
		{Ingress, IPv4, TCP, PortRange(80, 80), Anyone()},
		{Ingress, IPv6, TCP, PortRange(80, 80), Anyone()},
		{Ingress, IPv4, TCP, PortRange(80, 80), prefix("10.0.0.0/8")},
		{Ingress, IPv4, TCP, PortRange(80, 80), prefix("10.0.0.0/9")},
		{Ingress, IPv4, TCP, PortRange(80, 80), Tier("app")},
		{Ingress, IPv4, TCP, PortRange(80, 80), ForeignGroup("app")},
		{Egress, IPv4, AnyProtocol, NoPorts(), Anyone()},
	}
	for _, a := range rules {
		for _, b := range rules {
			if (Compare(a, b) == 0) != (a == b) || Compare(a, b) != -Compare(b, a) {
				t.Errorf("Compare(%v, %v) = %d", a, b, Compare(a, b))
			}
		}
	}
	if !slices.IsSortedFunc(rules[3:5], Compare) || Compare(rules[0], rules[9]) >= 0 {
		t.Error("the families of one rule do not stand together, or egress stands before ingress")
	}
}

func TestRuleString(t *testing.T) {
	for want, r := range map[string]Rule{
		"ingress IPv4 tcp/22 from 192.0.2.0/24":      {Ingress, IPv4, TCP, PortRange(22, 22), prefix("192.0.2.0/24")},
		"egress IPv6 udp/8000-8100 to tier app":      {Egress, IPv6, UDP, PortRange(8000, 8100), Tier("app")},
		"ingress IPv4 icmp/3:4 from group legacy":    {Ingress, IPv4, ICMP, ICMPTypeCode(3, 4), ForeignGroup("legacy")},
		"ingress IPv6 ipv6-icmp/0 from anyone":       {Ingress, IPv6, ICMPv6, ICMPType(0), Anyone()},
		"ingress IPv4 esp from address group office": {Ingress, IPv4, 50, NoPorts(), AddressGroup("office")},
		"egress IPv4 any to anyone":                  {Egress, IPv4, AnyProtocol, NoPorts(), Anyone()},
		"ingress IPv4 sctp from anyone":              {Ingress, IPv4, SCTP, PortRange(1, 65535), Anyone()},
	} {
		if got := r.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestDescription(t *testing.T) {
	e := Entry{Origins: []Origin{
		{Key: "ssh", Description: "shell for admins", Owner: "netops", Ticket: "OPS-7", Expires: "2027-01-31"},
		{Key: "http"},
		{Key: "http", Pos: Pos{"elsewhere.cue", 9, 3}},
		{Key: "long", Description: strings.Repeat("ä", 220)},
		{Key: "short", Description: "z"},
	}}
	want := "http; shell for admins (owner netops, ticket OPS-7, until 2027-01-31); z"
	if got := e.Description(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := (Entry{Origins: e.Origins[3:4]}).Description(); got != strings.Repeat("ä", 220) {
		t.Errorf("255 characters are counted as bytes: %q", got)
	}
	owned := Entry{Origins: []Origin{{Key: "long", Description: strings.Repeat("o", 250), Owner: "netops"}}}
	if got := owned.Description(); got != strings.Repeat("o", 250) {
		t.Errorf("an owner that does not fit: %q", got)
	}
}

// TestParseDated reads what text writes, and takes nothing that may never end for what does.
func TestParseDated(t *testing.T) {
	for _, o := range []Origin{
		{Description: "ssh", Expires: "2027-01-31"},
		{Description: "shell (of admins)", Owner: "netops, night", Ticket: "OPS-7", Expires: "2027-01-31"},
		{Description: "a\nb", Ticket: "OPS-7", Expires: "2027-01-31"},
		{Description: "http (until 2027-01-30); ssh", Expires: "2027-01-31"},
	} {
		if got, ok := ParseDated(o.text()); !ok || got != o {
			t.Errorf("%q: %+v, %v", o.text(), got, ok)
		}
	}
	for _, text := range []string{
		"", "ssh", "ssh (ticket OPS-7)", "until 2027-01-31", "ssh until 2027-01-31",
		"http; ssh (until 2027-01-31)", "http (until 2027-02-01); ssh (until 2027-01-31)", "ssh (until 2027-01-31); telnet",
	} {
		if got, ok := ParseDated(text); ok {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

func TestCloudDescription(t *testing.T) {
	if got := (Group{Tier: "db"}).CloudDescription("shop"); got != "[sgc:shop/db]" {
		t.Error(got)
	}
	if got := (Group{Tier: "db", Description: "the databases"}).CloudDescription("shop"); got != "the databases [sgc:shop/db]" {
		t.Error(got)
	}
}
