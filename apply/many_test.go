package apply_test

import (
	"fmt"
	"testing"
	"time"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/sandbox"
	"sgc.dev/sgc/sandbox/sandboxtest"
)

// TestManyGroups applies and destroys 400 tiers behind a front that refuses long lines,
// answers late and loses answers: no tier has two groups in the end.
func TestManyGroups(t *testing.T) {
	tiers := map[string][]int{}
	for n := range 400 {
		tiers[fmt.Sprintf("tier-%03d", n)] = []int{1 + n}
	}
	set := policy(tiers)
	for n := range set.Groups {
		if n%10 == 0 {
			set.Groups[n].Rules = append(set.Groups[n].Rules, entry(1000, rule.Tier(set.Groups[(n+7)%400].Tier)))
		}
	}
	c := sandboxtest.Open(t)
	c.SetRequestLine(8000)
	const groups, rules = "/v2.0/security-groups", "/v2.0/security-group-rules"
	for _, f := range []sandbox.Fault{
		{Method: "POST", Path: groups, Nth: 3, CutAfter: true},
		{Method: "POST", Path: groups, Nth: 9, Delay: 1200 * time.Millisecond}, // acts when its client has given up
		{Method: "POST", Path: groups, Nth: 30, CutBefore: true},
		{Method: "POST", Path: rules, Nth: 77, Delay: 1200 * time.Millisecond},
		{Method: "POST", Path: rules, Nth: 111, CutAfter: true},
		{Method: "DELETE", Path: rules + "/*", Nth: 222, CutAfter: true},
		{Method: "DELETE", Path: groups + "/*", Nth: 55, CutAfter: true},
		{Method: "DELETE", Path: groups + "/*", Nth: 99, Delay: 1200 * time.Millisecond},
	} {
		c.Inject(f)
	}
	patient := func(j apply.Job) {
		t.Helper()
		client, err := neutron.Connect(t.Context(), neutron.Options{Pause: 10 * time.Millisecond, Timeout: time.Second})
		if err != nil {
			t.Fatal(err)
		}
		a, err := agreed(t.Context(), client, j)
		if err == nil {
			err = apply.CarryOut(t.Context(), client, a, watcher{})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	patient(job(set))
	requireDone(t, c, set)
	patient(destruction(set))
	if left := c.Groups(c.Demo().ProjectID); len(left) > 1 {
		t.Errorf("%d groups are left", len(left)-1)
	}
	if pending := c.Pending(); len(pending) > 0 {
		t.Errorf("nothing came of %+v", pending)
	}
}
