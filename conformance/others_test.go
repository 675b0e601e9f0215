//go:build conformance

package conformance

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// testOthers has the openstack command open what the policy leaves to others, and more than
// that: the one stays, whatever sgc and the script do, and the other goes.
func testOthers(t *testing.T, c *cloud) {
	a, dir := c.tenant(t), t.TempDir()
	policy, err := filepath.Abs("testdata/others.cue")
	if err != nil {
		t.Fatal(err)
	}
	a.exits(t, c, 0, "apply", "--yes", policy)
	theirs := filepath.Join(dir, "theirs.sh")
	if err := os.WriteFile(theirs, []byte(`set -eu
rule() { openstack security group rule create --protocol tcp "$@" node >/dev/null; }
rule --dst-port 30080 --remote-ip 0.0.0.0/1
rule --dst-port 30081:30090 --remote-ip 2001:db8::/32 --ethertype IPv6
rule --dst-port 30080 --remote-ip 0.0.0.0/0
`), 0o700); err != nil {
		t.Fatal(err)
	}
	a.apply(t, theirs)
	plan := a.exits(t, c, 2, "plan", "--all", "--detailed-exitcode", policy).stdout
	if strings.Count(plan, ", left to others\n") != 2 || !strings.Contains(plan, "\n  - ingress IPv4 tcp/30080 from anyone ") || !strings.Contains(plan, "rules: 0 to create, 1 to remove\n") {
		t.Errorf("what is left to others, and what is not:\n%s", plan)
	}
	kept := []string{"ingress IPv4 tcp/22 from 198.51.100.0/24", "ingress IPv4 tcp/30080 from 0.0.0.0/1", "ingress IPv6 tcp/30081-30090 from 2001:db8::/32"}
	require := func(more ...string) {
		t.Helper()
		requireRules(t, a.groups(t), map[string][]string{"node": append(kept[:len(kept):len(kept)], more...)})
	}
	a.exits(t, c, 0, "apply", "--yes", "--snapshots", dir, policy)
	require()
	if again := a.exits(t, c, 0, "plan", "--detailed-exitcode", policy).stdout; !strings.Contains(again, "; left to others: 2 rules; --all lists them\n") {
		t.Errorf("nothing to do, and 2 rules left to others:\n%s", again)
	}

	// The way back makes again what has gone, and leaves what others have opened since.
	node := a.groups(t)[0].ID
	if _, err := a.rule(body{"security_group_id": node, "direction": "ingress", "protocol": "6",
		"port_range_min": 30000, "port_range_max": 32767, "remote_ip_prefix": "64.0.0.0/2"}); err != nil {
		t.Fatal(err)
	}
	kept = append(kept, "ingress IPv4 tcp/30000-32767 from 64.0.0.0/2")
	saved, err := filepath.Glob(dir + "/others-*.json")
	if err != nil || len(saved) != 1 {
		t.Fatalf("%q, %v", saved, err)
	}
	a.exits(t, c, 0, "restore", "--yes", saved[0])
	require("ingress IPv4 tcp/30080 from anyone")

	// A script completes a group that has no tags.
	a.neutron.must(t, http.MethodDelete, "/v2.0/security-groups/"+node+"/tags", nil, nil)
	a.apply(t, c.export(t, policy))
	require()
	requireFinished(t, a.groups(t), "others")
	a.exits(t, c, 0, "plan", "--detailed-exitcode", policy)
}
