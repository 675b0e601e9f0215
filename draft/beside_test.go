package draft

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/compiler"
	"sgc.dev/sgc/internal/rounds"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
	"sgc.dev/sgc/statefile"
)

// folder is a policy of one or two files.
func folder(t *testing.T, texts ...[]byte) (*schema.Policy, *rule.Set, error) {
	t.Helper()
	dir := t.TempDir()
	for i, text := range texts {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.cue", i)), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	policies, err := schema.Load(schema.Options{Dir: dir})
	if err != nil {
		return nil, nil, err
	}
	set, err := compiler.Compile(policies[0], compiler.Options{Minimize: access.Full})
	return policies[0], set, err
}

func adopting(t *testing.T, set *rule.Set, s *rule.State) *plan.Plan {
	t.Helper()
	d := plan.FromSet(set)
	x, err := statefile.Project{}.Resolve(t.Context(), d, s)
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.Make(d, s, x, plan.Options{Adopt: true})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// beside imports a state into a policy.
func beside(t *testing.T, text []byte, s *rule.State, o Options) (p *Policy, added []byte, whole *rule.Set) {
	t.Helper()
	policy, set, err := folder(t, text)
	if err != nil {
		t.Fatal(err)
	}
	src := Source{State: s, Born: plan.Born(), Default: plan.UsualDefault(), Where: "a test", Catalog: services(t),
		Beside: &Existing{Policy: policy, Set: set, Plan: adopting(t, set, s)}}
	p = New(src, o)
	bare, probe, err := folder(t, text, p.Probe())
	if err != nil {
		t.Fatal(err)
	}
	src.Beside.Bare, o.Unfit, o.Given = bare, p.Unfit(probe), p.Given(probe)
	p = New(src, o)
	if added, err = p.Text(); err != nil {
		t.Fatal(err)
	}
	if p.Empty() {
		if _, err := p.Prove(set, src.Beside.Plan); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		return p, added, set
	}
	if _, whole, err = folder(t, text, added); err != nil {
		t.Fatalf("%v\n%s\n%s", err, text, added)
	}
	if _, err := p.Prove(whole, adopting(t, whole, s)); err != nil {
		t.Fatalf("%v\n%s\n%s", err, text, added)
	}
	return p, added, whole
}

// TestBeside: whatever a cloud has that a policy has not comes beside the policy, exactly,
// and then nothing is new; what the cloud has no more is said.
func TestBeside(t *testing.T) {
	for seed := range uint64(rounds.Of(6)) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			e := newEstate(2000+seed, 2+int(seed%6), 4+int(seed%9))
			now := parse(t, e.json())
			r := rand.New(rand.NewPCG(seed, 5))
			before := &rule.State{Project: now.Project}
			for _, g := range now.Groups {
				if r.IntN(5) == 0 {
					continue
				}
				g.Rules = slices.DeleteFunc(slices.Clone(g.Rules), func(rule.LiveRule) bool { return r.IntN(3) == 0 })
				if seed%2 == 0 && r.IntN(3) == 0 { // and something that has gone since
					g.Rules = append(g.Rules, rule.LiveRule{ID: "gone", Rule: opens})
				}
				before.Groups = append(before.Groups, g)
			}
			// Two of a name would leave the policy's plan undecided.
			names := map[string]bool{}
			now.Groups = slices.DeleteFunc(now.Groups, func(g rule.LiveGroup) bool {
				again := names[g.Name]
				names[g.Name] = true
				return again
			})
			before.Groups = slices.DeleteFunc(before.Groups, func(g rule.LiveGroup) bool {
				return !slices.ContainsFunc(now.Groups, func(n rule.LiveGroup) bool { return n.ID == g.ID })
			})
			o := Options{Name: "mine", Package: "mine", Managed: true}
			old := importState(t, services(t), before, nil, o)
			p, added, whole := beside(t, old.text, now, o)
			gone := slices.ContainsFunc(before.Groups, func(g rule.LiveGroup) bool {
				at := slices.IndexFunc(old.Tiers, func(t *tier) bool { return t.live.ID == g.ID })
				return at >= 0 && slices.ContainsFunc(g.Rules, func(l rule.LiveRule) bool { return l.ID == "gone" }) && !allows(now, g.ID, opens)
			})
			if gone && p.Gone() == nil {
				t.Errorf("nothing has gone:\n%s", added)
			}
			if p.Empty() {
				return
			}
			all := New(Source{State: now, Catalog: services(t), Where: "a test",
				Beside: &Existing{Policy: mustLoad(t, old.text, added), Set: whole, Plan: adopting(t, whole, now)}}, o)
			if slices.ContainsFunc(all.Tiers, func(t *tier) bool { return t.known && len(t.statements) > 0 }) {
				t.Errorf("something is new still:\n%s\n%s", old.text, added)
			}
		})
	}
}

// allows says whether a group of the state allows all of a rule.
func allows(s *rule.State, id string, r rule.Rule) bool {
	var rules []rule.Rule
	for _, g := range s.Groups {
		if g.ID == id {
			for _, l := range g.Rules {
				rules = append(rules, l.Rule)
			}
		}
	}
	return access.Of(rules...).Contains(r)
}

func mustLoad(t *testing.T, texts ...[]byte) *schema.Policy {
	t.Helper()
	policy, _, err := folder(t, texts...)
	if err != nil {
		t.Fatal(err)
	}
	return policy
}

// TestBesideWords holds the text beside a policy: it takes the policy's names and leaves
// its keys alone.
func TestBesideWords(t *testing.T) {
	const policy = `package shop

name: "shop"
families: ["ipv4"]
addresses: office: ["192.0.2.0/26", "198.51.100.0/25"]
services: ssh: tcp: [2222]
services: agent: tcp: ["1514-1515"]
groups: legacy: name: "old"
tiers: [T=string]: group: "shop-\(T)"
tiers: web: ingress: {
	http: from: ["public"]
	agent: from: ["office"]
}
`
	state := parse(t, []byte(`{"security_groups": [
		{"id": "1", "project_id": "p", "name": "shop-web", "security_group_rules": [
			{"id": "a", "direction": "ingress", "ethertype": "IPv4", "protocol": "tcp", "port_range_min": 80, "port_range_max": 80, "remote_group_id": "3"},
			{"id": "b", "direction": "ingress", "ethertype": "IPv4", "protocol": "tcp", "port_range_min": 22, "port_range_max": 22, "remote_ip_prefix": "192.0.2.0/26"},
			{"id": "c", "direction": "ingress", "ethertype": "IPv4", "protocol": "tcp", "port_range_min": 22, "port_range_max": 22, "remote_ip_prefix": "198.51.100.0/25"},
			{"id": "d", "direction": "ingress", "ethertype": "IPv6", "protocol": "tcp", "port_range_min": 1514, "port_range_max": 1515, "remote_group_id": "3"},
			{"id": "e", "direction": "ingress", "ethertype": "IPv6", "protocol": "tcp", "port_range_min": 80, "port_range_max": 80},
			{"id": "f", "direction": "ingress", "ethertype": "IPv4", "protocol": "0"}]},
		{"id": "2", "project_id": "p", "name": "shop-db", "security_group_rules": [
			{"id": "g", "direction": "ingress", "ethertype": "IPv4", "protocol": "tcp", "port_range_min": 5432, "port_range_max": 5432, "remote_group_id": "1"}]},
		{"id": "3", "project_id": "p", "name": "old"}]}`))
	_, added, _ := beside(t, []byte(policy), state, Options{Name: "shop", Package: "shop", Except: []string{"old"}})
	const want = `// Imported from a test.
// What policy shop did not allow of 2 groups with 7 rules.
// In the policy, but no longer in the cloud (remove it, or the next apply brings it back):
//     tier web: anyone → web tcp/80, except from group legacy (IPv4)
//     tier web: 192.0.2.0/26 → web tcp/1514-1515 (IPv4)
//     tier web: 198.51.100.0/25 → web tcp/1514-1515 (IPv4)
// In the cloud, but not in the policy (the next apply closes it):
//     tier web: a policy cannot express this rule: f ingress IPv4 protocol 0
package shop

tiers: {
	db: ingress: postgresql: from: ["web"]
	web: ingress: {
		"tcp-22": {
			tcp: [22]
			from: ["office"]
		}
		"http-2": {
			service: "http"
			from: ["public"]
			families: ["ipv6"]
		}
		"agent-2": {
			service: "agent"
			from: ["legacy"]
			families: ["ipv6"]
		}
	}
}
`
	if string(added) != want {
		t.Errorf("%s", added)
	}
}

// TestProveBeside refuses what is not what the policy and the cloud allow together.
func TestProveBeside(t *testing.T) {
	const policy = "package p\nname: \"p\"\ntiers: web: ingress: http: from: [\"public\"]\n"
	state := parse(t, []byte(`{"security_groups": [{"id": "1", "project_id": "q", "name": "web", "security_group_rules": [
		{"id": "a", "direction": "ingress", "ethertype": "IPv4", "protocol": "tcp", "port_range_min": 22, "port_range_max": 22}]}]}`))
	for name, spoil := range map[string]func(*rule.Set, *plan.Plan){
		"too much": func(s *rule.Set, _ *plan.Plan) {
			s.Groups[0].Rules = append(s.Groups[0].Rules, rule.Entry{Rule: opens})
		},
		"too little": func(s *rule.Set, _ *plan.Plan) { s.Groups[0].Rules = s.Groups[0].Rules[1:] },
		"no tier":    func(s *rule.Set, _ *plan.Plan) { s.Groups = nil },
		"a removal":  func(_ *rule.Set, p *plan.Plan) { p.Groups[0].Remove = p.Groups[0].Stay },
		"a deletion": func(_ *rule.Set, p *plan.Plan) { p.Groups[0].Action = plan.Delete },
	} {
		p, _, whole := beside(t, []byte(policy), state, Options{Name: "p", Package: "p"})
		next := adopting(t, whole, state)
		spoil(whole, next)
		var unproven Unproven
		if _, err := p.Prove(whole, next); !errors.As(err, &unproven) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestProveBesideAll refuses an import that has not looked at each group of the policy.
func TestProveBesideAll(t *testing.T) {
	const policy = "package p\nname: \"p\"\nfamilies: [\"ipv4\"]\ntiers: web: ingress: http: from: [\"public\"]\n"
	state := parse(t, []byte(`{"security_groups": [{"id": "1", "project_id": "q", "name": "web", "security_group_rules": [
		{"id": "a", "direction": "ingress", "ethertype": "IPv4", "protocol": "tcp", "port_range_min": 80, "port_range_max": 80}]}]}`))
	p, _, set := beside(t, []byte(policy), state, Options{Name: "p", Package: "p"})
	p.Tiers = nil
	var unproven Unproven
	if _, err := p.Prove(set, p.existing.Plan); !errors.As(err, &unproven) {
		t.Error(err)
	}
}
