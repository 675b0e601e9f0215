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
	"time"

	"golang.org/x/sync/errgroup"

	"sgc.dev/sgc/rule"
)

// BenchmarkApply prints what sgc apply takes as a whole process, beside the best
// loop that knows its rules beforehand and does nothing but create them: a token,
// the group, and the rules in bulk, with the size of the bulks and the number of
// calls at once that this server likes best. Both go into empty projects, in turn.
// What apply calls beyond the loop, to know what it does, is timed alone beside them:
// its bound is 1.1 times the loop and these calls.
func BenchmarkApply(b *testing.B) {
	c := startCloud(b, bookworm(), "--costly-passwords")
	for _, n := range []int{100, 350} {
		b.Run(fmt.Sprintf("rules=%d", n), func(b *testing.B) {
			policy := closedPolicy(b, n)
			loop := bestLoop(b, c, n)
			var raw, applied, again, plan, destroy []float64
			var list, quota, tag, closing []float64
			for b.Loop() {
				a := c.tenant(b)
				c.quota(b, a, -1, -1)
				raw = append(raw, loop.run(b, a, n))
				closing = append(closing, a.timed(b, http.MethodGet, a.listPath(), nil))
				a = c.tenant(b)
				list = append(list, a.timed(b, http.MethodGet, a.listPath(), nil))
				quota = append(quota, a.timed(b, http.MethodGet, "/v2.0/quotas/"+a.projectID+"/details.json", nil))
				tag = append(tag, a.timed(b, http.MethodPut, "/v2.0/security-groups/"+a.group(b, "web", "").ID+"/tags",
					body{"tags": rule.OwnershipTags("bench", "web")}))
				a = c.tenant(b)
				c.quota(b, a, -1, -1)
				applied = append(applied, seconds(b, a.sgc(b, c, "apply", "--yes", policy)))
				if got := len(a.groups(b)[0].Rules); got != n {
					b.Fatalf("%d rules, not %d", got, n)
				}
				again = append(again, seconds(b, a.sgc(b, c, "apply", "--yes", policy)))
				plan = append(plan, seconds(b, a.sgc(b, c, "plan", policy)))
				destroy = append(destroy, seconds(b, a.sgc(b, c, "destroy", "--yes", policy)))
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(loop.chunk), "best-chunk")
			b.ReportMetric(float64(loop.parallel), "best-parallel")
			b.ReportMetric(median(raw), "loop-s")
			b.ReportMetric(median(applied), "apply-s")
			b.ReportMetric(median(applied)/median(raw), "times-the-loop")
			b.ReportMetric(median(list), "list-s")
			b.ReportMetric(median(quota), "quota-s")
			b.ReportMetric(median(tag), "tag-s")
			b.ReportMetric(median(closing), "closing-list-s")
			b.ReportMetric(median(applied)/(1.1*median(raw)+median(list)+median(quota)+median(tag)+median(closing)), "times-the-bound")
			b.ReportMetric(median(again), "again-s")
			b.ReportMetric(median(plan), "no-op-plan-s")
			b.ReportMetric(median(destroy), "destroy-s")
		})
	}
}

// BenchmarkApplyThreeTier prints how many times as fast sgc apply is as the same
// policy by hand.
func BenchmarkApplyThreeTier(b *testing.B) {
	c := startCloud(b, bookworm(), "--costly-passwords")
	policy, err := filepath.Abs("../policies/three-tier")
	if err != nil {
		b.Fatal(err)
	}
	var byHand, applied []float64
	for b.Loop() {
		a := c.tenant(b)
		byHand = append(byHand, seconds(b, a.manual(b)))
		want := a.groups(b)
		a = c.tenant(b)
		applied = append(applied, seconds(b, a.sgc(b, c, "apply", "--yes", policy)))
		requireRules(b, a.groups(b), rules(b, marked(want)))
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(byHand), "by-hand-s")
	b.ReportMetric(median(applied), "apply-s")
	b.ReportMetric(median(byHand)/median(applied), "times-as-fast")
}

// closedPolicy is a policy of one group with n rules, of which no two can merge
// and two are those that a group is born with.
func closedPolicy(b *testing.B, n int) string {
	var from []string
	for i := range n - 2 {
		from = append(from, fmt.Sprintf("%q", source(i)))
	}
	text := fmt.Sprintf(`package bench

name: "bench"
tiers: web: {
	egress: any: to: ["public"]
	ingress: https: from: [%s]
}
`, strings.Join(from, ", "))
	name := filepath.Join(b.TempDir(), "bench.cue")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	return name
}

// source is the i-th of addresses that no prefix joins.
func source(i int) string { return fmt.Sprintf("10.%d.%d.1", i/250, i%250) }

// A loop creates rules in bulks of one size, some at a time.
type loop struct{ chunk, parallel int }

// bestLoop tries the loops out, each on a project of its own.
func bestLoop(b *testing.B, c *cloud, n int) loop {
	best, shortest := loop{}, 0.0
	for _, chunk := range []int{10, 25, 50, 100} {
		for _, parallel := range []int{1, 2, 4} {
			l := loop{chunk, parallel}
			var times []float64
			for range 2 {
				a := c.tenant(b)
				c.quota(b, a, -1, -1)
				times = append(times, l.run(b, a, n))
			}
			b.Logf("%d rules, %d a call, %d calls at once: %.2f s", n, chunk, parallel, median(times))
			if shortest == 0 || median(times) < shortest {
				best, shortest = l, median(times)
			}
		}
	}
	return best
}

// run creates a group of n rules with the account and returns the seconds it took.
func (l loop) run(b *testing.B, a account, n int) float64 {
	start := time.Now()
	user, password, project := a.credentials()
	a, _ = login(b, a.keystone.url, user, password, project)
	var answer struct {
		Group liveGroup `json:"security_group"`
	}
	a.neutron.must(b, http.MethodPost, "/v2.0/security-groups", body{"security_group": body{"name": "web"}}, &answer)
	var rules []body
	for i := range n - 2 {
		rules = append(rules, body{
			"security_group_id": answer.Group.ID, "direction": "ingress", "ethertype": "IPv4",
			"protocol": "tcp", "port_range_min": 443, "port_range_max": 443, "remote_ip_prefix": source(i) + "/32",
		})
	}
	var calls errgroup.Group
	calls.SetLimit(l.parallel)
	for bulk := range slices.Chunk(rules, l.chunk) {
		calls.Go(func() error {
			_, err := a.neutron.call(http.MethodPost, "/v2.0/security-group-rules", body{"security_group_rules": bulk}, nil)
			return err
		})
	}
	if err := calls.Wait(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start).Seconds()
}

// listPath is the one call that reads the project.
func (a account) listPath() string { return "/v2.0/security-groups?project_id=" + a.projectID }

// timed is the seconds that a call takes by itself. What only a first call costs is in
// the loop: the check of the token, and the default group.
func (a account) timed(b *testing.B, method, path string, in any) float64 {
	b.Helper()
	a.neutron.must(b, http.MethodGet, "/v2.0/security-groups?limit=1", nil, nil)
	start := time.Now()
	a.neutron.must(b, method, path, in, nil)
	return time.Since(start).Seconds()
}

// credentials are those of a tenant, from its environment.
func (a account) credentials() (user, password, project string) {
	values := map[string]string{}
	for _, item := range a.env {
		name, value, _ := strings.Cut(item, "=")
		values[name] = value
	}
	return values["OS_USERNAME"], values["OS_PASSWORD"], values["OS_PROJECT_NAME"]
}
