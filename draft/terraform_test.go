package draft

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestTerraform finds the groups of a state, and of the state before a plan, in modules
// too, and lets go of what is all in the policy.
func TestTerraform(t *testing.T) {
	const values = `{"root_module": {
		"resources": [
			{"mode": "managed", "type": "openstack_networking_secgroup_v2", "name": "web", "values": {"id": "id-web"}},
			{"mode": "managed", "type": "openstack_networking_secgroup_rule_v2", "name": "r", "index": 0, "values": {"id": "id-r0", "security_group_id": "id-web"}},
			{"mode": "managed", "type": "openstack_networking_secgroup_rule_v2", "name": "r", "index": 1, "values": {"id": "id-r1", "security_group_id": "id-old"}},
			{"mode": "managed", "type": "openstack_compute_secgroup_v2", "name": "old", "values": {"id": "id-old"}},
			{"mode": "managed", "type": "openstack_networking_secgroup_v2", "name": "each", "index": "a", "values": {"id": "id-web"}},
			{"mode": "managed", "type": "openstack_networking_secgroup_v2", "name": "each", "index": "b", "values": {"id": "id-else"}},
			{"mode": "data", "type": "openstack_networking_secgroup_v2", "name": "default", "values": {"id": "id-default"}},
			{"mode": "managed", "type": "openstack_compute_instance_v2", "name": "vm", "values": {"id": "id-vm"}}],
		"child_modules": [{"address": "module.db[\"a].b\\\"[\"]", "resources": [
			{"mode": "managed", "type": "openstack_networking_secgroup_v2", "name": "db", "values": {"id": "id-db"}}],
			"child_modules": [{"address": "module.db[\"a].b\\\"[\"].module.in-it[3]", "resources": [
				{"mode": "managed", "type": "openstack_networking_secgroup_rule_v2", "name": "r", "values": {"id": "id-r2", "security_group_id": "id-db"}}]}]}]}}`
	state := parse(t, []byte(`{"security_groups": [{"id": "id-web", "project_id": "p", "name": "web"}, {"id": "id-db", "project_id": "p", "name": "db"}, {"id": "id-old", "project_id": "p", "name": "old"}]}`))
	const want = `
# openstack_networking_secgroup_v2.each stays: group id-else is not in the project.
# Group web (id-web) is in the policy: Terraform and sgc would undo each other's changes to it.

removed {
  from = module.db.module.in-it.openstack_networking_secgroup_rule_v2.r

  lifecycle {
    destroy = false
  }
}

removed {
  from = module.db.openstack_networking_secgroup_v2.db

  lifecycle {
    destroy = false
  }
}

removed {
  from = openstack_compute_secgroup_v2.old

  lifecycle {
    destroy = false
  }
}

removed {
  from = openstack_networking_secgroup_rule_v2.r

  lifecycle {
    destroy = false
  }
}

removed {
  from = openstack_networking_secgroup_v2.web

  lifecycle {
    destroy = false
  }
}
`
	for _, text := range []string{
		`{"format_version": "1.0", "values": ` + values + `}`,
		`{"format_version": "1.2", "planned_values": {}, "prior_state": {"values": ` + values + `}}`,
	} {
		got, err := ParseTerraform([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if want := []string{"id-db", "id-else", "id-old", "id-web", "id-web"}; !slices.Equal(got.Groups, want) {
			t.Errorf("%q, not %q", got.Groups, want)
		}
		p := New(Source{State: state, Catalog: services(t), NoPorts: true}, Options{Name: "p", Package: "p"})
		if removed := string(got.Removed(p, state)); !strings.HasSuffix(removed, "is destroyed.\n"+want) {
			t.Errorf("%s", removed)
		}
	}
	resource := func(kind, name, values string) string {
		return fmt.Sprintf(`{"format_version": "1.0", "values": {"root_module": {"resources": [{"mode": "managed", "type": %q, "name": %q, "values": %s}]}}}`, kind, name, values)
	}
	for text, want := range map[string]string{
		``: "not the output of terraform show -json",
		`{"version": 4, "lineage": "l", "resources": []}`: "this is a state file, whose format only Terraform reads: write it with terraform show -json > shown.json",
		`resource "a" "b" {}`:                             "or empty: write it with terraform show -json",
		`{}`:                                              "not the output of terraform show -json",
		`{"format_version": "1.0", "values": {"root_module": {}}}`:             "Terraform owns no security group here",
		resource(tfGroup, "web", `{"id": "*"}`):                                `openstack_networking_secgroup_v2.web: the security group: "*" is no id`,
		resource(tfRule, "web", `{"id": "a"}`):                                 `openstack_networking_secgroup_rule_v2.web: the security group: "" is no id`,
		resource(tfGroup, "web } provisioner \"local-exec\" {", `{"id": "a"}`): "is not the address of a resource",
	} {
		if _, err := ParseTerraform([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, not %q", text, err, want)
		}
	}
}
