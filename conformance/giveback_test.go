package conformance

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/internal/rounds"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// TestGiveBack takes a group over, kills that after any of its calls, destroys the
// policy or does not, kills the way back after any of its calls, and goes back once
// more: all is as it was, and the group nobody's.
func TestGiveBack(t *testing.T) {
	v := newTrial(t, newSandboxProject(t))
	entry := func(port uint16) rule.Entry {
		return rule.Entry{
			Rule:    rule.Rule{Direction: rule.Ingress, Family: rule.IPv4, Protocol: rule.TCP, Ports: rule.PortRange(port, port), Remote: rule.Anyone()},
			Origins: []rule.Origin{{Key: "r"}},
		}
	}
	set := &rule.Set{Policy: "shop", Groups: []rule.Group{{Tier: "front", Name: "web", Stateful: true, Rules: []rule.Entry{entry(80), entry(81)}}}}
	over := apply.Job{Desired: plan.FromSet(set), Options: plan.Options{Adopt: true}}
	gone := apply.Job{Desired: plan.Gone(set)}
	// killed does the job until the call, or to its end, and says whether it came there.
	killed := func(call int, j apply.Job) bool {
		v.gate.open(call, kill, nil)
		err := carryOut(j, nil, nil)
		v.gate.open(0, none, nil)
		return err == nil
	}
	step := max(1, 10/rounds.Of(1)) // of ten calls one, another one each time
	for there, arrived := 1, false; !arrived; there++ {
		for _, destroyed := range []bool{false, true} {
			for back, returned := 1+there%step, false; !returned; back += step {
				v.wipe(t)
				id := v.plant(t, []liveGroup{{Name: "web", Description: "of old", Stateful: true, Tags: []string{"env=prod"}}})[0]
				tcp, port := "tcp", 443
				v.plantRules(t, id, []liveRule{
					{Direction: "ingress", Ethertype: "IPv4", Protocol: &tcp, Min: &port, Max: &port},
					{Direction: "ingress", Ethertype: "IPv6", Group: &id},
				})
				before := v.told(t)
				client, err := connect()
				if err != nil {
					t.Fatal(err)
				}
				r, err := apply.Plan(t.Context(), client, []apply.Job{over}, allPermits())
				if err != nil {
					t.Fatal(err)
				}
				shot := r.Plans[0].Before(r.State, r.Place)
				arrived = killed(there, over)
				if destroyed {
					killed(0, gone)
				}
				returned = killed(back, restoration(shot))
				if err := goBack(shot); err != nil {
					t.Fatalf("%v\nafter %d calls there, destroyed %t, and %d back", err, there, destroyed, back)
				}
				if after := v.told(t); after != before {
					t.Fatalf("after %d calls there, destroyed %t, and %d back there is\n%s, not\n%s", there, destroyed, back, after, before)
				}
			}
		}
	}
}

// told is the groups but the default one, without ids.
func (v *trial) told(t *testing.T) string {
	var told []string
	for _, g := range v.groups(t) {
		if g.Name == "default" {
			continue
		}
		var rules []string
		for _, r := range g.Rules {
			c, err := r.canonical(map[string]rule.Remote{g.ID: rule.Tier("itself")})
			if err != nil {
				t.Fatal(err)
			}
			rules = append(rules, "\n\t"+c.String())
		}
		slices.Sort(rules)
		told = append(told, fmt.Sprintf("%s %q %q%s", g.Name, g.Description, g.Tags, strings.Join(rules, "")))
	}
	slices.Sort(told)
	return strings.Join(told, "\n")
}
