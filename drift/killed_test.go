package drift_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/carryout"
	"sgc.dev/sgc/drift"
	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/sandbox"
	"sgc.dev/sgc/sandbox/sandboxtest"
)

// watcher agrees to what was planned.
type watcher struct{}

func (watcher) Agree(_ *apply.Round, beyond plan.Problems) error { return beyond }
func (watcher) Save(*apply.Round) error                          { return nil }
func (watcher) Replanned(*carryout.Changed)                      {}
func (watcher) Settled(*rule.State)                              {}
func (watcher) Did(carryout.Event)                               {}

func connect(t *testing.T) *neutron.Client {
	t.Helper()
	client, err := neutron.Connect(t.Context(), neutron.Options{Pause: time.Nanosecond})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func carryOut(ctx context.Context, t *testing.T, set *rule.Set, o plan.Options) error {
	t.Helper()
	client, a := connect(t), apply.Agreement{Jobs: []apply.Job{{Desired: plan.FromSet(set), Options: o}}, Permits: plan.Permits{Destroy: true}}
	var err error
	if a.Agreed, err = apply.Plan(t.Context(), client, a.Jobs, a.Permits); err != nil {
		return err
	}
	return apply.CarryOut(ctx, client, a, watcher{})
}

// look is what a cloud has, and the verdicts on it by tier.
func look(t *testing.T, set *rule.Set) (*apply.Round, map[string]drift.Group) {
	t.Helper()
	round, err := apply.Compare(t.Context(), connect(t), []apply.Job{{Desired: plan.FromSet(set)}})
	if err != nil {
		t.Fatal(err)
	}
	verdicts := map[string]drift.Group{}
	for _, g := range drift.Judge(round.State, round.Plans, []*rule.Set{set}, nil)[0].Groups {
		verdicts[g.Tier] = g
	}
	return round, verdicts
}

// TestKilled ends a change of two groups that makes a third after each of its calls. A group
// that is as it was is pending, one that is done is as applied, and one in between is neither;
// the next run, which nobody asks for fingerprints, leaves the right ones.
func TestKilled(t *testing.T) {
	old := &rule.Set{Policy: "shop", Groups: []rule.Group{
		{Tier: "db", Name: "db", Stateful: true, Rules: at(4, "", tcp(5432, rule.Tier("web")))},
		{Tier: "web", Name: "web", Stateful: true, Rules: at(8, "", tcp(80, rule.Anyone()), tcp(22, rule.Anyone()))},
	}}
	next := &rule.Set{Policy: "shop", Groups: []rule.Group{
		{Tier: "app", Name: "app", Stateful: true, Rules: at(2, "", tcp(8080, rule.Tier("web")))},
		{Tier: "db", Name: "db", Stateful: true, Rules: at(4, "", tcp(5433, rule.Tier("app")))},
		{Tier: "web", Name: "web", Stateful: true, Rules: at(8, "", tcp(80, rule.Anyone()), tcp(443, rule.Anyone()))},
	}}
	asked := plan.Options{Fingerprints: true}
	fingerprint := func(g rule.LiveGroup) []string { return rule.Applied(g.Tags) }
	seen := map[drift.Verdict]int{}
	for after := 1; ; after++ {
		c := sandboxtest.Open(t)
		if err := carryOut(t.Context(), t, old, asked); err != nil {
			t.Fatal(err)
		}
		_, was := look(t, old)
		ctx, interrupt := context.WithCancel(t.Context())
		calls := 0
		c.Observe(func(sandbox.Call) {
			if calls++; calls == after {
				interrupt()
			}
		})
		err := carryOut(ctx, t, next, asked)
		c.Observe(nil)
		interrupt()
		for tier := range was {
			_, live := look(t, old)
			_, g := look(t, next)
			now := g[tier]
			seen[now.Verdict]++
			if live[tier].Verdict == drift.Applied != (now.Verdict == drift.Pending) || now.Verdict == drift.Differs || now.Verdict == drift.Drifted && !now.Both {
				t.Errorf("after call %d: %s is %s, and by the old policy %s", after, tier, now.Verdict, live[tier].Verdict)
			}
		}
		if again := carryOut(t.Context(), t, next, plan.Options{}); again != nil {
			t.Fatalf("after call %d: %v", after, again)
		}
		round, verdicts := look(t, next)
		for tier, g := range verdicts {
			at := slices.IndexFunc(round.State.Groups, func(l rule.LiveGroup) bool { return l.ID == g.ID })
			if tags := fingerprint(round.State.Groups[at]); g.Verdict != drift.Applied || was[tier].ID != "" && len(tags) != 1 || !round.Empty() {
				t.Errorf("after call %d and another run: %s is %s, with %v", after, tier, g.Verdict, tags)
			}
		}
		if !errors.Is(err, context.Canceled) {
			break
		}
	}
	if seen[drift.Applied]*seen[drift.Pending]*seen[drift.Drifted] == 0 {
		t.Errorf("not all has been seen: %v", seen)
	}
}

// TestCalls asks a cloud for its groups, and for nothing else that the policy does not take.
func TestCalls(t *testing.T) {
	one := func(from rule.Remote) *rule.Set {
		return &rule.Set{Policy: "shop", Groups: []rule.Group{{Tier: "web", Name: "web", Stateful: true, Rules: at(1, "", tcp(80, from))}}}
	}
	foreign, addressed := one(rule.ForeignGroup("theirs")), one(rule.AddressGroup("office"))
	foreign.Foreign = []rule.External{{Key: "theirs", Name: "shared"}}
	addressed.AddressGroups = []rule.External{{Key: "office", Name: "office"}}
	for _, c := range []struct {
		name string
		set  *rule.Set
		more []string
	}{
		{"anyone", one(rule.Anyone()), nil},
		{"a group of others", foreign, []string{"/v2.0/security-groups"}},
		{"an address group", addressed, []string{"/v2.0/address-groups"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			cloud := sandboxtest.Open(t)
			cloud.AddAddressGroup(cloud.Demo(), "office", "203.0.113.0/24")
			shared := cloud.PlantGroup(sandbox.Group{Name: "shared", ProjectID: cloud.AddAccount("other", false).ProjectID})
			cloud.Share(shared.ID, cloud.Demo().ProjectID)
			look(t, c.set)
			var paths []string
			for _, call := range cloud.Calls() {
				paths = append(paths, call.Path)
			}
			if want := append([]string{"/v3/auth/tokens", "/v2.0/security-groups"}, c.more...); !slices.Equal(paths, want) {
				t.Errorf("%q, not %q", paths, want)
			}
		})
	}
}
