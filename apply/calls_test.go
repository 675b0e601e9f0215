package apply_test

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/carryout"
	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/sandbox"
	"sgc.dev/sgc/sandbox/sandboxtest"
)

// policy is tiers by name, each with rules by TCP port from anyone over IPv4.
func policy(tiers map[string][]int) *rule.Set {
	set := &rule.Set{Policy: "shop"}
	for _, tier := range slices.Sorted(maps.Keys(tiers)) {
		g := rule.Group{Tier: tier, Name: tier, Stateful: true}
		for _, port := range tiers[tier] {
			g.Rules = append(g.Rules, entry(port, rule.Anyone()))
		}
		set.Groups = append(set.Groups, g)
	}
	return set
}

func entry(port int, from rule.Remote) rule.Entry {
	return rule.Entry{
		Rule:    rule.Rule{Direction: rule.Ingress, Family: rule.IPv4, Protocol: rule.TCP, Ports: rule.PortRange(uint16(port), uint16(port)), Remote: from},
		Origins: []rule.Origin{{Key: "r"}},
	}
}

// odd is that many ports that do not merge.
func odd(first, count int) []int {
	var ports []int
	for i := range count {
		ports = append(ports, first+2*i)
	}
	return ports
}

func job(set *rule.Set) apply.Job {
	return apply.Job{Desired: plan.FromSet(set)}
}

// destruction is what sgc destroy wants.
func destruction(set *rule.Set) apply.Job {
	return apply.Job{Desired: plan.Gone(set), Lookup: apply.Shown}
}

// watcher agrees to nothing beyond what was planned.
type watcher struct{ did func(carryout.Event) }

func (watcher) Agree(_ *apply.Round, beyond plan.Problems) error { return beyond }
func (watcher) Save(*apply.Round) error                          { return nil }
func (watcher) Replanned(*carryout.Changed)                      {}
func (watcher) Settled(*rule.State)                              {}
func (w watcher) Did(e carryout.Event) {
	if w.did != nil {
		w.did(e)
	}
}

// run does what sgc apply does. did may be nil.
func run(ctx context.Context, j apply.Job, did func(carryout.Event)) error {
	client, err := neutron.Connect(ctx, neutron.Options{Pause: time.Nanosecond})
	if err != nil {
		return err
	}
	a, err := agreed(ctx, client, j)
	if err != nil {
		return err
	}
	return apply.CarryOut(ctx, client, a, watcher{did})
}

// agreed is what somebody has agreed to who was shown the plan.
func agreed(ctx context.Context, client *neutron.Client, jobs ...apply.Job) (apply.Agreement, error) {
	a := apply.Agreement{Jobs: jobs, Permits: plan.Permits{Destroy: true}}
	var err error
	if a.Agreed, err = apply.Plan(ctx, client, a.Jobs, a.Permits); err == nil && a.Agreed.Problems != nil {
		err = a.Agreed.Problems
	}
	return a, err
}

func mustApply(t *testing.T, j apply.Job) {
	t.Helper()
	if err := run(t.Context(), j, nil); err != nil {
		t.Fatal(err)
	}
}

var ids = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}`)

// counted is calls by what they are, without ids.
func counted(calls []sandbox.Call) map[string]int {
	count := map[string]int{}
	for _, c := range calls {
		count[c.Method+" "+ids.ReplaceAllString(c.Path, "*")]++
	}
	return count
}

// Calls, by what they are for.
const (
	token         = "POST /v3/auth/tokens"
	list          = "GET /v2.0/security-groups"
	quota         = "GET /v2.0/quotas/*/details.json"
	ports         = "GET /v2.0/ports"
	extensions    = "GET /v2.0/extensions"
	addressGroups = "GET /v2.0/address-groups"
	newGroups     = "POST /v2.0/security-groups"
	changeGroup   = "PUT /v2.0/security-groups/*"
	deleteGroup   = "DELETE /v2.0/security-groups/*"
	tag           = "PUT /v2.0/security-groups/*/tags"
	newRules      = "POST /v2.0/security-group-rules"
	oneGroup      = "GET /v2.0/security-groups/*"
	naming        = "GET /v2.0/security-group-rules"
	removeRule    = "DELETE /v2.0/security-group-rules/*"
)

// TestCalls counts what each kind of change costs: no call more than it needs.
func TestCalls(t *testing.T) {
	three := map[string][]int{"app": odd(1, 2), "db": odd(1, 50), "web": odd(1, 120)}
	renamed, stateless, addressed, foreign := policy(three), policy(three), policy(three), policy(three)
	renamed.Groups[1].Name = "database"
	stateless.Groups[2].Stateful = false
	addressed.Groups[0].Rules = append(addressed.Groups[0].Rules, entry(99, rule.AddressGroup("office")))
	addressed.AddressGroups = []rule.External{{Key: "office", Name: "office"}}
	foreign.Groups[0].Rules = append(foreign.Groups[0].Rules, entry(98, rule.ForeignGroup("theirs")), entry(99, rule.ForeignGroup("shared")))
	foreign.Foreign = []rule.External{{Key: "shared", Name: "shared"}, {Key: "theirs", ID: "7a000000-0000-4000-8000-000000000001"}}
	pinned := policy(three)
	pinned.Groups[0].Rules = append(pinned.Groups[0].Rules, entry(98, rule.ForeignGroup("theirs")))
	pinned.Foreign, pinned.AddressGroups = foreign.Foreign, addressed.AddressGroups // more than the rules name
	narrower := map[string][]int{"app": odd(1, 2), "db": odd(1, 50), "web": odd(5, 118)}
	for _, test := range []struct {
		name   string
		before *rule.Set // applied before; nil is an empty project
		job    apply.Job
		want   map[string]int
	}{
		{"new", nil, job(policy(three)), map[string]int{token: 1, list: 5, oneGroup: 8, quota: 1, newGroups: 1, newRules: 5, removeRule: 6, tag: 3}},
		{"new, stateless", nil, job(stateless), map[string]int{token: 1, list: 5, oneGroup: 8, quota: 1, extensions: 1, newGroups: 1, newRules: 5, removeRule: 6, tag: 3}},
		{"new, address group", nil, job(addressed),
			map[string]int{token: 1, list: 5, oneGroup: 8, addressGroups: 1, quota: 1, extensions: 1, newGroups: 1, newRules: 5, removeRule: 6, tag: 3}},
		{"new, groups of others, by id and by name", nil, job(foreign),
			map[string]int{token: 1, list: 6, oneGroup: 8, quota: 1, newGroups: 1, newRules: 5, removeRule: 6, tag: 3}},
		{"nothing to do", policy(three), job(policy(three)), map[string]int{token: 1, list: 1}},
		{"more rules", policy(three), job(policy(map[string][]int{"app": odd(1, 3), "db": odd(1, 50), "web": odd(1, 171)})),
			map[string]int{token: 1, list: 3, oneGroup: 1, quota: 1, newRules: 3}},
		{"fewer rules", policy(three), job(policy(narrower)), map[string]int{token: 1, list: 3, removeRule: 2}},
		{"rules for others", policy(three), job(policy(map[string][]int{"app": odd(1, 2), "db": odd(3, 50), "web": odd(1, 120)})),
			map[string]int{token: 1, list: 4, quota: 1, newRules: 1, removeRule: 1}},
		{"renamed", policy(three), job(renamed), map[string]int{token: 1, list: 3, changeGroup: 1}},
		{"becomes stateless", policy(three), job(stateless), map[string]int{token: 1, list: 3, ports: 1, extensions: 1, changeGroup: 1}},
		{"most of it closes", policy(three), job(policy(map[string][]int{"app": odd(1, 2), "db": odd(1, 1), "web": odd(1, 120)})),
			map[string]int{token: 1, list: 3, oneGroup: 47, ports: 1, removeRule: 49}},
		{"one tier less", policy(three), job(policy(map[string][]int{"app": odd(1, 2), "web": odd(1, 120)})),
			map[string]int{token: 1, list: 3, ports: 1, deleteGroup: 1}},
		{"destroy", policy(three), destruction(policy(three)), map[string]int{token: 1, list: 3, oneGroup: 1, naming: 1, ports: 1, deleteGroup: 3}},
		{"destroy, names that no rule needs", policy(three), destruction(pinned), map[string]int{token: 1, list: 3, oneGroup: 1, naming: 1, ports: 1, deleteGroup: 3}},
		{"destroy, groups of others, by id and by name", foreign, destruction(foreign), map[string]int{token: 1, list: 4, oneGroup: 1, naming: 1, ports: 1, deleteGroup: 3}},
		{"destroy, a group of others by id alone", pinned, destruction(pinned), map[string]int{token: 1, list: 3, oneGroup: 1, naming: 1, ports: 1, deleteGroup: 3}},
		{"destroy, address group", addressed, destruction(addressed), map[string]int{token: 1, list: 3, oneGroup: 1, naming: 1, addressGroups: 1, ports: 1, deleteGroup: 3}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := sandboxtest.Open(t)
			other := c.AddAccount("other", false)
			theirs := c.PlantGroup(sandbox.Group{ID: "7a000000-0000-4000-8000-000000000001", Name: "theirs", ProjectID: other.ProjectID})
			shared := c.PlantGroup(sandbox.Group{Name: "shared", ProjectID: other.ProjectID})
			c.Share(theirs.ID, c.Demo().ProjectID)
			c.Share(shared.ID, c.Demo().ProjectID)
			c.AddAddressGroup(c.Demo(), "office", "203.0.113.0/24")
			if test.before != nil {
				mustApply(t, job(test.before))
			}
			earlier := len(c.Calls())
			mustApply(t, test.job)
			if got := counted(c.Calls()[earlier:]); !maps.Equal(got, test.want) {
				t.Errorf("it took\n%s, not\n%s", text(got), text(test.want))
			}
		})
	}
}

func text(count map[string]int) string {
	var b strings.Builder
	for _, what := range slices.Sorted(maps.Keys(count)) {
		fmt.Fprintf(&b, "%4d %s\n", count[what], what)
	}
	return b.String()
}

// TestCallsOfFingerprints counts what fingerprints cost where groups change: two calls for each
// group, and two looks at it; where groups are made, nothing. That is why they are asked for.
func TestCallsOfFingerprints(t *testing.T) {
	twenty := func(more ...int) *rule.Set {
		tiers := map[string][]int{}
		for i := range 20 {
			tiers[fmt.Sprintf("t%02d", i)] = append(odd(1, 10), more...)
		}
		return policy(tiers)
	}
	calls := func(o plan.Options) (make, change map[string]int) {
		c := sandboxtest.Open(t)
		for _, set := range []*rule.Set{twenty(), twenty(odd(3001, 5)...)} {
			earlier := len(c.Calls())
			mustApply(t, apply.Job{Desired: plan.FromSet(set), Options: o})
			make, change = change, counted(c.Calls()[earlier:])
		}
		return make, change
	}
	made, changed := calls(plan.Options{})
	madeAsked, changedAsked := calls(plan.Options{Fingerprints: true})
	if !maps.Equal(made, madeAsked) {
		t.Errorf("new groups take\n%s, not\n%s", text(madeAsked), text(made))
	}
	changed["PUT /v2.0/security-groups/*/tags/sgc:applied=*"], changed["DELETE /v2.0/security-groups/*/tags/sgc:applied=*"] = 20, 20
	changed[list]++
	changed[oneGroup] += 2*20 - neutron.Parallel
	if !maps.Equal(changed, changedAsked) {
		t.Errorf("a change takes\n%s, not\n%s", text(changedAsked), text(changed))
	}
}
