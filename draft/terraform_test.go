package draft

import (
	"slices"
	"strings"
	"testing"
)

// TestTerraform finds the groups and the addresses of a state, and of the state before a
// plan, in modules too.
func TestTerraform(t *testing.T) {
	const values = `{"root_module": {
		"resources": [
			{"address": "openstack_networking_secgroup_v2.web", "mode": "managed", "type": "openstack_networking_secgroup_v2", "name": "web", "values": {"id": "id-web"}},
			{"address": "openstack_networking_secgroup_rule_v2.r[0]", "mode": "managed", "type": "openstack_networking_secgroup_rule_v2", "name": "r", "index": 0, "values": {"id": "id-r0"}},
			{"address": "openstack_networking_secgroup_rule_v2.r[1]", "mode": "managed", "type": "openstack_networking_secgroup_rule_v2", "name": "r", "index": 1, "values": {"id": "id-r1"}},
			{"address": "data.openstack_networking_secgroup_v2.default", "mode": "data", "type": "openstack_networking_secgroup_v2", "name": "default", "values": {"id": "id-default"}},
			{"address": "openstack_compute_instance_v2.vm", "mode": "managed", "type": "openstack_compute_instance_v2", "name": "vm", "values": {"id": "id-vm"}}],
		"child_modules": [{"address": "module.db[\"a\"]", "resources": [
			{"address": "module.db[\"a\"].openstack_networking_secgroup_v2.db", "mode": "managed", "type": "openstack_networking_secgroup_v2", "name": "db", "values": {"id": "id-db"}}]}]}}`
	for _, text := range []string{
		`{"format_version": "1.0", "values": ` + values + `}`,
		`{"format_version": "1.2", "planned_values": {}, "prior_state": {"values": ` + values + `}}`,
	} {
		got, err := ParseTerraform([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if want := []string{"id-db", "id-web"}; !slices.Equal(got.Groups, want) {
			t.Errorf("%q, not %q", got.Groups, want)
		}
		want := []string{"module.db.openstack_networking_secgroup_v2.db", "openstack_networking_secgroup_rule_v2.r", "openstack_networking_secgroup_v2.web"}
		if !slices.Equal(got.Addresses, want) {
			t.Errorf("%q, not %q", got.Addresses, want)
		}
		if removed := string(got.Removed()); strings.Count(removed, "destroy = false") != 3 ||
			!strings.Contains(removed, "removed {\n  from = module.db.openstack_networking_secgroup_v2.db\n\n  lifecycle {\n    destroy = false\n  }\n}\n") {
			t.Errorf("%s", removed)
		}
	}
	for text, want := range map[string]string{
		``:   "not what terraform show -json prints",
		`{}`: "not what terraform show -json prints of a state",
		`{"format_version": "1.0", "values": {"root_module": {}}}`: "it owns no security group",
	} {
		if _, err := ParseTerraform([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, not %q", text, err, want)
		}
	}
}
