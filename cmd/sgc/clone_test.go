package main

import (
	"slices"
	"testing"

	"sgc.dev/sgc/schema"
)

// TestClone reads every policy of the repository itself, as ./... does there.
func TestClone(t *testing.T) {
	policies, err := schema.Load(schema.Options{Dir: "../..", Inputs: []string{"./..."}})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range policies {
		names = append(names, p.Name)
	}
	if !slices.Contains(names, "three-tier") || !slices.Contains(names, "kubernetes") {
		t.Errorf("there are %q", names)
	}
}
