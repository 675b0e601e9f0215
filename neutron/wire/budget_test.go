package wire

import (
	"strings"
	"testing"

	"sgc.dev/sgc/plan"
)

// TestBudget counts what is JSON, and not what stands in its strings.
func TestBudget(t *testing.T) {
	for text, want := range map[string]Budget{
		``:                               {},
		`{"a": [1, 2], "b": {}}`:         {objects: 2, values: 3},
		`[{},{},{}]`:                     {objects: 3, values: 3},
		`{"a": "{,[\"{,[\\", "b,": "]"}`: {objects: 1, values: 1},
	} {
		want.bytes = len(text)
		var whole, parts Budget
		if err := whole.Spend([]byte(text)); err != nil || whole != want {
			t.Errorf("%s: %+v, %v", text, whole, err)
		}
		for _, c := range []byte(text) {
			if err := parts.Spend([]byte{c}); err != nil {
				t.Errorf("%s: %v", text, err)
			}
		}
		if parts != want {
			t.Errorf("%s, a byte at a time: %+v", text, parts)
		}
	}
}

// TestMaxRules reads as many rules as plans may leave in a project, however long they are.
func TestMaxRules(t *testing.T) {
	const id = "5e000000-0000-4000-8000-00000000000a"
	text := `{"id": "` + id + `", "project_id": "` + id + `", "tenant_id": "` + id + `", "security_group_id": "` + id + `", "ethertype": "IPv6", "direction": "ingress", "protocol": "ipv6-icmp", ` +
		`"port_range_min": 65534, "port_range_max": 65535, "remote_ip_prefix": "2001:db8:2001:db8:2001:db8:2001:db8/128", "normalized_cidr": "2001:db8:2001:db8:2001:db8:2001:db8/128", ` +
		`"remote_address_group_id": null, "remote_group_id": null, "standard_attr_id": 12345678, "description": "` + strings.Repeat("x", 255) + `", "belongs_to_default_sg": false, ` +
		`"tags": [], "created_at": "2026-11-24T06:05:22Z", "updated_at": "2026-11-24T06:05:22Z", "revision_number": 0}, `
	var read Budget
	for range plan.MaxRules {
		if err := read.Spend([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
}
