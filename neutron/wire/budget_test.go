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
		`{"a": [1, 2], "b": {}}`:         {objects: 2, values: 3, colons: 2},
		`[{},{},{}]`:                     {objects: 3, values: 3},
		`{"a": "{,[\"{,[\\", "b,": "]"}`: {objects: 1, values: 1, colons: 2},
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

// TestEmptyItems refuses lists of little but their commas, which take a thousand times their length
// once they are decoded, and not what clouds and their clients write.
func TestEmptyItems(t *testing.T) {
	for text, want := range map[string]error{
		`{"plans":[{"groups":[` + strings.Repeat("{},", 2000) + `{}]}]}`:                                          errVoid,
		`{"security_groups":[` + strings.Repeat("null,", 2000) + `null]}`:                                         errVoid,
		`[` + strings.Repeat(`"",`, 2000) + `""]`:                                                                 errVoid,
		`[` + strings.Repeat(`{"a":0},`, 3000) + `0]`:                                                             errVoid,
		`[` + strings.Repeat("null"+strings.Repeat(" ", 12)+",", mostObjects) + `null]`:                           errMany,
		`{"extensions":[` + strings.Repeat(`{"alias":"quotas"},`, 200_000) + `{}]}`:                               nil,
		`{"a":[` + strings.Repeat(`{"tags":[],"ids":["5e000000-0000-4000-8000-00000000000a"]},`, 50_000) + `{}]}`: nil,
	} {
		if err := new(Budget).Spend([]byte(text)); err != want {
			t.Errorf("%.60s…: %v", text, err)
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
