package apply_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/carryout"
	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/sandbox"
	"sgc.dev/sgc/sandbox/sandboxtest"
)

// leaving is a policy in whose group app others may open tcp/9000-9099.
func leaving(ports ...int) *rule.Set {
	set := policy(map[string][]int{"app": ports})
	may := entry(9000, rule.Anyone())
	may.Ports = rule.PortRange(9000, 9099)
	set.Groups[0].Others = []rule.Entry{may}
	return set
}

func plant(c *sandbox.Cloud, port int) {
	c.PlantRule(named(c, "app").ID, sandbox.Rule{Direction: "ingress", Ethertype: "IPv4", Protocol: "tcp", PortRangeMin: &port, PortRangeMax: &port})
}

// openPorts is the ports that are open in the group app.
func openPorts(c *sandbox.Cloud) string {
	var ports []int
	for _, r := range named(c, "app").Rules {
		if r.PortRangeMin != nil {
			ports = append(ports, *r.PortRangeMin)
		}
	}
	slices.Sort(ports)
	return strings.Trim(fmt.Sprint(ports), "[]")
}

// TestTheirsMeanwhile has others open what they may before each call of a run, and close it
// again: no run plans again for it, stops, or takes it away.
func TestTheirsMeanwhile(t *testing.T) {
	for _, test := range []struct {
		name          string
		before, after []int
		want          string
	}{
		{"a change", []int{1, 2}, []int{2, 5}, "2 5"},
		{"a new group", nil, []int{2, 5}, "2 5"},
		{"nothing but theirs", []int{1, 9001}, []int{1}, "1 9001"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := sandboxtest.Open(t)
			if test.before != nil {
				mustApply(t, job(leaving(test.before...)))
			}
			calls := 0
			c.Observe(func(call sandbox.Call) {
				if call.Method == "GET" && !strings.Contains(call.Path, "security-group") || named(c, "app").ID == "" {
					return
				}
				calls++
				plant(c, 9010+calls)
				if calls > 1 {
					for _, r := range named(c, "app").Rules {
						if r.PortRangeMin != nil && *r.PortRangeMin == 9010+calls-1 {
							c.RemoveRule(r.ID)
						}
					}
				}
			})
			if err := runTold(t, job(leaving(test.after...)), func(changed *carryout.Changed) { t.Error(changed) }); err != nil {
				t.Fatal(err)
			}
			c.Observe(nil)
			if want := fmt.Sprint(test.want, " ", 9010+calls); calls == 0 || openPorts(c) != want {
				t.Errorf("after %d calls %s are open, not %s", calls, openPorts(c), want)
			}
			requireDone(t, c, leaving(test.after...))
		})
	}
}

// TestTheirsAndMore has others open what they may not: the run says so.
func TestTheirsAndMore(t *testing.T) {
	c := sandboxtest.Open(t)
	mustApply(t, job(leaving(1)))
	once(c, newRules, func(sandbox.Call) { plant(c, 9100) })
	err := runTold(t, job(leaving(1, 2)), func(*carryout.Changed) {})
	if err == nil || !strings.Contains(err.Error(), "has a new rule, ") || !strings.Contains(err.Error(), "tcp/9100 from anyone") {
		t.Error(err)
	}
}

// TestTheirsUndone takes a change back while others open and close what they may: that stays
// theirs, and what the run itself has opened of it goes.
func TestTheirsUndone(t *testing.T) {
	c := sandboxtest.Open(t)
	mustApply(t, job(leaving(1, 2)))
	plant(c, 9001)
	client, err := neutron.Connect(t.Context(), neutron.Options{})
	if err != nil {
		t.Fatal(err)
	}
	a, err := agreed(t.Context(), client, job(leaving(2, 3, 9050)))
	if err != nil {
		t.Fatal(err)
	}
	k := &keeper{}
	if err := apply.CarryOut(t.Context(), client, a, k); err != nil {
		t.Fatal(err)
	}
	plant(c, 9002)
	for _, r := range named(c, "app").Rules {
		if r.PortRangeMin != nil && *r.PortRangeMin == 9001 {
			c.RemoveRule(r.ID)
		}
	}
	back, err := apply.Undo(t.Context(), client, k.rounds[0], k.end)
	if err != nil {
		t.Fatal(err)
	}
	if problems := back.Agreed.Problems; problems != nil {
		t.Fatal(problems)
	}
	if err := apply.CarryOut(t.Context(), client, back, watcher{}); err != nil {
		t.Fatal(err)
	}
	if got := openPorts(c); got != "1 2 9002" {
		t.Errorf("%s are open", got)
	}
}

// TestTheirsNameOne goes back where others may open access from a group that is gone by now.
func TestTheirsNameOne(t *testing.T) {
	c := sandboxtest.Open(t)
	c.PlantGroup(sandbox.Group{Name: "lb", Stateful: true})
	set := leaving(1, 2)
	set.Foreign = []rule.External{{Key: "balancer", Name: "lb"}}
	set.Groups[0].Others[0].Remote = rule.ForeignGroup("balancer")
	mustApply(t, job(set))
	set.Groups[0].Rules = leaving(2, 3).Groups[0].Rules
	client, err := neutron.Connect(t.Context(), neutron.Options{})
	if err != nil {
		t.Fatal(err)
	}
	a, err := agreed(t.Context(), client, job(set))
	if err != nil {
		t.Fatal(err)
	}
	k := &keeper{}
	if err := apply.CarryOut(t.Context(), client, a, k); err != nil {
		t.Fatal(err)
	}
	c.RemoveGroup(named(c, "lb").ID)
	j := apply.Job{Lookup: apply.Given}
	j.Desired, j.Externals = k.rounds[0].Plans[0].Before(k.rounds[0].State, k.rounds[0].Place).Desired()
	mustApply(t, j)
	if got := openPorts(c); got != "1 2" {
		t.Errorf("%s are open", got)
	}
}

// TestTheirsAndLostAnswer makes a group, loses the answer, and finds a rule of others in it.
func TestTheirsAndLostAnswer(t *testing.T) {
	c := sandboxtest.Open(t)
	c.Inject(sandbox.Fault{Method: "POST", Path: "/v2.0/security-groups", Nth: 1, CutAfter: true})
	c.Observe(func(call sandbox.Call) {
		if call.Method == "POST" && strings.HasSuffix(call.Path, "/security-groups") {
			plant(c, 9007)
		}
	})
	if err := runTold(t, job(leaving(1, 2)), func(*carryout.Changed) {}); err != nil {
		t.Fatal(err)
	}
	if got := openPorts(c); got != "1 2 9007" {
		t.Errorf("%s are open", got)
	}
	requireDone(t, c, leaving(1, 2))
}
