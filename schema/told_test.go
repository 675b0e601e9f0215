package schema

import (
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cuelang.org/go/cue"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/source"
	"sgc.dev/sgc/schema/value"
)

// told is what CUE itself makes of a policy: the whole value, evaluated, as JSON.
// Nothing of how the loader reads has a part in it.
func told(t *testing.T, o Options) ([]byte, error) {
	t.Helper()
	l, found, err := source.Find(o, moduleFiles)
	if err != nil {
		return nil, err
	}
	p, err := l.LoadWhole(found[0])
	if err != nil {
		return nil, err
	}
	defer p.Close()
	if p.Err != nil {
		return nil, p.Err
	}
	context := value.NewContext()
	d, err := definitions()
	if err != nil {
		t.Fatal(err)
	}
	schema, err := d.In(context)
	if err != nil {
		t.Fatal(err)
	}
	whole := context.BuildInstance(p.Instance).Unify(schema.LookupPath(cue.ParsePath("#Policy")))
	if err := whole.Validate(cue.Concrete(true)); err != nil {
		return nil, err
	}
	return whole.MarshalJSON()
}

// compareTold compares what is read of a policy with what is read of the JSON
// that CUE makes of it, which has neither defaults nor references, patterns or
// conditions. It says whether there was a policy to compare.
func compareTold(t *testing.T, o Options) bool {
	t.Helper()
	got, gotErr := Load(o)
	data, err := told(t, o)
	if err != nil {
		if gotErr == nil {
			t.Errorf("it is read, and CUE says: %v", err)
		}
		return false
	}
	plain := t.TempDir()
	put(t, plain, "policy.json", data)
	want, wantErr := Load(Options{Dir: plain, Inputs: []string{"policy.json"}})
	if gotErr != nil || wantErr != nil {
		if (gotErr == nil) != (wantErr == nil) {
			t.Errorf("as written:\n%v\nas %s:\n%v", gotErr, data, wantErr)
		}
		return false
	}
	for _, p := range append(got, want...) {
		forget(reflect.ValueOf(p))
	}
	if !reflect.DeepEqual(got, want) {
		var a, b strings.Builder
		dump(&a, got[0])
		dump(&b, want[0])
		t.Errorf("as written:\n%s\nas %s:\n%s", &a, data, &b)
	}
	return true
}

// TestTold compares the examples, real estates' policies, and those of testdata.
func TestTold(t *testing.T) {
	var all []Options
	for _, pattern := range []string{"../policies/*/policy.cue", "../testdata/estates/*/*.cue"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		for _, file := range files {
			dir, err := filepath.Abs(filepath.Dir(file))
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, Options{Dir: dir, Inputs: []string{filepath.Base(file)}})
		}
	}
	archives, err := filepath.Glob("testdata/policies/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range archives {
		c := unpack(t, name)
		if policies, err := Load(c.options); err == nil && len(policies) == 1 && c.stdin == nil {
			all = append(all, c.options)
		}
	}
	for _, o := range all {
		if !compareTold(t, o) {
			t.Errorf("%s %q: there is no policy to compare", o.Dir, o.Inputs)
		}
	}
	if len(all) < 30 {
		t.Errorf("only %d are compared", len(all))
	}
}

// TestObservers: what an author's expressions can see of the definitions that he has
// embedded, they see.
func TestObservers(t *testing.T) {
	for _, text := range []string{
		`_t: tiers.db, tiers: db: {}, tiers: web: ingress: ssh: from: [if (_t & {bogus: 1}) != _|_ {"public"}, if (_t & {bogus: 1}) == _|_ {"10.0.0.0/8"}]`,
		`_t: tiers.db, tiers: db: {}, tiers: web: ingress: ssh: from: [if (_t & {stateful: "yes"}) != _|_ {"public"}, if (_t & {stateful: "yes"}) == _|_ {"10.0.0.0/8"}]`,
		`_t: tiers.db, tiers: db: {}, _probe: *{_t, bogus: 1, who: "public"} | {who: "10.0.0.0/8", bogus: 0}, tiers: web: ingress: ssh: from: [_probe.who]`,
		`_t: tiers.db, tiers: db: {}, _x: _t & {bogus: 1}, tiers: web: ingress: ssh: from: [if _x.bogus == 1 {"public"}]`,
		`_t: tiers.db, tiers: db: {}, _x: {_t, bogus: "public"}, tiers: web: ingress: ssh: from: [for k, v in _x if k == "bogus" {v}]`,
		`_t: tiers.db, tiers: db: {}, _x: or([_t & {bogus: "public"}, {bogus: "10.0.0.0/8"}]), tiers: web: ingress: ssh: from: [_x.bogus]`,
		`addresses: off: *{cidr: ["192.0.2.0/24"]} | {cidrs: ["10.0.0.0/8"]}, tiers: web: ingress: ssh: from: ["off"]`,
		`addresses: off: *{cidrs: ["192.0.2.0/24"]} | {cidrs: ["10.0.0.0/8"]}, tiers: web: ingress: ssh: from: ["off"]`,
		`tiers: web: ingress: ssh: *{frm: ["public"]} | {from: ["10.0.0.0/8"]}`,
		`tiers: web: ingress: x: {protocols: [*300 | 6], from: ["public"], description: "protocol \(tiers.web.ingress.x.protocols[0])"}`,
	} {
		dir := t.TempDir()
		put(t, dir, "policy.cue", []byte("package p\nimport \"sgc.dev/schema\"\nschema.#Policy\nname: \"p\"\n"+text+"\n"))
		o := Options{Dir: dir}
		if read := compareTold(t, o); t.Failed() {
			t.Fatalf("%s (read: %t)", text, read)
		}
	}
}

// forget drops what a policy has of how it was written: its package, positions, references, and
// what is likely to be a slip.
func forget(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			forget(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			forget(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); slices.Contains([]string{"Package", "Referenced", "LeftOut", "Indented", "Differences", "Conditionals"}, f.Name) || f.Type == reflect.TypeFor[rule.Pos]() {
				v.Field(i).SetZero()
			} else if f.IsExported() {
				forget(v.Field(i))
			}
		}
	}
}

// defaults are structs and lists that are one of several, with a default, at every
// level of a policy.
var defaults = map[string]string{
	"the whole":               "*{tiers: a: ingress: http: from: [\"public\"]} | {tiers: b: {}}",
	"a section":               "tiers: *{a: ingress: http: from: [\"public\"]} | {b: {}}",
	"a section beside":        "tiers: *{a: ingress: http: from: [\"public\"]} | {a: ingress: ssh: from: [\"self\"]}\ntiers: b: egress: ntp: to: [\"a\"]",
	"a tier":                  "_prod: {ingress: https: from: [\"public\"], egress: any: to: [\"public\"]}\n_test: ingress: https: from: [\"self\"]\ntiers: a: *_prod | _test",
	"a tier, written out":     "tiers: a: *{ingress: http: from: [\"public\"]} | {ingress: http: from: [\"self\"]}",
	"part of a tier":          "tiers: a: {ingress: http: from: [\"public\"]} & (*{families: [\"ipv4\"]} | {families: [\"ipv6\"]})",
	"in a tier":               "tiers: a: {ingress: http: from: [\"public\"], *{families: [\"ipv4\"]} | {families: [\"ipv6\"]}}",
	"of all tiers":            "tiers: [string]: *{ingress: ssh: from: [\"self\"]} | {ingress: ssh: from: [\"public\"]}\ntiers: a: ingress: http: from: [\"public\"]\ntiers: b: {}",
	"by let":                  "let D = *{ingress: http: from: [\"public\"]} | {ingress: http: from: [\"self\"]}\ntiers: {a: D, b: {}}",
	"the rules":               "tiers: a: ingress: *{http: from: [\"public\"], ssh: from: [\"self\"]} | {}",
	"a rule":                  "tiers: a: ingress: x: *{tcp: [22], from: [\"public\"]} | {tcp: [443], from: [\"self\"]}",
	"a rule's peers":          "tiers: a: ingress: http: from: *[\"public\", \"self\"] | [\"self\"]",
	"a peer":                  "tiers: a: ingress: http: from: [*\"public\" | \"self\", string | *\"192.0.2.1\"]",
	"ports":                   "tiers: a: ingress: x: {from: [\"self\"], tcp: *[1, *2 | 3] | [4]}",
	"an ICMP type":            "tiers: a: ingress: x: {from: [\"self\"], icmp4: [*{type: 3, code: 4} | {type: 8}, {type: *11 | 12}]}",
	"a service":               "services: x: *{tcp: [7]} | {udp: [7]}\ntiers: a: ingress: x: from: [\"self\"]",
	"an address set":          "addresses: x: *{cidrs: [\"192.0.2.0/24\"], description: \"x\"} | [\"198.51.100.0/24\"]\ntiers: a: ingress: http: from: [\"x\"]",
	"an address set, a list":  "addresses: x: *[\"192.0.2.0/24\"] | {cidrs: [\"198.51.100.0/24\"]}\ntiers: a: ingress: http: from: [\"x\"]",
	"an address set, by let":  "let D = *{cidrs: [\"192.0.2.0/24\"]} | {cidrs: [\"198.51.100.0/24\"]}\naddresses: x: D\ntiers: a: ingress: http: from: [\"x\"]",
	"networks":                "addresses: x: cidrs: *[\"192.0.2.0/24\"] | []\ntiers: a: ingress: http: from: [\"x\"]",
	"a server":                "tiers: a: {}\nservers: s: *{tiers: [\"a\"], addresses: [\"192.0.2.1\"]} | {tiers: []}",
	"a group":                 "groups: g: *{name: \"g0\"} | {id: \"g1\"}\naddressGroups: h: *{id: \"h1\"} | {name: \"h0\"}\ntiers: a: ingress: http: from: [\"g\", \"h\"]",
	"an assertion":            "tiers: a: {}\nassert: x: *{never: {from: [\"public\"], to: [\"a\"]}} | {always: {from: [\"public\"], to: [\"a\"]}}",
	"a flow":                  "tiers: a: {}\nassert: x: never: *{from: [\"public\"], to: [\"a\"], service: \"ssh\"} | {from: [\"a\"], to: [\"public\"]}",
	"an assertion's words":    "tiers: {a: {}, b: {}}\nassert: x: only: {from: [*\"every tier\" | \"a\"], to: [\"a\"], except: *[\"b\"] | [], families: *[\"ipv6\"] | [\"ipv4\"]}",
	"networks of servers":     "tiers: a: {}\nnetworks: *[\"10.0.0.0/16\", *\"fd00::/48\" | \"fd01::/48\"] | []",
	"waivers":                 "tiers: a: {ingress: http: from: [\"public\"], waive: *{SGC004: \"known\"} | {SGC005: \"x\"}}\nwaive: *{SGC016: \"y\"} | {}",
	"tags":                    "tiers: a: {tags: *[\"x\", *\"y\" | \"z\"] | [], stateful: *false | true, description: *\"one\" | \"two\"}",
	"one in another":          "tiers: a: *{ingress: *{http: *{from: *[\"public\"] | [\"self\"]} | {from: []}} | {}} | {egress: {}}",
	"one by another's choice": "_env: *\"prod\" | \"test\"\ntiers: a: [if _env == \"prod\" {*{ingress: http: from: [\"public\"]} | {}}, {}][0]",
	"one of one":              "tiers: a: *{ingress: http: from: [\"public\"]} | *{ingress: http: from: [\"public\"]}",
	"a definition":            "#T: *{ingress: http: from: [\"public\"]} | {ingress: ssh: from: [\"public\"]}\ntiers: a: #T\ntiers: b: #T & {ingress: ssh: _}",
}

func TestDefaults(t *testing.T) {
	for name, source := range defaults {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, dir, "policy.cue", []byte("package p\n\nname: \"p\"\n"+source+"\n"))
			if !compareTold(t, Options{Dir: dir}) {
				_, err := Load(Options{Dir: dir})
				t.Error("no policy: ", err)
			}
		})
	}
}

// TestNoDefault has structs that are one of several, and nothing says which.
func TestNoDefault(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{`tiers: a: {ingress: http: from: ["public"]} | {ingress: ssh: from: ["self"]}`, "4:8: tiers.a"},
		{`tiers: a: *{ingress: http: from: ["public"]} | *{ingress: ssh: from: ["self"]}`, "4:8: tiers.a"},
		{`tiers: {a: {}} | {b: {}}`, "4:1: tiers"},
		{`tiers: a: ingress: x: {tcp: [22], from: ["self"]} | {udp: [22], from: ["self"]}`, "4:20: tiers.a.ingress.x"},
		{`tiers: a: {}, servers: s: {tiers: ["a"]} | {tiers: ["a"], description: "x"}`, "4:24: servers.s"},
		{`addresses: x: ["192.0.2.1"] | {cidrs: ["192.0.2.2"]}`, "4:12: addresses.x"},
		{`services: x: {tcp: [1]} | {tcp: [2]}`, "4:11: services.x"},
		{`groups: x: {name: "x"} | {id: "x"}`, "4:9: groups.x"},
		{`tiers: a: {}, assert: b: {never: {from: ["a"], to: ["a"]}} | {only: {from: ["a"], to: ["a"]}}`, "4:23: assert.b"},
		{`tiers: a: ingress: x: {from: ["self"], icmp4: [{type: 3} | {type: 8}]}`, "4:40: tiers.a.ingress.x.icmp4.0"},
		{`{tiers: a: {}} | {tiers: b: {}}`, "1:1"},
	} {
		dir := t.TempDir()
		put(t, dir, "policy.cue", []byte("package p\n\nname: \"p\"\n"+c.source+"\n"))
		_, err := Load(Options{Dir: dir})
		want := "policy.cue:" + c.want + ": is one of several, and nothing says which: write one, or put * before the default"
		if err == nil || err.Error() != want {
			t.Errorf("%s:\ngot:  %v\nwant: %s", c.source, err, want)
		}
	}
}
