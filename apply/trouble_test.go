package apply_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/carryout"
	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/sandbox"
	"sgc.dev/sgc/sandbox/sandboxtest"
)

func shop() *rule.Set {
	return policy(map[string][]int{"app": odd(1, 60), "db": odd(101, 3), "web": odd(201, 2)})
}

// requireDone demands that nothing is left to do, and that each tier has one group.
func requireDone(t *testing.T, c *sandbox.Cloud, set *rule.Set) {
	t.Helper()
	client, err := neutron.Connect(t.Context(), neutron.Options{})
	if err != nil {
		t.Fatal(err)
	}
	a, err := agreed(t.Context(), client, job(set))
	if err != nil || !a.Agreed.Empty() {
		t.Errorf("something is left to do: %v, %+v", err, a.Agreed)
	}
	count := map[string]int{}
	for _, g := range c.Groups(c.Demo().ProjectID) {
		if policy, tier, ok := rule.ParseMark(g.Description); ok && policy == set.Policy {
			count[tier]++
		}
	}
	for _, g := range set.Groups {
		if count[g.Tier] != 1 {
			t.Errorf("tier %s has %d groups", g.Tier, count[g.Tier])
		}
	}
}

// TestInterrupted ends a run after each of its calls: no other begins, what is
// under way is done and counted, and the next run does what is left.
func TestInterrupted(t *testing.T) {
	c := sandboxtest.Open(t)
	mustApply(t, job(shop()))
	calls := len(c.Calls())
	for after := 4; after < calls; after++ { // after token, list and quota
		c := sandboxtest.Open(t)
		ctx, interrupt := context.WithCancel(t.Context())
		before := 0
		c.Observe(func(sandbox.Call) {
			if before++; before == after {
				interrupt()
			}
		})
		var last carryout.Event
		err := run(ctx, job(shop()), func(e carryout.Event) { last = e })
		c.Observe(nil)
		var unfinished *carryout.Unfinished
		if err == nil && after >= calls-3 && last.Done == last.Total { // it came too late: the last writes were under way, and a look is none
			requireDone(t, c, shop())
			continue
		}
		if !errors.As(err, &unfinished) || !errors.Is(err, context.Canceled) {
			t.Fatalf("after call %d: %v", after, err)
		}
		if more := len(c.Calls()) - after; more > 1 { // one that was under way beside it
			t.Errorf("after call %d came %d more", after, more)
		}
		if unfinished.Done != last.Done || len(unfinished.Left) == 0 || last.Done > 0 && last.Done+len(unfinished.Left) != last.Total {
			t.Errorf("after call %d: %d done, %d left, last told %+v", after, unfinished.Done, len(unfinished.Left), last)
		}
		mustApply(t, job(shop()))
		requireDone(t, c, shop())
	}
}

// TestInterruptedPause ends a run while it waits for a cloud that asked it to:
// the call is not made again.
func TestInterruptedPause(t *testing.T) {
	for _, path := range []string{"/v2.0/security-groups", "/v2.0/security-group-rules"} {
		for _, status := range []int{429, 503} {
			c := sandboxtest.Open(t)
			ctx, interrupt := context.WithCancel(t.Context())
			c.Inject(sandbox.Fault{Method: "POST", Path: path, Nth: 1, Status: status, RetryAfter: time.Hour})
			client, err := neutron.Connect(ctx, neutron.Options{Notice: func(string) { interrupt() }})
			if err != nil {
				t.Fatal(err)
			}
			a, err := agreed(ctx, client, job(shop()))
			if err != nil {
				t.Fatal(err)
			}
			err = apply.CarryOut(ctx, client, a, watcher{})
			count := 0
			for _, call := range c.Calls() {
				if call.Method == "POST" && call.Path == path && call.Status == status {
					count++
				}
			}
			if !errors.Is(err, context.Canceled) || count != 1 {
				t.Errorf("%d for POST %s: %d calls, %v", status, path, count, err)
			}
			mustApply(t, job(shop()))
			requireDone(t, c, shop())
		}
	}
}

// TestNotices says how long the client waits: as long as the cloud asks, else
// longer each time; and how often.
func TestNotices(t *testing.T) {
	for _, test := range []struct {
		fault sandbox.Fault
		want  []string // notices
		err   string
	}{
		{sandbox.Fault{Method: "POST", Path: "/v2.0/security-groups", Nth: 1, Status: 503, RetryAfter: time.Second},
			[]string{"the cloud: 503 Service Unavailable; trying again in 1s (attempt 2 of 6)"}, ""},
		{sandbox.Fault{Method: "POST", Path: "/v2.0/security-group-rules", Nth: 1, Status: 429, RetryAfter: time.Second},
			[]string{"the cloud: 429 Too Many Requests; trying again in 1s (attempt 2 of 6)"}, ""},
		{sandbox.Fault{Method: "POST", Path: "/v2.0/security-group-rules", Status: 500, Body: "no"},
			[]string{
				"the cloud: 500 Internal Server Error; trying again in 0s (attempt 2 of 3)",
				"the cloud: 500 Internal Server Error; trying again in 0s (attempt 3 of 3)",
			}, "cannot create rules in security group db: 500 Internal Server Error: no"},
		{sandbox.Fault{Method: "POST", Path: "/v2.0/security-groups", Status: 500, Body: "no"},
			[]string{
				"the cloud: 500 Internal Server Error; trying again in 0s (attempt 2 of 3)",
				"the cloud: 500 Internal Server Error; trying again in 0s (attempt 3 of 3)",
			}, "cannot create security groups: 500 Internal Server Error: no"},
	} {
		c := sandboxtest.Open(t)
		c.Inject(test.fault)
		var notices []string
		client, err := neutron.Connect(t.Context(), neutron.Options{Pause: time.Nanosecond, Notice: func(text string) { notices = append(notices, text) }})
		if err != nil {
			t.Fatal(err)
		}
		set := policy(map[string][]int{"db": {5432}})
		a, err := agreed(t.Context(), client, job(set))
		if err != nil {
			t.Fatal(err)
		}
		if err := apply.CarryOut(t.Context(), client, a, watcher{}); fmt.Sprint(err) != test.err && (err != nil || test.err != "") {
			t.Errorf("%+v: %v", test.fault, err)
		}
		if !slices.Equal(notices, test.want) {
			t.Errorf("%+v:\n%s", test.fault, strings.Join(notices, "\n"))
		}
	}
}

// TestOthersAtWork has somebody else change the project between two calls.
func TestOthersAtWork(t *testing.T) {
	group := func(c *sandbox.Cloud, name string) sandbox.Group {
		groups := c.Groups(c.Demo().ProjectID)
		return groups[slices.IndexFunc(groups, func(g sandbox.Group) bool { return g.Name == name })]
	}
	for _, test := range []struct {
		name, after string // the first call of this kind
		change      func(*sandbox.Cloud)
	}{
		{"a token ends before the groups", quota, (*sandbox.Cloud).ExpireTokens},
		{"a token ends between the rules", newRules, (*sandbox.Cloud).ExpireTokens},
		{"a group goes before its rules come", newGroups, func(c *sandbox.Cloud) { c.RemoveGroup(group(c, "db").ID) }},
		{"a group goes before rules go", newRules, func(c *sandbox.Cloud) { c.RemoveGroup(group(c, "db").ID) }},
		{"a group goes before it is tagged", removeRule, func(c *sandbox.Cloud) { c.RemoveGroup(group(c, "web").ID) }},
		{"a rule is there already", newGroups, func(c *sandbox.Cloud) {
			one := 1
			c.PlantRule(group(c, "app").ID, sandbox.Rule{Direction: "ingress", Ethertype: "IPv4", Protocol: "tcp", PortRangeMin: &one, PortRangeMax: &one})
		}},
		{"a rule goes again", newRules, func(c *sandbox.Cloud) {
			for _, r := range group(c, "app").Rules[2:] {
				c.RemoveRule(r.ID)
			}
		}},
		{"another run makes the groups, and there is no room for more", quota, func(c *sandbox.Cloud) {
			for _, g := range shop().Groups {
				c.PlantGroup(sandbox.Group{Name: g.Name, Description: g.CloudDescription("shop"), Stateful: true})
			}
			c.SetQuota(c.Demo().ProjectID, 4, -1)
		}},
		{"another run makes the groups too", newGroups, func(c *sandbox.Cloud) {
			for _, g := range shop().Groups {
				c.PlantGroup(sandbox.Group{Name: g.Name, Description: g.CloudDescription("shop"), Stateful: true})
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := sandboxtest.Open(t)
			done := false
			c.Observe(func(call sandbox.Call) {
				if _, is := counted([]sandbox.Call{call})[test.after]; is && !done {
					done = true
					test.change(c)
				}
			})
			mustApply(t, job(shop()))
			if !done {
				t.Fatalf("there was no %s", test.after)
			}
			requireDone(t, c, shop())
		})
	}
}

// TestOlderCloud applies to a cloud that does not know of stateless groups.
func TestOlderCloud(t *testing.T) {
	c := sandboxtest.Open(t)
	c.RemoveExtension("stateful-security-group")
	mustApply(t, job(shop()))
	requireDone(t, c, shop())
	stateless := shop()
	stateless.Groups[0].Stateful = false
	err := run(t.Context(), job(stateless), nil)
	if want := "group app: the cloud lacks the extension stateful-security-group"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v, not %s", err, want)
	}
}

// TestNoRoom changes a project that has room for what is there, and for what
// shall be, and not for both.
func TestNoRoom(t *testing.T) {
	c := sandboxtest.Open(t)
	mustApply(t, job(policy(map[string][]int{"app": {1, 3}, "db": {5}})))
	c.SetQuota(c.Demo().ProjectID, 3, 7) // with the default group and its four rules
	set := policy(map[string][]int{"app": {1, 7}, "web": {9}})
	next := job(set)
	before := len(c.Calls())
	err := run(t.Context(), next, nil)
	const want = "the quota of security groups is 3, with 3 in use: this needs 4 in all while it creates before it deletes, and 3 at the end: --allow-interruption deletes first; --over-quota goes on all the same\n" +
		"the quota of security group rules is 7, with 7 in use: this needs 11 in all while it creates before it deletes, and 7 at the end: --allow-interruption deletes first; --over-quota goes on all the same"
	if fmt.Sprint(err) != want {
		t.Errorf("%v", err)
	}
	for _, call := range c.Calls()[before+1:] { // after the token
		if call.Method != "GET" {
			t.Errorf("it was written to: %+v", call)
		}
	}
	next.Options.DeletesFirst = true
	mustApply(t, next)
	requireDone(t, c, set)
	groups := c.Groups(c.Demo().ProjectID)
	if len(groups) != 3 {
		t.Errorf("there are %d groups", len(groups))
	}
}

// TestRefusedForGood gives up where the cloud answers the same again and nothing
// has changed.
func TestRefusedForGood(t *testing.T) {
	c := sandboxtest.Open(t)
	set := policy(map[string][]int{"web": {80}})
	c.Inject(sandbox.Fault{Method: "POST", Path: "/v2.0/security-group-rules", Status: 409, Body: "no"})
	err := run(t.Context(), job(set), nil)
	posts := counted(c.Calls())[newRules]
	if want := "cannot create rules in security group web: 409 Conflict: no"; fmt.Sprint(err) != want || posts != 2 {
		t.Errorf("%d calls, %v", posts, err)
	}
}

// TestUnreadQuota applies where the quota cannot be read, and says so.
func TestUnreadQuota(t *testing.T) {
	c := sandboxtest.Open(t)
	c.Inject(sandbox.Fault{Method: "GET", Path: "/v2.0/quotas/*/details.json", Status: 403})
	client, err := neutron.Connect(t.Context(), neutron.Options{})
	if err != nil {
		t.Fatal(err)
	}
	a, err := agreed(t.Context(), client, job(shop()))
	if err != nil || len(a.Agreed.Notes) != 1 || !strings.HasPrefix(a.Agreed.Notes[0].Message, "the quota cannot be read (403 Forbidden)") {
		t.Errorf("%+v, %v", a.Agreed, err)
	}
	mustApply(t, job(shop()))
	requireDone(t, c, shop())
}
