package draft

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/compiler"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// TestOwn: a policy that is applied and imported has the same tiers, and each of them the
// same ports and peers, names apart.
func TestOwn(t *testing.T) {
	catalog := services(t)
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
		t.Run(f.Name(), func(t *testing.T) {
			set, err := compiler.Compile(policies[0], compiler.Options{Minimize: access.Full})
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
			made, err := plan.Make(plan.FromSet(set), s, x, plan.Options{})
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
			got := importState(t, catalog, after, nil, Options{Name: set.Policy, Package: "own", Except: foreign(set)})
			if len(got.set.Groups) != len(set.Groups) {
				t.Fatalf("%d tiers, not %d", len(got.set.Groups), len(set.Groups))
			}
			for i, g := range set.Groups {
				is := got.set.Groups[i]
				if is.Tier != g.Tier || is.Name != g.Name || is.Stateful != g.Stateful || is.Description != g.Description || len(is.Rules) != len(g.Rules) {
					t.Errorf("%s: %s, %d rules, not %s, %d\n%s", g.Tier, is.Tier, len(is.Rules), g.Name, len(g.Rules), got.text)
				}
				for j, e := range g.Rules {
					r := is.Rules[j].Rule
					if k := e.Remote.Kind(); k == rule.RemoteGroup || k == rule.RemoteAddressGroup {
						r.Remote = e.Remote
					}
					if !slices.ContainsFunc(is.Rules, func(o rule.Entry) bool { return o.Rule == e.Rule }) && r != e.Rule {
						t.Errorf("%s: %v is missing", g.Tier, e.Rule)
					}
				}
			}
		})
	}
	if seen < 3 {
		t.Errorf("%d policies", seen)
	}
}

// foreign is the names of the groups that a policy does not own.
func foreign(set *rule.Set) []string {
	var names []string
	for _, e := range set.Foreign {
		names = append(names, e.Name+e.ID)
	}
	return names
}
