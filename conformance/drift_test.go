//go:build conformance

package conformance

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sgc.dev/sgc/rule"
)

// testDrift has the openstack command add a rule and remove one in a group that was applied
// with a fingerprint: sgc says which, since when, and not later than when. What is in the policy
// and not applied yet is told apart, by the tag and without a state file.
func testDrift(t *testing.T, c *cloud) {
	a, dir := c.tenant(t), t.TempDir()
	policy, err := filepath.Abs("testdata/drift.cue")
	if err != nil {
		t.Fatal(err)
	}
	type change struct {
		Access string
		Rules  []struct{ ID, Created string }
	}
	type judged struct {
		Name, Verdict, Updated string
		More, Less             []change
	}
	look := func(code int, args ...string) (web, db judged) {
		t.Helper()
		o := a.exits(t, c, code, append([]string{"drift", "--format=json"}, args...)...)
		var report struct{ Policies []struct{ Groups []judged } }
		if err := json.Unmarshal([]byte(o.stdout), &report); err != nil || len(report.Policies) != 1 || len(report.Policies[0].Groups) != 2 {
			t.Fatalf("%v:\n%s", err, o.stdout)
		}
		groups := report.Policies[0].Groups
		return groups[1], groups[0]
	}
	fingerprints := func() (tags [][]string) {
		t.Helper()
		for _, g := range a.groups(t) {
			tags = append(tags, rule.Applied(g.Tags))
		}
		return tags
	}
	a.exits(t, c, 0, "apply", "--yes", "--fingerprints", policy)
	first := fingerprints()
	if web, db := look(0, policy); web.Verdict != "applied" || db.Verdict != "applied" {
		t.Errorf("after an apply: %+v, %+v", web, db)
	}

	time.Sleep(1100 * time.Millisecond) // Neutron's times are whole seconds
	start := time.Now().UTC().Truncate(time.Second).Format(time.RFC3339)
	byHand := filepath.Join(dir, "by-hand.sh")
	if err := os.WriteFile(byHand, []byte(`set -eu
openstack security group rule create --protocol tcp --dst-port 3389 --remote-ip 0.0.0.0/0 --ethertype IPv4 -f value -c id web >/dev/null
openstack security group rule list -f value -c ID -c Ethertype web | while read -r id ethertype; do
	if [ "$ethertype" = IPv6 ]; then openstack security group rule delete "$id"; fi
done
openstack security group set --tag mine db
`), 0o700); err != nil {
		t.Fatal(err)
	}
	a.apply(t, byHand)
	web, db := look(2, policy)
	if web.Verdict != "drifted" || len(web.More) != 1 || web.More[0].Access != "tcp/3389 IPv4 from anyone" || len(web.More[0].Rules) != 1 || web.More[0].Rules[0].Created < start ||
		len(web.Less) != 1 || web.Less[0].Access != "tcp/443 IPv6 from anyone" || web.Updated < web.More[0].Rules[0].Created || db.Verdict != "applied" {
		t.Errorf("since %s: %+v, %+v", start, web, db)
	}
	if web, db = look(2, "-t", "more=true", policy); web.Verdict != "drifted" || db.Verdict != "pending" {
		t.Errorf("and with more to apply: %+v, %+v", web, db)
	}

	// An apply keeps fingerprints right unasked, and other tags as they are.
	a.exits(t, c, 0, "apply", "--yes", "-t", "more=true", policy)
	if web, db = look(0, "-t", "more=true", policy); web.Verdict != "applied" || db.Verdict != "applied" {
		t.Errorf("after the next: %+v, %+v", web, db)
	}
	if web, db = look(0, policy); web.Verdict != "applied" || db.Verdict != "pending" || len(db.More) != 1 {
		t.Errorf("by the old policy: %+v, %+v", web, db)
	}
	last := fingerprints()
	if len(first[0]) != 1 || len(last[0]) != 1 || slices.Equal(first[0], last[0]) || !slices.Equal(first[1], last[1]) || len(last[1]) != 1 {
		t.Errorf("fingerprints %q, then %q", first, last)
	}
	if tags := a.groups(t)[0].Tags; !slices.Contains(tags, "gold") || !slices.Contains(tags, "mine") || len(tags) != 5 {
		t.Errorf("tags %q", tags)
	}
	requireFinished(t, a.groups(t), "drift")

	// Without tags it cannot be told.
	a.neutron.must(t, http.MethodDelete, "/v2.0/security-groups/"+a.groups(t)[0].ID+"/tags", nil, nil)
	if o := a.exits(t, c, 2, "drift", policy); !strings.Contains(o.stdout, "\ndb  differs  allows  tcp/22 IPv4 from 198.51.100.0/24  rule ") {
		t.Errorf("without tags:\n%s", o.stdout)
	}
	a.exits(t, c, 0, "destroy", "--yes", policy)
}
