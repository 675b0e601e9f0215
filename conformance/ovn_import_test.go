//go:build conformance

package conformance

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// proveImported imports groups that ports carry already, and puts the policy to the proof:
// its kinds of server are those of the ports, and OVN treats packets between these as it
// says. Nobody has adopted the groups.
func (o ovn) proveImported(t *testing.T, seed uint64, all *score) {
	dir := t.TempDir()
	made, imported := filepath.Join(dir, "made.cue"), filepath.Join(dir, "imported", "policy.cue")
	if err := os.WriteFile(made, []byte(randomPolicy(seed)), 0o600); err != nil {
		t.Fatal(err)
	}
	set := compiled(t, made)
	a := o.tenant(t)
	o.quota(t, a, -1, -1)
	sgc := func(args ...string) {
		t.Helper()
		a.exits(t, o.cloud, 0, args...)
	}
	sgc("apply", "--yes", made)
	n := a.network(t, set)
	lone := a.lone(t)
	sgc(append([]string{"release", "--yes", "-p", made}, tiersOf(t, made)...)...)
	for _, g := range a.groups(t) {
		if strings.Contains(g.Description, "[sgc:") {
			t.Fatalf("%s has a mark still", g.Name)
		}
	}
	sgc("import", "--name", "imported", "-o", imported)

	got := compiled(t, imported)
	kinds := map[string]string{} // by their tiers
	for _, s := range got.Servers {
		slices.Sort(s.Tiers)
		kinds[fmt.Sprint(s.Tiers)] = s.Name
		if alone := len(s.Addresses) > 0; alone != (s.Name == "lone") || alone && s.Addresses[0].String() != lone {
			t.Errorf("server %s is in %v", s.Name, s.Addresses)
		}
	}
	for _, p := range n.ports {
		slices.Sort(p.tiers)
		if p.server = kinds[fmt.Sprint(p.tiers)]; p.server == "" {
			t.Fatalf("no server carries %q: %v", p.tiers, kinds)
		}
		p.declared = false
	}
	sgc("import", "--check", imported)
	o.hold(t, a, n, imported, seed, all)
}

// lone is a server by itself in a network, whose addresses it returns.
func (a account) lone(t *testing.T) string {
	const addresses = "10.21.0.0/24"
	var net struct{ Network struct{ ID string } }
	a.neutron.must(t, http.MethodPost, "/v2.0/networks", body{"network": body{"name": "lone"}}, &net)
	t.Cleanup(func() { a.neutron.must(t, http.MethodDelete, "/v2.0/networks/"+net.Network.ID, nil, nil) })
	a.neutron.must(t, http.MethodPost, "/v2.0/subnets", body{"subnet": body{"network_id": net.Network.ID, "ip_version": 4, "cidr": addresses}}, nil)
	a.port(t, body{"network_id": net.Network.ID, "name": "lone-1", "security_groups": []string{a.group(t, "lone", "").ID}})
	return addresses
}

func tiersOf(t *testing.T, policy string) []string {
	var tiers []string
	for _, g := range compiled(t, policy).Groups {
		tiers = append(tiers, g.Tier)
	}
	return tiers
}
