package draft

import (
	"fmt"
	"strings"
	"testing"
)

// TestAdoptLine: of two groups of one name the text says how one becomes a tier, which then
// keeps its name.
func TestAdoptLine(t *testing.T) {
	for twice, want := range map[string]string{
		"shop-mail": "\ntiers: [T=string]: group: \"shop-\\(T)\" // all names begin so\n|" +
			"// One of them can be a tier: write it under tiers instead of groups: \"shop-mail\", so that rules name mail, and\n// take it over with\n//     sgc apply --adopt-group mail=3\n",
		"mail": "\n\t\"shop-web\": ingress:|" +
			"// One of them can be a tier: write it under tiers instead of groups: mail, and take it over with\n//     sgc apply --adopt-group mail=3\n",
	} {
		state := parse(t, fmt.Appendf(nil, `{"security_groups": [{"id": "1", "project_id": "p", "name": "shop-web", "security_group_rules": [
			{"id": "a", "direction": "ingress", "ethertype": "IPv4", "protocol": "tcp", "port_range_min": 25, "port_range_max": 25, "remote_group_id": "3"}]},
			{"id": "2", "project_id": "p", "name": "shop-db"}, {"id": "3", "project_id": "p", "name": %[1]q}, {"id": "4", "project_id": "p", "name": %[1]q}]}`, twice))
		got := importState(t, services(t), state, nil, Options{Name: "p", Package: "p"})
		for _, part := range strings.Split(want, "|") {
			if !strings.Contains(string(got.text), part) {
				t.Errorf("no %q in\n%s", part, got.text)
			}
		}
	}
}
