package conformance

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// TestMovesOver gives the groups of one policy to another, killed after any of its calls,
// and once more: marks and tags are the other's, and every rule is the one that it was.
func TestMovesOver(t *testing.T) {
	v := newTrial(t, newSandboxProject(t))
	entry := func(port uint16, from rule.Remote) rule.Entry {
		return rule.Entry{
			Rule:    rule.Rule{Direction: rule.Ingress, Family: rule.IPv4, Protocol: rule.TCP, Ports: rule.PortRange(port, port), Remote: from},
			Origins: []rule.Origin{{Key: "r"}},
		}
	}
	web := rule.Group{Tier: "web", Name: "web", Stateful: true, Tags: []string{"env=prod"}, Rules: []rule.Entry{entry(80, rule.Anyone())}}
	db := rule.Group{Tier: "db", Name: "data", Stateful: true, Rules: []rule.Entry{entry(5432, rule.Tier("web"))}}
	mail := rule.Group{Tier: "mail", Name: "mail", Stateful: true, Rules: []rule.Entry{entry(25, rule.Anyone())}}
	store := db
	store.Tier = "store" // another tier, and the same group
	before := apply.Job{Desired: plan.FromSet(&rule.Set{Policy: "old", Groups: []rule.Group{db, mail, web}})}
	after := apply.Job{Desired: plan.FromSet(&rule.Set{Policy: "new", Groups: []rule.Group{store, web}}), Options: plan.Options{AdoptFrom: "old"}}
	for at, arrived := 1, false; !arrived; at++ {
		v.gate.open(0, none, nil)
		v.wipe(t)
		if err := carryOut(before, nil, nil); err != nil {
			t.Fatal(err)
		}
		rules := v.ruleIDs(t)
		v.gate.open(at, kill, nil)
		arrived = carryOut(after, nil, nil) == nil
		v.gate.open(0, none, nil)
		if err := carryOut(after, nil, nil); err != nil {
			t.Fatalf("after %d calls: %v", at, err)
		}
		if now := v.ruleIDs(t); now != rules {
			t.Errorf("after %d calls there are the rules\n%s, not\n%s", at, now, rules)
		}
		const want = "data \"[sgc:new/store]\" [sgc:policy=new sgc:tier=store]\n" +
			"mail \"[sgc:old/mail]\" [sgc:policy=old sgc:tier=mail]\n" +
			"web \"[sgc:new/web]\" [env=prod sgc:policy=new sgc:tier=web]"
		if got := v.owners(t); got != want {
			t.Errorf("after %d calls there is\n%s, not\n%s", at, got, want)
		}
	}
}

// TestMovesBack goes back with the snapshot that was saved before groups moved over, killed
// after any of its calls, and once more: they are the first policy's again, with every rule.
func TestMovesBack(t *testing.T) {
	v := newTrial(t, newSandboxProject(t))
	web := rule.Group{Tier: "web", Name: "web", Stateful: true, Rules: []rule.Entry{{
		Rule:    rule.Rule{Direction: rule.Ingress, Family: rule.IPv4, Protocol: rule.TCP, Ports: rule.PortRange(80, 80), Remote: rule.Anyone()},
		Origins: []rule.Origin{{Key: "r"}},
	}}}
	first := apply.Job{Desired: plan.FromSet(&rule.Set{Policy: "old", Groups: []rule.Group{web}})}
	second := apply.Job{Desired: plan.FromSet(&rule.Set{Policy: "new", Groups: []rule.Group{web}}), Options: plan.Options{AdoptFrom: "old"}}
	for at, arrived := 1, false; !arrived; at++ {
		v.gate.open(0, none, nil)
		v.wipe(t)
		if err := carryOut(first, nil, nil); err != nil {
			t.Fatal(err)
		}
		rules, owners := v.ruleIDs(t), v.owners(t)
		client, err := connect()
		if err != nil {
			t.Fatal(err)
		}
		r, err := apply.Plan(t.Context(), client, []apply.Job{second}, allPermits())
		if err != nil {
			t.Fatal(err)
		}
		shot := r.Plans[0].Before(r.State, r.Place)
		if err := carryOut(second, nil, nil); err != nil {
			t.Fatal(err)
		}
		v.gate.open(at, kill, nil)
		arrived = goBack(shot) == nil
		v.gate.open(0, none, nil)
		if err := goBack(shot); err != nil {
			t.Fatalf("after %d calls: %v", at, err)
		}
		if now := v.ruleIDs(t); now != rules {
			t.Errorf("after %d calls there are the rules\n%s, not\n%s", at, now, rules)
		}
		if now := v.owners(t); now != owners {
			t.Errorf("after %d calls there is\n%s, not\n%s", at, now, owners)
		}
	}
}

// ruleIDs is the rules of all groups but the default one, by their ids.
func (v *trial) ruleIDs(t *testing.T) string {
	t.Helper()
	var lines []string
	for _, g := range v.groups(t) {
		for _, r := range g.Rules {
			if g.Name != "default" {
				lines = append(lines, g.ID+" "+r.ID+" "+r.words())
			}
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// owners is whose the groups are, but the default one.
func (v *trial) owners(t *testing.T) string {
	t.Helper()
	var lines []string
	for _, g := range v.groups(t) {
		if g.Name != "default" {
			slices.Sort(g.Tags)
			lines = append(lines, fmt.Sprintf("%s %q %v", g.Name, g.Description, g.Tags))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
