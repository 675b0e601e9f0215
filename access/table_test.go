package access

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

func network(s string) rule.Remote { return rule.Prefix(netip.MustParsePrefix(s)) }

func icmp4(ports rule.Ports, remote rule.Remote) rule.Rule {
	return rule.Rule{Direction: rule.Ingress, Family: rule.IPv4, Protocol: rule.ICMP, Ports: ports, Remote: remote}
}

// lines is entries as text, with the lines of their origins.
func lines(entries []rule.Entry) string {
	var all []string
	for _, e := range entries {
		var b strings.Builder
		b.WriteString(strings.TrimPrefix(e.Rule.String(), "ingress IPv4 ") + " <")
		for _, o := range e.Origins {
			b.WriteString(" " + o.Key)
		}
		all = append(all, b.String())
	}
	return strings.Join(all, "\n")
}

// keyed gives the rules the origins a, b, c and so on.
func keyed(rules ...rule.Rule) []rule.Entry {
	entries := entriesOf(rules)
	for i := range entries {
		entries[i].Origins[0].Key = string(rune('a' + i))
	}
	return entries
}

func TestMinimiseForms(t *testing.T) {
	anyone, office := rule.Anyone(), network("192.0.2.0/24")
	low, high := network("10.20.0.0/17"), network("10.20.128.0/17")
	for _, c := range []struct {
		name    string
		written []rule.Entry
		level   Level
		want    string
	}{
		{"exact duplicates", keyed(tcp4(81, 81, office), tcp4(80, 80, office), tcp4(81, 81, office)), Off, "tcp/80 from 192.0.2.0/24 < b\ntcp/81 from 192.0.2.0/24 < a c"},
		{"safe does not merge", keyed(tcp4(81, 81, office), tcp4(80, 80, office), tcp4(79, 80, anyone)), Safe, "tcp/79-80 from anyone < b c\ntcp/81 from 192.0.2.0/24 < a"},
		{"ports merge", keyed(tcp4(81, 85, office), tcp4(78, 80, office)), Full, "tcp/78-85 from 192.0.2.0/24 < a b"},
		{"halves merge", keyed(tcp4(443, 443, low), tcp4(443, 443, high)), Full, "tcp/443 from 10.20.0.0/16 < a b"},
		{"what is written stays", keyed(tcp4(80, 80, anyone), tcp4(80, 81, office)), Full, "tcp/80 from anyone < a\ntcp/80-81 from 192.0.2.0/24 < b"},
		{"nothing written twice", keyed(tcp4(80, 80, anyone), tcp4(81, 81, office)), Full, "tcp/80 from anyone < a\ntcp/81 from 192.0.2.0/24 < b"},
		{"anyone bridges a gap", keyed(tcp4(79, 79, office), tcp4(81, 81, office), tcp4(80, 80, anyone)), Full, "tcp/79-81 from 192.0.2.0/24 < a b c\ntcp/80 from anyone < c"},
		{"halves stand in", keyed(tcp4(70, 80, low), tcp4(75, 90, high), tcp4(78, 79, network("10.20.0.0/16"))), Full, "tcp/70-80 from 10.20.0.0/17 < a c\ntcp/75-90 from 10.20.128.0/17 < b c"},
		{"all addresses cover groups", keyed(tcp4(22, 22, network("0.0.0.0/1")), tcp4(22, 22, rule.Tier("app")), tcp4(22, 22, network("128.0.0.0/1"))), Full, "tcp/22 from anyone < a b c"},
		{"a network covers no group", keyed(tcp4(22, 22, network("10.0.0.0/8")), tcp4(22, 22, rule.Tier("app")), tcp4(22, 22, rule.ForeignGroup("app")), tcp4(22, 22, rule.AddressGroup("app"))), Full, "tcp/22 from 10.0.0.0/8 < a\ntcp/22 from tier app < b\ntcp/22 from group app < c\ntcp/22 from address group app < d"},
		{"all ports", keyed(tcp4(1, 900, office), tcp4(901, 65535, office)), Full, "tcp from 192.0.2.0/24 < a b"},
		{"all ports but the first", keyed(tcp4(2, 65535, office)), Full, "tcp/2-65535 from 192.0.2.0/24 < a"},
		{"types are no range", keyed(icmp4(rule.ICMPType(3), office), icmp4(rule.ICMPType(4), office), icmp4(rule.ICMPTypeCode(5, 0), office), icmp4(rule.ICMPTypeCode(5, 1), office)), Full, "icmp/3 from 192.0.2.0/24 < a\nicmp/4 from 192.0.2.0/24 < b\nicmp/5:0 from 192.0.2.0/24 < c\nicmp/5:1 from 192.0.2.0/24 < d"},
		{"services that meet do not widen the network", keyed(tcp4(80, 81, network("10.7.0.2/32")), tcp4(1, 65535, network("10.7.0.3/32"))), Full, "tcp from 10.7.0.3/32 < b\ntcp/80-81 from 10.7.0.2/32 < a"},
		{"nor over two steps", keyed(tcp4(80, 81, network("10.7.0.2/32")), tcp4(79, 90, network("10.7.0.3/32")), tcp4(70, 82, network("10.7.0.0/31"))), Full, "tcp/70-82 from 10.7.0.0/31 < c\ntcp/79-90 from 10.7.0.3/32 < b\ntcp/80-81 from 10.7.0.2/32 < a"},
		{"nothing", nil, Full, ""},
	} {
		if got := lines(Minimise(c.written, c.level)); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

func TestMinimiseMergesAllCodesAndTypes(t *testing.T) {
	var codes, types []rule.Rule
	for i := range 256 {
		codes = append(codes, icmp4(rule.ICMPTypeCode(11, uint8(i)), rule.Anyone()))
		types = append(types, icmp4(rule.ICMPType(uint8(i)), rule.Tier("web")))
	}
	for _, c := range []struct {
		rules []rule.Rule
		want  rule.Rule
	}{
		{codes, icmp4(rule.ICMPType(11), rule.Anyone())},
		{types, icmp4(rule.AllPorts(), rule.Tier("web"))},
	} {
		if got := Of(c.rules...).Rules(); !slices.Equal(got, []rule.Rule{c.want}) {
			t.Errorf("all are %v, not %s", got, c.want)
		}
		if got := Of(c.rules[:255]...).Rules(); len(got) != 255 || Of(c.rules[:255]...).Contains(c.want) {
			t.Errorf("255 of 256 are %d rules", len(got))
		}
	}
}

func TestNoUnionOfProtocolsIsAny(t *testing.T) {
	var rules []rule.Rule
	anyOf := tcp4(1, 1, rule.Anyone())
	anyOf.Protocol, anyOf.Ports = rule.AnyProtocol, rule.NoPorts()
	for p := rule.Protocol(1); p < rule.AnyProtocol; p++ {
		if p.In(rule.IPv4) {
			rules = append(rules, rule.Rule{Direction: rule.Egress, Family: rule.IPv4, Protocol: p, Ports: p.WholeProtocol(), Remote: rule.Anyone()})
		}
	}
	anyOf.Direction = rule.Egress
	if got := Of(rules...).Rules(); len(got) != len(rules) || Of(rules...).Contains(anyOf) {
		t.Errorf("%d protocols became %d rules", len(rules), len(got))
	}
	if got := Of(append(rules, anyOf)...).Rules(); len(got) != 1 || got[0] != anyOf {
		t.Errorf("any covers less than any: %v", got)
	}
}

func TestMinimiseShapes(t *testing.T) {
	for _, shape := range shapes {
		rules := shape.draw(3000)
		once := Minimise(entriesOf(rules), Full)
		if !Of(rules...).Equal(Of(rulesIn(once)...)) {
			t.Errorf("%s: not the same packets", shape.name)
		}
		if twice := Minimise(once, Full); !slices.Equal(rulesIn(twice), rulesIn(once)) {
			t.Errorf("%s: twice is not once", shape.name)
		}
	}
}

// In a product of bridged rules and bridges, the origins stay within bounds and
// none is lost.
func TestOriginsAreBounded(t *testing.T) {
	const n = 300
	var rules []rule.Rule
	for i := range n {
		leaf := v4(0x0a000000+uint32(i)<<8, 32)
		rules = append(rules, tcp4(1000+i, 1000+i, rule.Anyone()), tcp4(900, 999, leaf), tcp4(1000+n, 2000, leaf))
	}
	lost := map[int]bool{}
	for i := range rules {
		lost[100+i] = true
	}
	got := Minimise(entriesOf(rules), Full)
	if len(got) != n+1 {
		t.Fatalf("%d rules, not one for anyone and one for each of %d", len(got), n)
	}
	for _, e := range got {
		if e.Remote != rule.Anyone() && len(e.Origins) != 2+spread {
			t.Fatalf("%s has %d origins", e.Rule, len(e.Origins))
		}
		for _, o := range e.Origins {
			delete(lost, o.Pos.Line)
		}
	}
	if len(lost) > 0 {
		t.Errorf("lost %d origins", len(lost))
	}
}

func TestLevels(t *testing.T) {
	for text, level := range map[string]Level{"off": Off, "safe": Safe, "full": Full} {
		if got, err := ParseLevel(text); got != level || err != nil || level.String() != text {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "Full", "Level(0)", "Level(4)"} {
		if got, err := ParseLevel(text); got != 0 || err == nil {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// Entries that came in are not written to.
func TestMinimiseLeavesItsInput(t *testing.T) {
	written := keyed(tcp4(81, 81, rule.Anyone()), tcp4(80, 80, rule.Anyone()))
	shared := append(written[0].Origins, written[1].Origins...)
	written[0].Origins = shared[:1]
	for _, level := range []Level{Off, Safe, Full} {
		for _, e := range Minimise(written, level) {
			_ = append(e.Origins, rule.Origin{Key: "x"})
		}
		if lines(written) != "tcp/81 from anyone < a\ntcp/80 from anyone < b" || shared[1].Key != "b" {
			t.Fatalf("%s: changed to %s", level, lines(written))
		}
	}
}
