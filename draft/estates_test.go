package draft

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"sgc.dev/sgc/schema"
)

var update = flag.Bool("update", false, "write the texts of the estates anew")

const estates = "../testdata/estates"

// TestEstates holds the texts for real estates: they are proven, they are what they were,
// and they are not much longer than what an engineer wrote.
func TestEstates(t *testing.T) {
	catalog := services(t)
	folders, err := os.ReadDir(estates)
	if err != nil {
		t.Fatal(err)
	}
	managed := map[string]bool{"capi": true, "magnum": true}
	seen := 0
	for _, folder := range folders {
		name := folder.Name()
		if !folder.IsDir() {
			continue
		}
		seen++
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(estates, name, "state.json"))
			if err != nil {
				t.Fatal(err)
			}
			o := Options{Name: name, Package: "imported", Managed: managed[name]}
			s := parse(t, data)
			got := importState(t, catalog, s, nil, o)
			if got.proof.Groups == 0 {
				t.Error("nothing is proven")
			}
			if next := importState(t, catalog, got.plan.After(s), nil, o); !bytes.Equal(next.text, got.text) {
				t.Errorf("adopted and imported:\n%s", difference(got.text, next.text))
			}
			file := filepath.Join(estates, name, "imported.cue")
			if *update {
				if err := os.WriteFile(file, got.text, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(want, got.text) {
				t.Errorf("the text has changed:\n%s", difference(want, got.text))
			}
			engineer := filepath.Join(estates, name, "engineer.cue")
			if _, err := os.Stat(engineer); err != nil {
				return
			}
			most, is := length(t, engineer), length(t, file)
			t.Logf("%d rules and sets, the engineer has %d", is, most)
			if 2*is > 3*most {
				t.Errorf("%d rules and sets, and the engineer has %d", is, most)
			}
		})
	}
	if seen < 7 {
		t.Errorf("%d estates", seen)
	}
}

// length is how many rules and address sets a policy has.
func length(t *testing.T, file string) int {
	t.Helper()
	policies, err := schema.Load(schema.Options{Inputs: []string{file}})
	if err != nil {
		t.Fatal(err)
	}
	n := len(policies[0].Addresses)
	for _, tier := range policies[0].Tiers {
		n += len(tier.Rules)
	}
	return n
}
