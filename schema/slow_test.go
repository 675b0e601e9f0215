package schema

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"
	"github.com/rogpeppe/go-internal/txtar"
)

// checkPlaces compares what places say of a policy's fields with CUE's own
// listing, the slow way, at every struct. No field may be missed: it would be
// dropped from the policy. It says whether there was a policy to compare.
func checkPlaces(t *testing.T, dir string) bool {
	t.Helper()
	found, err := inputs(dir, nil)
	if err != nil {
		return false
	}
	l := &loader{dir: dir, limits: Limits{Nesting: 100}}
	inst, tree, err := l.syntax(found[0], nil)
	if err != nil {
		return false
	}
	defer tree.Close()
	if inst.Err != nil {
		return false
	}
	context := cuecontext.New()
	schema, err := definitions(context)
	if err != nil {
		t.Fatal(err)
	}
	whole := context.BuildInstance(inst).Unify(schema.LookupPath(cue.ParsePath("#Policy")))
	if whole.Validate(cue.Concrete(true)) != nil {
		return false
	}
	var walk func(v cue.Value, p place, path string)
	walk = func(v cue.Value, p place, path string) {
		iter, err := v.Fields()
		if err != nil {
			return
		}
		names, ok := p.names()
		var listed []string
		for iter.Next() {
			name := iter.Selector().Unquoted()
			listed = append(listed, name)
			if ok && !slices.Contains(names, name) {
				t.Errorf("%s: the field %q is missed: there are only %q", path, name, names)
			}
			inner, _ := p.field(name)
			walk(iter.Value(), inner, extend(path, name))
		}
		if p.exact && len(listed) != len(names) {
			t.Errorf("%s: the fields are %q, not exactly %q", path, listed, names)
		}
	}
	walk(whole, placeOf(inst.Files), "")
	return true
}

func TestPlaces(t *testing.T) {
	for name, source := range map[string]string{
		"plain":                   `tiers: {a: {}, "b-c": ingress: http: from: ["public"]}, tiers: a: {}`,
		"pattern":                 "tiers: [string]: ingress: scrape: {tcp: [1], from: [\"self\"]}\ntiers: a: {}\ntiers: b: ingress: http: from: [\"a\"]",
		"pattern of patterns":     "tiers: [string]: ingress: [string]: owner: \"ops\"\ntiers: a: ingress: http: from: [\"public\"]",
		"pattern by reference":    "_t: ingress: http: from: [\"public\"]\ntiers: [string]: _t\ntiers: a: {}",
		"condition":               "tiers: a: {}\nif len(\"a\") == 1 {\n\ttiers: b: ingress: http: from: [\"a\"]\n\ttiers: a: egress: ntp: to: [\"public\"]\n}",
		"false condition":         "tiers: a: {}\nif len(\"a\") == 2 {\n\ttiers: b: {}\n\ttiers: a: egress: ntp: to: [\"public\"]\n}",
		"computed names":          "tiers: {for n in [\"a\", \"b\"] {(n): ingress: http: from: [\"public\"]}}\ntiers: a: egress: ntp: to: [\"public\"]",
		"interpolated names":      "tiers: \"a\\(1)\": ingress: http: from: [\"public\"]",
		"reference":               "_w: {http: from: [\"public\"], https: from: [\"public\"]}\ntiers: a: ingress: _w\ntiers: a: ingress: ssh: from: [\"public\"]",
		"embedded reference":      "_w: {owner: \"ops\", ticket: \"x\"}\ntiers: a: ingress: http: {_w, from: [\"public\"]}",
		"embedded literal":        "tiers: a: ingress: {{http: from: [\"public\"]}, {https: from: [\"public\"]}}",
		"conjunction":             "_w: owner: \"ops\"\ntiers: a: ingress: http: {from: [\"public\"]} & _w",
		"conjunction of literals": "tiers: a: ({ingress: http: from: [\"public\"]} & {description: \"x\"})",
		"default":                 "tiers: a: ingress: http: *{from: [\"public\"]} | {from: [\"self\"], owner: \"x\"}",
		"optional":                "tiers: a?: {description: \"never\"}\ntiers: b?: description: \"x\"\ntiers: b: {}",
		"hidden and definitions":  "tiers: a: {_x: 1, #y: 2, \"description\": \"x\", let z = 3, tags: [\"\\(z)\"]}",
		"other quotes":            "tiers: #\"a\"#: ingress: \"h\\u0074tp\": from: [\"public\"]",
		"alias":                   "tiers: X=a: {description: \"x\", tags: [X.description]}",
		"label alias":             "tiers: [N=string]: description: N\ntiers: a: {}",
		"dynamic beside":          "tiers: a: {ingress: (\"ht\" + \"tp\"): from: [\"public\"], ingress: ssh: from: [\"public\"]}",
		"comprehended fields":     "tiers: a: ingress: http: {from: [\"public\"], for k, v in {owner: \"x\", ticket: \"y\"} {(k): v}}",
		"fields in a condition":   "tiers: a: ingress: http: {from: [\"public\"], if true {owner: \"x\", if true {ticket: \"y\"}}}",
		"attribute":               "tiers: a: {description: \"x\" @note(y)} @note(z)",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, dir, "policy.cue", []byte("package p\n\nname: \"p\"\n"+source+"\n"))
			if !checkPlaces(t, dir) {
				t.Error("no policy")
			}
		})
	}
	archives, err := filepath.Glob("testdata/policies/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range archives {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		for _, f := range txtar.Parse(data).Files {
			put(t, dir, f.Name, f.Data)
		}
		checkPlaces(t, dir)
	}
}

// FuzzPlaces looks for CUE that makes fields which places miss.
func FuzzPlaces(f *testing.F) {
	for _, source := range []string{
		"tiers: [string]: ingress: scrape: {tcp: [1], from: [\"self\"]}\ntiers: a: {}",
		"if true {tiers: b: ingress: http: from: [\"public\"]}",
		"_w: {http: from: [\"public\"]}\ntiers: a: ingress: _w",
		"tiers: {for n in [\"a\"] {(n): {}}}",
		"tiers: a: {description: \"x\"} & {ingress: http: from: [\"public\"]}",
		"tiers: a: ingress: http: *{from: [\"public\"]} | {from: [\"self\"]}",
	} {
		f.Add([]byte(source))
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		dir := t.TempDir()
		put(t, dir, "policy.cue", append([]byte("package p\n\nname: \"p\"\n"), source...))
		done := make(chan struct{})
		go func() {
			defer close(done)
			checkPlaces(t, dir)
		}()
		select {
		case <-done:
		case <-time.After(5 * time.Second):
			t.Skip("more than can be evaluated in time")
		}
	})
}
