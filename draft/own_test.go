package draft

import (
	"cmp"
	"fmt"
	"maps"
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
)

// TestOwn: a policy that is applied and imported has the same tiers, and each of them the
// same ports and peers, names apart.
func TestOwn(t *testing.T) {
	folders, err := os.ReadDir("../policies")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, f := range folders {
		if !f.IsDir() {
			continue
		}
		policies, err := schema.Load(schema.Options{Inputs: []string{filepath.Join("../policies", f.Name())}})
		if err != nil {
			continue // it takes tags
		}
		seen++
		t.Run(f.Name(), func(t *testing.T) { testOwn(t, policies[0]) })
	}
	if seen < 3 {
		t.Errorf("%d policies", seen)
	}
	for seed := range uint64(rounds.Of(3)) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			s := parse(t, newEstate(3000+seed, 2+int(seed%6), 3+int(seed%9)).json())
			got := importState(t, services(t), s, nil, Options{Name: "mine", Package: "mine", Managed: true, Owned: true})
			testOwn(t, mustLoad(t, got.text))
		})
	}
}

func testOwn(t *testing.T, policy *schema.Policy) {
	set, err := compiler.Compile(policy, compiler.Options{Minimize: access.Full})
	if err != nil {
		t.Fatal(err)
	}
	s, x := &rule.State{Project: "p"}, plan.Externals{Groups: map[string]string{}, AddressGroups: map[string]string{}}
	for i, e := range set.Foreign {
		id := fmt.Sprint("foreign-", i)
		s.Groups = append(s.Groups, rule.LiveGroup{ID: id, Name: e.Name + e.ID, Stateful: true})
		x.Groups[e.Key] = id
	}
	for i, e := range set.AddressGroups {
		x.AddressGroups[e.Key] = fmt.Sprint("addresses-", i)
	}
	if slices.ContainsFunc(set.Groups, func(g rule.Group) bool { return g.Name == defaultGroup }) {
		s.Groups = append(s.Groups, rule.LiveGroup{ID: "d", Name: defaultGroup, Stateful: true}) // every project has it
	}
	made, err := plan.Make(plan.FromSet(set), s, x, plan.Options{Adopt: true})
	if err != nil {
		t.Fatal(err)
	}
	after := made.After(s)
	// What is made has ids.
	ids := map[string]string{}
	for i := range after.Groups {
		ids[after.Groups[i].ID] = fmt.Sprint("made-", i)
		after.Groups[i].ID = ids[after.Groups[i].ID]
	}
	for i := range after.Groups {
		for j := range after.Groups[i].Rules {
			l := &after.Groups[i].Rules[j]
			l.ID = fmt.Sprint("rule-", i, "-", j)
			if l.Rule.Remote.Kind() == rule.RemoteGroup {
				l.Rule.Remote = rule.ForeignGroup(ids[l.Rule.Remote.Name()])
			}
		}
	}
	got := importState(t, services(t), after, nil, Options{Name: set.Policy, Package: "own", Except: foreign(set)})
	if len(got.set.Groups) != len(set.Groups) {
		t.Fatalf("%d tiers, not %d", len(got.set.Groups), len(set.Groups))
	}
	is, want := inCloud(got.set, x, after), inCloud(set, x, after)
	for i, g := range set.Groups {
		o := got.set.Groups[i]
		if o.Tier != g.Tier || o.Name != g.Name || o.Stateful != g.Stateful || o.Description != g.Description {
			t.Errorf("%s: %s, not %s\n%s", g.Tier, o.Tier, o.Name, got.text)
		}
		if !maps.Equal(is[g.Tier], want[g.Tier]) {
			t.Errorf("%s: %v, not %v\n%s", g.Tier, is[g.Tier], want[g.Tier], got.text)
		}
	}
}

// inCloud is the rules of each tier, with others' groups as the cloud knows them.
func inCloud(set *rule.Set, x plan.Externals, s *rule.State) map[string]map[rule.Rule]bool {
	ids := map[rule.Remote]string{}
	for _, e := range set.Foreign {
		at := slices.IndexFunc(s.Groups, func(g rule.LiveGroup) bool { return g.Name == e.Name+e.ID })
		ids[rule.ForeignGroup(e.Key)] = s.Groups[at].ID
	}
	for _, e := range set.AddressGroups {
		ids[rule.AddressGroup(e.Key)] = cmp.Or(x.AddressGroups[e.Key], e.ID)
	}
	all := map[string]map[rule.Rule]bool{}
	for _, g := range set.Groups {
		all[g.Tier] = map[rule.Rule]bool{}
		for _, e := range g.Rules {
			r := e.Rule
			switch r.Remote.Kind() {
			case rule.RemoteGroup:
				r.Remote = rule.ForeignGroup(ids[r.Remote])
			case rule.RemoteAddressGroup:
				r.Remote = rule.AddressGroup(ids[r.Remote])
			}
			all[g.Tier][r] = true
		}
	}
	return all
}

// foreign is the names of the groups that a policy does not own.
func foreign(set *rule.Set) []string {
	var names []string
	for _, e := range set.Foreign {
		names = append(names, e.Name+e.ID)
	}
	return names
}
