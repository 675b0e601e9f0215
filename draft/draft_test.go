package draft

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/format"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/tools/trim"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/compiler"
	"sgc.dev/sgc/internal/rounds"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
	"sgc.dev/sgc/statefile"
)

// imported is all that comes of a state.
type imported struct {
	*Policy
	text  []byte
	set   *rule.Set
	plan  *plan.Plan
	proof Proof
}

func services(t testing.TB) []schema.Service {
	t.Helper()
	list, err := schema.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func importState(t testing.TB, catalog []schema.Service, s *rule.State, ports []rule.LivePort, o Options) imported {
	t.Helper()
	src := Source{
		State: s, Born: plan.Born(), Default: plan.UsualDefault(), Where: plan.Place{Project: s.Project}.String(), Catalog: catalog,
		Ports: ports, NoPorts: ports == nil, Servers: map[string]string{},
		Subnets: map[string]netip.Prefix{"s4": netip.MustParsePrefix("10.0.0.0/24"), "s6": netip.MustParsePrefix("2001:db8::/64")},
	}
	for _, name := range serverNames {
		src.Servers[name] = name
	}
	p := New(src, o)
	got := imported{Policy: p}
	var err error
	if got.text, err = p.Text(); err != nil {
		t.Fatal(err)
	}
	policies, err := schema.Load(schema.Options{Dir: t.TempDir(), Inputs: []string{"-"}, Stdin: bytes.NewReader(got.text)})
	if err != nil {
		t.Fatalf("%v\n%s", err, got.text)
	}
	if got.set, err = compiler.Compile(policies[0], compiler.Options{Minimize: access.Full}); err != nil {
		t.Fatal(err)
	}
	options, free := p.TakingOver(s)
	d := plan.FromSet(got.set)
	x, err := statefile.Project{}.Resolve(t.Context(), d, free)
	if err != nil {
		t.Fatalf("%v\n%s", err, got.text)
	}
	if got.plan, err = plan.Make(d, free, x, options); err != nil {
		t.Fatalf("%v\n%s", err, got.text)
	}
	if got.proof, err = p.Prove(got.set, got.plan); err != nil {
		t.Fatalf("%v\n%s", err, got.text)
	}
	return got
}

func parse(t testing.TB, data []byte) *rule.State {
	t.Helper()
	var list struct {
		Groups []map[string]any `json:"security_groups"`
	}
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	// Neutron writes what a test says nothing of too.
	fill := func(object map[string]any, value any, keys ...string) {
		for _, key := range keys {
			if object[key] == nil {
				object[key] = value
			}
		}
	}
	for _, g := range list.Groups {
		fill(g, "", "name", "description")
		fill(g, []any{}, "security_group_rules")
		for _, r := range g["security_group_rules"].([]any) {
			fill(r.(map[string]any), nil, "protocol", "port_range_min", "port_range_max", "remote_ip_prefix", "remote_group_id")
		}
	}
	whole, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	var saved statefile.Files
	if err := saved.Add(whole); err != nil {
		t.Fatal(err)
	}
	s, _, err := saved.State()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestIdentity: import and compile are the identity on the packets that are allowed,
// whatever the groups look like, and nothing is lost. The order of groups and rules does
// not matter; nor do the marks and tags of those who have adopted what was imported.
func TestIdentity(t *testing.T) {
	catalog := services(t)
	for seed := range uint64(rounds.Of(15)) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			e := newEstate(seed, 1+int(seed%9), 3+int(seed%17))
			o := Options{Name: "mine", Package: "mine", Managed: seed%3 == 0, Owned: seed%4 == 0}
			if seed%5 == 0 {
				o.Except = []string{"web*"}
			}
			s := parse(t, e.json())
			got := importState(t, catalog, s, e.ports, o)
			if again := importState(t, catalog, parse(t, e.json()), e.ports, o); !bytes.Equal(again.text, got.text) {
				t.Errorf("in another order:\n%s", difference(got.text, again.text))
			}
			if formatted, err := format.Source(got.text); err != nil || !bytes.Equal(formatted, got.text) {
				t.Errorf("%v: formatted:\n%s", err, difference(got.text, formatted))
			}
			if seen := accounted(got.Sorting); seen != len(s.Groups) {
				t.Errorf("%d groups of %d", seen, len(s.Groups))
			}
			if strings.ContainsAny(string(got.text), "\a\u202e") {
				t.Errorf("hidden characters in\n%s", got.text)
			}
			_, free := got.TakingOver(s)
			after := got.plan.After(free)
			next := importState(t, catalog, after, e.ports, o)
			if got.owners != nil { // they are told how to take the groups over, and then it is done
				_, got.text, _ = bytes.Cut(got.text, []byte("\npackage "))
				_, next.text, _ = bytes.Cut(next.text, []byte("\npackage "))
			}
			if !bytes.Equal(next.text, got.text) {
				t.Errorf("adopted and imported:\n%s", difference(got.text, next.text))
			}
		})
	}
}

// difference is the lines in which two texts first differ.
func difference(want, got []byte) string {
	a, b := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	for i := range a {
		if i == len(b) || a[i] != b[i] {
			return fmt.Sprintf("line %d: %q, not %q in\n%s", i+1, b[min(i, len(b)-1)], a[i], want)
		}
	}
	return fmt.Sprintf("%d lines more", len(b)-len(a))
}

// TestTrim: cue trim finds nothing that a pattern says already.
func TestTrim(t *testing.T) {
	catalog := services(t)
	for seed := range uint64(rounds.Of(4)) {
		e := newEstate(1000+seed, 1+int(seed%7), 2+int(seed%9))
		got := importState(t, catalog, parse(t, e.json()), e.ports, Options{Name: "mine", Package: "mine"})
		file, err := parser.ParseFile("mine.cue", got.text, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		instance := build.NewContext().NewInstance("", nil)
		if err := instance.AddSyntax(file); err != nil {
			t.Fatal(err)
		}
		value := cuecontext.New().BuildInstance(instance)
		if err := trim.Files(instance.Files, value, &trim.Config{}); err != nil {
			t.Fatal(err)
		}
		trimmed, err := format.Node(file)
		if err != nil || !bytes.Equal(trimmed, got.text) {
			t.Errorf("%d: %v: %s", seed, err, difference(got.text, trimmed))
		}
	}
}

// TestMany is as much as a large project has.
func TestMany(t *testing.T) {
	catalog := services(t)
	for _, c := range []struct {
		seed          uint64
		groups, rules int
	}{{7, 300, 12}, {9, 1, 400}} {
		s := parse(t, newEstate(c.seed, c.groups, c.rules).json())
		got := importState(t, catalog, s, nil, Options{Name: "mine", Package: "mine", Managed: true, Owned: true})
		t.Logf("%d groups, %d rules, %d left", got.proof.Groups, got.proof.Rules, got.proof.Written)
	}
}

func accounted(s Sorting) int {
	n := len(s.Tiers) + len(s.Others)
	for _, out := range s.LeftOut {
		n += len(out.Groups)
	}
	if s.Untouched != nil {
		n++
	}
	return n
}

// TestProve refuses a policy that is not what lives, whichever way it differs.
func TestProve(t *testing.T) {
	catalog := services(t)
	s := parse(t, []byte(`{"security_groups": [
		{"id": "a", "project_id": "p", "name": "app", "security_group_rules": [
			{"id": "a1", "direction": "ingress", "ethertype": "IPv4", "protocol": "tcp", "port_range_min": 80, "port_range_max": 80, "remote_group_id": "b"},
			{"id": "a2", "direction": "egress", "ethertype": "IPv6"}]},
		{"id": "b", "project_id": "p", "name": "back", "stateful": false}]}`))
	for name, spoil := range map[string]func(*imported){
		"a rule too few":   func(i *imported) { i.set.Groups[0].Rules = i.set.Groups[0].Rules[1:] },
		"a rule too many":  func(i *imported) { i.set.Groups[0].Rules = append(i.set.Groups[0].Rules, rule.Entry{Rule: opens}) },
		"a tier too few":   func(i *imported) { i.set.Groups = i.set.Groups[1:] },
		"another group":    func(i *imported) { i.set.Groups[0].Name += "x" },
		"stateless":        func(i *imported) { i.set.Groups[0].Stateful = !i.set.Groups[0].Stateful },
		"the plan creates": func(i *imported) { i.plan.Groups[0].Action = plan.Create },
		"the plan removes": func(i *imported) { i.plan.Groups[0].Remove = i.plan.Groups[0].Stay[:1] },
		"the plan renames": func(i *imported) { i.plan.Groups[0].Fields = []plan.Field{{Name: "name", Old: "a", New: "b"}} },
		"the plan describes": func(i *imported) {
			i.plan.Groups[0].Fields = []plan.Field{{Name: "description", Old: "a", New: "b [sgc:mine/app]"}}
		},
		"the plan rewrites": func(i *imported) { i.plan.Groups[0].Create = i.set.Groups[0].Rules[:1] },
	} {
		got := importState(t, catalog, s, nil, Options{Name: "mine", Package: "mine", Managed: true})
		spoil(&got)
		var unproven Unproven
		if _, err := got.Prove(got.set, got.plan); !errors.As(err, &unproven) {
			t.Errorf("%s: %v", name, err)
		}
		if packet := "tier app treats a packet differently: "; strings.HasPrefix(name, "a rule") && !strings.Contains(fmt.Sprint(unproven), packet) {
			t.Errorf("%s: %v", name, unproven)
		}
	}
}

var opens = rule.Rule{Direction: rule.Ingress, Family: rule.IPv6, Protocol: rule.TCP, Ports: rule.PortRange(61234, 61234), Remote: rule.Anyone()}
