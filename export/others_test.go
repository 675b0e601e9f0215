package export

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/rule"
)

// TestLeftToOthers asks every shell of pairs of rules whether others may open the one where
// they may open the other, and compares it with what package access says.
func TestLeftToOthers(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 3))
	before, _, _ := strings.Cut(functions, "# --- begin")
	var b strings.Builder
	b.WriteString("nl='\n'\n" + before + "\n")
	keyed := func(e rule.Rule) string {
		return "key_of " + strings.Join(options(e, `"$web"`), " ")
	}
	b.WriteString("web=6c1d0b52-0001-4aaa-8000-000000000001\n")
	var pairs [][2]rule.Rule
	inside := 0
	for len(pairs) < 200 {
		family := pick(r, rule.IPv4, rule.IPv6)
		may, has := randomRule(r, family), randomRule(r, pick(r, family, family, family, rule.IPv4))
		if covers := access.Covers(may, has); !covers && len(pairs)-inside >= 100 {
			continue
		} else if covers {
			inside++
		}
		pairs = append(pairs, [2]rule.Rule{may, has})
		fmt.Fprintf(&b, "%s\nmay=$key$nl\n%s\nleft_to_others \"$key\" && echo yes || echo no\n", keyed(may), keyed(has))
	}
	for _, shell := range shells(t) {
		answers := strings.Fields(sh(t, shell, b.String()))
		if len(answers) != len(pairs) {
			t.Fatalf("%s: %d answers to %d questions", shell, len(answers), len(pairs))
		}
		for i, pair := range pairs {
			if covers := access.Covers(pair[0], pair[1]); (answers[i] == "yes") != covers {
				t.Errorf("%s: others may open %s, and %s is said to be theirs: %s", shell, pair[0], pair[1], answers[i])
			}
		}
	}
}

func pick[E any](r *rand.Rand, list ...E) E { return list[r.IntN(len(list))] }

func randomRule(r *rand.Rand, family rule.Family) rule.Rule {
	icmp := rule.ICMP
	if family == rule.IPv6 {
		icmp = rule.ICMPv6
	}
	e := rule.Rule{Direction: pick(r, rule.Ingress, rule.Ingress, rule.Ingress, rule.Egress), Family: family, Protocol: pick(r, rule.TCP, rule.TCP, rule.UDP, icmp, icmp, rule.AnyProtocol)}
	e.Ports = e.Protocol.WholeProtocol()
	if lo := uint16(8 + r.IntN(4)); r.IntN(4) > 0 {
		switch e.Protocol {
		case rule.TCP, rule.UDP:
			e.Ports = rule.PortRange(lo, lo+uint16(r.IntN(93)))
		case icmp:
			e.Ports = pick(r, rule.ICMPType(uint8(lo)), rule.ICMPTypeCode(uint8(lo), uint8(r.IntN(2))))
		}
	}
	address := pick(r, "10.0.0.0", "10.64.3.7", "172.16.0.255", "192.0.2.129")
	if family == rule.IPv6 {
		address = pick(r, "::", "2001:db8::", "2001:db8:0:1::", "2001:db8::ab:0:0:12", "fe80::1:2", "2001:db8:ff:ee:dd:cc:bb:aa")
	}
	prefix, err := netip.MustParseAddr(address).Prefix(pick(r, 1, 3, 8, 10, 23, 30, 31, 32, family.Bits()-1, family.Bits(), family.Bits()/2))
	if err != nil {
		panic(err)
	}
	e.Remote = pick(r, rule.Anyone(), rule.Tier("web"), rule.Prefix(prefix), rule.Prefix(prefix), rule.Prefix(prefix))
	return e
}

// TestProtocols asks a shell for the names that the script knows of protocols.
func TestProtocols(t *testing.T) {
	before, _, _ := strings.Cut(functions, "# --- begin")
	var want []string
	for p := rule.Protocol(1); p < rule.AnyProtocol; p++ {
		if number := fmt.Sprint(uint16(p)); p.String() != number {
			want = append(want, number, p.String())
		}
	}
	if got := strings.TrimSpace(sh(t, shells(t)[0], before+"\nprintf '%s\\n' \"$protocols\"\n")); got != strings.Join(want, " ") {
		t.Errorf("%s\nnot %s", got, strings.Join(want, " "))
	}
}

// TestOthersWritten holds that each format says what others may open, and until when.
func TestOthersWritten(t *testing.T) {
	set := threeTier()
	until := entry(33, `tiers.app.others.ingress."node ports"`, "public", rule.Rule{
		Direction: rule.Ingress, Family: rule.IPv4, Protocol: rule.TCP, Ports: rule.PortRange(30000, 32767), Remote: rule.Anyone()})
	until.Origins[0].Key, until.Origins[0].Expires = "node ports", "2031-02-28"
	set.Groups[0].Others = []rule.Entry{until, entry(34, `tiers.app.others.ingress.x`, "db", rule.Rule{
		Direction: rule.Ingress, Family: rule.IPv6, Protocol: rule.ICMPv6, Ports: rule.ICMPType(128), Remote: rule.Tier("db")})}
	for format, want := range map[Format][]string{
		Sh: {
			"# policy.cue:33:3 tiers.app.others.ingress.\"node ports\"\nothers_may_until 2031-02-28 --ingress --ethertype=IPv4 --protocol=tcp --dst-port=30000:32767 --remote-ip=0.0.0.0/0\n",
			"\nothers_may --ingress --ethertype=IPv6 --protocol=ipv6-icmp --icmp-type=128 --remote-group=\"$tier_db\"\n#",
		},
		JSON:  {`"others": [`, `"to": 32767`, `"expires": "2031-02-28"`},
		YAML:  {"others:\n", "to: 32767\n", `2031-02-28`},
		Table: {"30000-32767", "others may open: node ports"},
	} {
		text := string(written(t, format, set))
		for _, part := range want {
			if !strings.Contains(text, part) {
				t.Errorf("%v lacks %q:\n%s", format, part, text)
			}
		}
	}
}
