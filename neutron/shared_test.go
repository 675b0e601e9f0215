package neutron_test

import (
	"fmt"
	"strings"
	"testing"

	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/sandbox"
)

// TestSharedAddressGroup finds address groups that others share by their names, though Neutron
// says of none that it is shared, and none that an administrator alone sees.
func TestSharedAddressGroup(t *testing.T) {
	for _, admin := range []bool{false, true} {
		c := sandbox.New()
		s, err := c.Listen()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Close)
		us := c.Demo()
		if admin {
			us = c.AddAccount("boss", true)
		}
		other := c.AddAccount("other", false)
		ids := map[string]string{}
		for _, name := range []string{"shared", "hidden", "twice"} {
			ids[name] = c.AddAddressGroup(other, name, "192.0.2.0/24")
		}
		c.Share(ids["shared"], us.ProjectID)
		c.Share(ids["hidden"], "another")
		c.Share(ids["twice"], "*")
		c.Share(c.AddAddressGroup(other, "twice", "198.51.100.0/24"), us.ProjectID)
		t.Setenv("OS_CLOUD", "")
		for _, pair := range s.Env(us) {
			name, value, _ := strings.Cut(pair, "=")
			t.Setenv(name, value)
		}
		client, err := neutron.Connect(t.Context(), neutron.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{
			"shared": "",
			"hidden": `there is no address group called "hidden" in this project, nor shared with it; where it belongs to another project, give its id`,
			"twice":  `2 of this project's address groups are called "twice"`,
		} {
			x, err := client.Resolve(t.Context(), plan.Desired{AddressGroups: []rule.External{{Key: "k", Name: name}}}, &rule.State{})
			if want == "" && (err != nil || x.AddressGroups["k"] != ids[name]) || want != "" && !strings.Contains(fmt.Sprint(err), want) {
				t.Errorf("administrator %t, %s: %v, %v", admin, name, x.AddressGroups, err)
			}
		}
	}
}
