package schema

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// compareEvaluated loads a policy as users do, and again with all of it
// evaluated, the slow way. What is read and what is said must be the same.
func compareEvaluated(t *testing.T, o Options) {
	t.Helper()
	var stdin []byte
	if o.Stdin != nil {
		var err error
		if stdin, err = io.ReadAll(o.Stdin); err != nil {
			t.Fatal(err)
		}
	}
	load := func(evaluateAll bool) ([]*Policy, error) {
		o.Stdin, o.evaluateAll = bytes.NewReader(stdin), evaluateAll
		return Load(o)
	}
	got, gotErr := load(false)
	want, wantErr := load(true)
	if fmt.Sprint(gotErr) != fmt.Sprint(wantErr) {
		t.Errorf("set aside:\n%v\nevaluated:\n%v", gotErr, wantErr)
	}
	if !reflect.DeepEqual(got, want) {
		var a, b strings.Builder
		for _, p := range got {
			dump(&a, p)
		}
		for _, p := range want {
			dump(&b, p)
		}
		t.Errorf("set aside:\n%s\nevaluated:\n%s", &a, &b)
	}
}

// asideOf counts what is set aside of a policy.
func asideOf(t *testing.T, dir string) int {
	t.Helper()
	found, err := inputs(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	l := &loader{dir: dir}
	inst, tree, err := l.syntax(found[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	aside, err := l.setAside(inst)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, members := range aside {
		n += len(members)
	}
	return n
}

func TestAside(t *testing.T) {
	const two = "tiers: {\n\ta: ingress: http: from: [\"public\"]\n\tb: egress: ntp: to: [\"a\"]\n}\n"
	for _, c := range []struct {
		name, source string
		want         int // members that are set aside
	}{
		{"plain", two, 2},
		{"all sections", two + `addresses: {x: ["192.0.2.0/24"], y: {cidrs: ["2001:db8::/32"], description: "why"}}
			services: s: {tcp: [1, "2-3"], icmp4: [{type: 0, code: 1}], protocols: ["esp", 51]}
			servers: v: tiers: ["a"]
			groups: g: name: "g0"
			addressGroups: h: id: "h0"
			assert: "a talks": always: {from: ["a"], to: ["public"], service: "http"}
			waive: SGC016: "because"`, 10},
		{"line by line", "tiers: a: ingress: http: from: [\"public\"]\ntiers: a: ingress: https: from: [\"public\"]\ntiers: a: stateful: false", 1},
		{"line by line, inside", "tiers: a: {ingress: http: from: [\"public\"], ingress: https: {from: [\"public\"], tcp: [1]}}", 1},
		{"a value twice", "tiers: a: description: \"x\"\ntiers: a: description: \"x\"", 0},
		{"two lists", "tiers: a: ingress: http: from: [\"public\"]\ntiers: a: ingress: http: from: [\"self\"]", 0},
		{"a pattern over all", two + "tiers: [string]: ingress: ping: from: [\"public\"]", 0},
		{"a pattern at the top", two + "[=~\"^t\"]: [string]: description: \"x\"", 0},
		{"an embedding", two + "tiers: {{c: description: \"x\"}}", 0},
		{"an embedding at the top", two + "{tiers: b: description: \"x\"}", 0},
		{"a conjunction", "_t: a: description: \"x\"\ntiers: {a: ingress: http: from: [\"public\"]} & _t", 0},
		{"a definition's demand", "#T: [string]: owner: \"x\"\ntiers: #T\n" + two, 0},
		{"a condition", two + "if true {tiers: a: description: \"x\"}", 0},
		{"a condition inside", two + "tiers: {if true {c: description: \"x\"}}", 0},
		{"a reference to the section", two + "servers: {for n, _ in tiers {(n): tiers: [n]}}", 0},
		{"a reference to a member", "tiers: {\n\ta: ingress: http: from: [\"public\"]\n\tb: a\n\tc: egress: ntp: to: [\"b\"]\n}", 1},
		{"a reference by way of an alias", "T=tiers: a: ingress: http: from: [\"public\"]\nservers: {for n, _ in T {(n): tiers: [n]}}", 0},
		{"a reference by way of let", two + "let T = tiers\nservers: {for n, _ in T {(n): tiers: [n]}}", 0},
		{"a name used for something else", two + "_x: {a: 1, c: a}", 1},
		{"a computed member beside", two + "tiers: {(\"c\"): description: \"x\"}", 0},
		{"hidden fields beside", two + "tiers: {_c: description: \"x\"}\n_d: 4", 2},
		{"an optional member", two + "tiers: c?: description: \"x\"", 0},
		{"an open struct", "tiers: {a: {}, ...}", 0},
		{"attributes", "tiers: a: {description: \"x\" @note(y)}\ntiers: b: {}", 1},
		{"an attribute of the section", two + "tiers: {} @note(y)", 0},
		{"an attribute at the top", two + "@note(y)", 0},
		{"texts", `tiers: a: description: "a \"b\" \\ \u0063"
			tiers: b: description: #"d \"#
			tiers: c: description: """
				one
				two
				"""
			tiers: d: description: "für"
			tiers: e: description: '''
				bytes
				'''`, 3},
		{"numbers", "services: {a: tcp: [80], b: tcp: [0x50], c: tcp: [1_0], d: tcp: [65536], e: tcp: [0], f: tcp: [1K], g: tcp: [-1], h: tcp: [80.0]}", 1},
		{"faults of the definitions", two + "tiers: c: ingres: http: from: [\"public\"]\ntiers: d: ingress: http: {}\ntiers: e: 4\ntiers: f: null\ntiers: g: ingress: http: from: \"public\"", 2},
		{"faults of the names", two + "tiers: c: ingress: {http: from: [\"nobody\"], nothing: from: [\"a\"]}\nservers: s: tiers: [\"z\"]\naddresses: a: [\"10.0.0.1/8\"]", 5},
		{"all at once", two + "tiers: c: ingress: {http: from: [\"nobody\"]}\ntiers: d: ingres: {}\ntires: {}", 3},
		{"empty lists", "tiers: a: ingress: http: from: []\naddresses: x: []", 2},
		{"no name", two, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			head := "package p\n\nname: \"p\"\n"
			if c.name == "no name" {
				head = "package p\n"
			}
			put(t, dir, "policy.cue", []byte(head+c.source+"\n"))
			compareEvaluated(t, Options{Dir: dir})
			if got := asideOf(t, dir); got != c.want {
				t.Errorf("%d members are set aside, want %d", got, c.want)
			}
		})
	}
}

// TestAsideOfData compares policies that are data, whole or in part.
func TestAsideOfData(t *testing.T) {
	dir := write(t, `-- a.yaml --
name: a
tiers:
  web:
    ingress:
      http: {from: [public], expires: "2027-01-31"}
      x: {tcp: [8080, 9000-9009], from: [self, 10.0.0.0/8]}
    stateful: false
  db: {egress: {ntp: {to: [public]}}}
-- wrong.yaml --
tiers:
  web:
    ingress:
      http: {from: public, expires: 2027-01-31}
      x: {tcp: [0x50, 0o20, 1_000], from: [nobody]}
  db: {egres: {ntp: {to: [public]}}}
-- b.json --
{"tiers": {"web": {"ingress": {"http": {"from": ["public"]}}}, "db": {"ingress": {"x": {"tcp": [1e3], "from": ["\u0077eb"]}}}}, "name": "b"}
-- c.toml --
name = "c"
[tiers.web.ingress.http]
from = ["public"]
-- d/policy.cue --
package d

name: "d"
tiers: web: egress: ntp: to: ["app"]
-- more.json --
{"tiers": {"app": {"ingress": {"ntp": {"from": ["web"]}}}, "web": {"description": "front"}}}
`)
	for _, inputs := range []string{"a.yaml", "wrong.yaml", "b.json", "c.toml", "./d more.json", "./d", "a.yaml more.json"} {
		t.Run(inputs, func(t *testing.T) {
			compareEvaluated(t, Options{Dir: dir, Inputs: strings.Fields(inputs)})
		})
	}
}

// TestAsideInArchives compares on everything in testdata.
func TestAsideInArchives(t *testing.T) {
	for _, pattern := range []string{"testdata/policies/*.txtar", "testdata/faults/*.txtar"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatal(names, err)
		}
		for _, name := range names {
			t.Run(filepath.Base(name), func(t *testing.T) {
				compareEvaluated(t, unpack(t, name).options)
			})
		}
	}
}

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
		return some(8,
			"http: from: "+peers(),
			"x: *{tcp: [*81 | 82], from: "+peers()+"} | {udp: [83], from: "+peers()+"}",
			"ssh: {from: *"+peers()+" | [\"t1\"], *{owner: \"ops\"} | {ticket: \"T1\"}}",
			"ssh: {from: "+peers()+", owner: \"ops\"}",
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
		return some(22, "", "", "", "", "", "", "", "",
			"tiers: *{d1: ingress: http: from: [\"public\"]} | {d1: {}}\n",
			"tiers: [string]: *{tags: [\"one\"]} | {tags: [\"other\"]}\n",
			"*{tiers: d2: ingress: ssh: from: [\"self\"]} | {tiers: d3: {}}\n",
			"addresses: d4: *{cidrs: [\"203.0.113.0/24\"]} | [\"203.0.113.9\"]\n",
			"services: d5: *{tcp: [70], icmp4: [*{type: 11} | {type: 12}]} | {udp: [71]}\n",
			"groups: d6: *{name: \"d6\"} | {id: \"d6\"}\n",
			"tiers: t6: {}, servers: d7: *{tiers: [\"t6\"]} | {tiers: [\"t6\"], description: \"x\"}\n",
			"tiers: t6: {}, assert: d8: *{never: *{from: [\"public\"], to: [\"t6\"]} | {from: [], to: []}} | {}\n",
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
			"assert: a: never: {from: [\"public\"], to: [\"t1\"]}\n",
			"teirs: {}\n")
	}
	files := map[string]string{}
	for _, file := range []string{"a.cue", "b.cue"} {
		var s strings.Builder
		s.WriteString("package p\n\n")
		if file == "a.cue" {
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

func TestAsideOfRandomPolicies(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 71))
	rounds, good, aside, compared := 300, 0, 0, 0
	if testing.Short() {
		rounds = 60
	}
	for range rounds {
		dir := t.TempDir()
		files := randomPolicy(r)
		for name, text := range files {
			put(t, dir, name, []byte(text))
		}
		compareEvaluated(t, Options{Dir: dir})
		if compareTold(t, dir) {
			compared++
		}
		if _, err := Load(Options{Dir: dir}); err == nil {
			good++
		}
		aside += asideOf(t, dir)
		if t.Failed() {
			t.Fatalf("%s\n%s", files["a.cue"], files["b.cue"])
		}
	}
	if good < rounds/5 || compared != good || aside < rounds {
		t.Errorf("of %d policies %d were good, %d compared, and %d members set aside: that compares too little", rounds, good, compared, aside)
	}
}

// FuzzAside looks for CUE that means something else when its plain members are
// not evaluated.
func FuzzAside(f *testing.F) {
	r := rand.New(rand.NewPCG(3, 14))
	for range 8 {
		files := randomPolicy(r)
		f.Add([]byte(strings.TrimPrefix(files["a.cue"], "package p\n") + strings.TrimPrefix(files["b.cue"], "package p\n")))
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		dir := t.TempDir()
		put(t, dir, "policy.cue", append([]byte("package p\n"), source...))
		done := make(chan struct{})
		go func() {
			defer close(done)
			compareEvaluated(t, Options{Dir: dir, Limits: Limits{Nesting: 100, Values: 10_000}})
		}()
		select {
		case <-done:
		case <-time.After(5 * time.Second):
			t.Skip("more than can be evaluated in time")
		}
	})
}
