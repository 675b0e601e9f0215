package schema

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"sgc.dev/sgc/internal/rounds"
)

// randomPolicy is a package of several files whose tiers are written in many
// ways, some of them wrong.
func randomPolicy(r *rand.Rand) map[string]string {
	careful := r.IntN(2) == 0
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	// some is one of a list, of which the first few are right.
	some := func(right int, list ...string) string {
		if careful {
			list = list[:right]
		}
		return pick(list...)
	}
	peer := func() string {
		return some(7, `"public"`, `"self"`, `"office"`, `"192.0.2.7"`, `"2001:db8::/32"`, `_peer`, `"t\(1)"`, `"t0"`, `"t2"`, `"10.0.0.1/8"`, `"nobody"`, `4`)
	}
	peers := func() string {
		return some(3, "["+peer()+"]", "["+peer()+", "+peer()+"]", `["public"]`, peer(), "[]")
	}
	rule := func() string {
		return some(9,
			"http: from: "+peers(),
			"x: *{tcp: [*81 | 82], from: "+peers()+"} | {udp: [83], from: "+peers()+"}",
			"ssh: {from: *"+peers()+" | [\"t1\"], *{owner: \"ops\"} | {ticket: \"T1\"}}",
			"ssh: {from: "+peers()+", owner: \"ops\"}",
			"https: {from: [\"public\", "+peer()+"], except: "+some(3, "[\"203.0.113.9\"]", "[\"office\", \"2001:db8:f::/48\"]", "*[\"203.0.113.0/28\"] | []", "[\"self\"]", "[\"192.0.2.7\", \"public\"]")+"}",
			"x: {tcp: ["+some(4, "80", `"8000-8100"`, "0x50", "_port", "0", `"9-8"`)+"], from: "+peers()+"}",
			"y: {icmp4: [{type: "+some(2, "3", "8", "300")+pick("", ", code: 4")+"}], from: [\"public\"]}",
			"w: {from: "+peers()+", service: \"https\"}",
			"_common",
			"z: {protocols: ["+pick("51", `"esp"`, `"tcp"`, `"nothing"`)+"], from: "+peers()+pick("", ", families: [\"ipv4\"]")+"}",
			pick("htpt", "http")+": {from: "+peers()+", service: \"https\"}",
			"http: {}")
	}
	n := 0
	tier := func(name string) string {
		n++
		switch kind := r.IntN(10); {
		case kind == 0:
			return "tiers: " + name + ": {ingress: {" + rule() + "}, description: " + some(3, `"x"`, `"ü"`, `"a\nb"`, "4") + "}\n"
		case kind == 1:
			return "tiers: " + name + ": ingress: " + rule() + "\ntiers: " + name + ": egress: ntp: to: [\"public\"]\n"
		case kind == 2 && !careful:
			return "tiers: " + name + ": {" + pick("ingres", "egress", "stateful", "tags", "group") + ": " + pick("{}", "true", `["a"]`, `"grp"`) + "}\n"
		case kind == 3:
			return "tiers: {" + name + ": {}, " + some(1, fmt.Sprintf("u%d", n), "t5", name) + ": ingress: " + rule() + "}\n"
		case kind == 4 && !careful:
			return "tiers: {" + name + ": {ingress: {" + rule() + ", " + rule() + "}}}\n"
		case kind == 5:
			return "tiers: " + name + ": *{ingress: " + rule() + "} | {egress: ntp: to: [\"public\"]}\n"
		case kind == 6:
			return "tiers: " + name + ": {ingress: *{" + rule() + "} | {}, " + pick("*{stateful: false} | {stateful: true}", "_either", "let D = _either, D") + "}\n"
		}
		return "tiers: " + name + ": ingress: " + rule() + "\n"
	}
	extra := func() string {
		return some(30, "", "", "", "", "", "", "", "",
			"tiers: t7: ingress: d14: {tcp: [93 | \"x\"], from: [\"public\"], description: \"\\(tiers.t7.ingress.d14.tcp[0])\"}\n",
			"tiers: t7: {ingress: d15: {protocols: [*300 | 6], from: [\"self\"]}, tags: [\"\\(tiers.t7.ingress.d15.protocols[0])\"]}\n",
			"addresses: {d9: [\"office\", \"d10\"], d10: cidrs: *[\"192.0.2.0/28\", \"office\"] | []}\n",
			"services: {d11: {includes: [\"http\", \"d12\"], tcp: [90]}, d12: *{includes: [\"ssh\"]} | {tcp: [91]}}\ntiers: t6: ingress: d11: from: [\"public\"]\n",
			"addresses: d13: {cidrs: *[] | [\"192.0.2.1\"], mayBeEmpty: true}\ntiers: t6: ingress: d13: {tcp: [92], from: [\"d13\"]}\n",
			"tiers: *{d1: ingress: http: from: [\"public\"]} | {d1: {}}\n",
			"tiers: [string]: *{tags: [\"one\"]} | {tags: [\"other\"]}\n",
			"*{tiers: d2: ingress: ssh: from: [\"self\"]} | {tiers: d3: {}}\n",
			"addresses: d4: *{cidrs: [\"203.0.113.0/24\"]} | [\"203.0.113.9\"]\n",
			"services: d5: *{tcp: [70], icmp4: [*{type: 11} | {type: 12}]} | {udp: [71]}\n",
			"groups: d6: *{name: \"d6\"} | {id: \"d6\"}\n",
			"tiers: t6: {}, servers: d7: *{tiers: [\"t6\"]} | {tiers: [\"t6\"], description: \"x\"}\n",
			"tiers: t6: {}, assert: d8: *{never: *{from: [\"public\"], to: [\"t6\"]} | {from: [], to: []}} | {}\n",
			"tiers: t6: {}, assert: d8: never: {from: [\"public\"], to: [\"every tier\"], except: *[\"t6\"] | []}\n",
			"tiers: t6: {}, assert: d9: always: {from: [\"every tier\"], to: [\"t6\"], families: [*\"ipv4\" | \"ipv6\"]}\n",
			"networks: *[\"10.9.0.0/16\", *\"fd09::/48\" | \"fd08::/48\"] | [\"10.8.0.0/16\"]\n",
			"tiers: [string]: ingress: snmp: from: [\"t1\"]\n",
			"tiers: [!=\"t1\"]: ingress: ping: from: [\"t1\"]\n",
			"if len(\"a\") == 1 {tiers: t3: {}}\n",
			"servers: {for n, _ in tiers {(n): tiers: [n]}}\n",
			"tiers: t4: tiers.t1\n",
			"tiers: {t7: t8, t8: {}}\n",
			"let T = tiers\n_n: len(T)\n",
			"servers: s: tiers: [\"t1\", \"t2\"]\n",
			"services: x: tcp: [7]\n",
			"servers: office: tiers: \"t1\"\n",
			"addresses: t2: [\"192.0.2.1\"]\n",
			"waive: SGC004: \"known\"\n",
			"addresses: {d9: [\"office\", \"d10\"], d10: [\"d9\"]}\n",
			"services: {d11: includes: [\"d12\"], d12: includes: [\"d11\", \"htpt\"]}\n",
			"assert: a: never: {from: [\"public\"], to: [\"t1\"]}\n",
			"teirs: {}\n")
	}
	files := map[string]string{}
	for _, file := range []string{"a.cue", "b.cue"} {
		var s strings.Builder
		s.WriteString("package p\n\n")
		if file == "a.cue" {
			s.WriteString(pick("", "import \"sgc.dev/schema\"\n\nschema.#Policy\n"))
			s.WriteString("name: \"p\"\naddresses: office: [\"198.51.100.0/24\"]\n_peer: \"public\"\n_port: 22\n_common: https: from: [\"public\"]\n_either: *{description: \"one\"} | {description: \"other\"}\n")
		}
		for range 1 + r.IntN(3) {
			name := fmt.Sprintf("t%d", r.IntN(5))
			if careful && n > 0 { // lists of one rule do not merge
				name = fmt.Sprintf("v%d", n)
			} else if careful {
				name = "t1"
			}
			s.WriteString(tier(name))
		}
		s.WriteString(extra())
		files[file] = s.String()
	}
	return files
}

func TestRandomPolicies(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 71))
	n, good, compared := rounds.Of(200), 0, 0
	for range n {
		dir := t.TempDir()
		files := randomPolicy(r)
		for name, text := range files {
			put(t, dir, name, []byte(text))
		}
		if compareTold(t, Options{Dir: dir}) {
			compared++
		}
		if _, err := Load(Options{Dir: dir}); err == nil {
			good++
		}
		if t.Failed() {
			t.Fatalf("%s\n%s", files["a.cue"], files["b.cue"])
		}
	}
	if good < n/5 || compared != good {
		t.Errorf("of %d policies %d were good and %d compared: that compares too little", n, good, compared)
	}
}
