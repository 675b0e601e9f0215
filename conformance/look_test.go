package conformance

import (
	"bytes"
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// look holds every group, at this moment, to what it may allow and what it must.
func (v *trial) look(t *testing.T, call string) {
	v.counts.writes++
	now := v.view(t)
	for _, g := range now.groups {
		old, there := v.old[g.ID]
		most := make(flows, len(v.packets))
		if !there {
			old = v.none
			most.add(v.born)
		}
		next := v.none
		switch label := now.label(g.ID); {
		case label == "twin" || label == "old": // goes
		case strings.HasPrefix(label, "tier "):
			next = v.new[strings.TrimPrefix(label, "tier ")]
		default:
			next = old // of others
		}
		most.add(old)
		most.add(next)
		is, keep := v.of(g.Rules, now.label), both(old, next)
		if p, missing := v.first(keep, is); missing && !v.scene.options.DeletesFirst {
			t.Errorf("after %s: group %s (%s) is closed to %+v, which old and new policy both allow", call, g.Name, now.label(g.ID), p)
		}
		if p, more := v.first(is, most); more {
			t.Errorf("after %s: group %s (%s) is open to %+v, which neither old nor new policy allows", call, g.Name, now.label(g.ID), p)
		}
		for i := range keep {
			if keep[i] {
				v.counts.kept++
			} else if !most[i] {
				v.counts.closed++
			}
		}
	}
}

// settled looks at the end.
func (v *trial) settled(t *testing.T, name string) {
	t.Helper()
	after := v.view(t)
	tiers := map[string]int{}
	for _, g := range after.groups {
		policy, tier, _ := rule.ParseMark(g.Description)
		switch policy {
		case neighbourPolicy:
			continue
		case scenePolicy:
		default:
			v.untouched(t, name, g)
			continue
		}
		tiers[tier]++
		v.finished(t, name, tier, g, after)
	}
	for _, g := range v.scene.set.Groups {
		if tiers[g.Tier] != 1 {
			t.Errorf("%s: tier %s has %d groups", name, g.Tier, tiers[g.Tier])
		}
	}
	if len(tiers) != len(v.scene.set.Groups) {
		t.Errorf("%s: there are groups of %v", name, tiers)
	}
	for _, g := range v.before.groups {
		if !slices.ContainsFunc(after.groups, func(a liveGroup) bool { return a.ID == g.ID }) && slices.Contains([]string{"legacy", "partner", "stranger"}, v.before.label(g.ID)) {
			t.Errorf("%s: group %s of others has gone", name, g.Name)
		}
	}
	v.nothingLeft(t, name)
}

// untouched demands that a group of others is what it was, to its revision.
func (v *trial) untouched(t *testing.T, name string, g liveGroup) {
	t.Helper()
	at := slices.IndexFunc(v.before.groups, func(b liveGroup) bool { return b.ID == g.ID })
	if at < 0 || !reflect.DeepEqual(v.before.groups[at], g) {
		t.Errorf("%s: group %s of others was touched: %+v", name, g.Name, g)
	}
}

// finished demands that a group is what its tier says, and says whose it is.
func (v *trial) finished(t *testing.T, name, tier string, g liveGroup, after view) {
	t.Helper()
	at := slices.IndexFunc(v.scene.set.Groups, func(w rule.Group) bool { return w.Tier == tier })
	if at < 0 {
		t.Errorf("%s: group %s of tier %s is left", name, g.Name, tier)
		return
	}
	want := v.scene.set.Groups[at]
	description := want.CloudDescription(scenePolicy)
	for _, b := range v.before.groups {
		if text := rule.Unmarked(b.Description); b.ID == g.ID && want.Description == "" && text != "" { // which is its own
			description = text + " " + description
		}
	}
	if g.Name != want.Name || g.Stateful != want.Stateful || g.Description != description {
		t.Errorf("%s: group %s is %q, stateful %t", name, g.Name, g.Description, g.Stateful)
	}
	for _, tag := range slices.Concat(want.Tags, rule.OwnershipTags(scenePolicy, tier)) {
		if !slices.Contains(g.Tags, tag) {
			t.Errorf("%s: group %s has the tags %q, not %q", name, g.Name, g.Tags, tag)
		}
	}
	is := v.of(g.Rules, after.label)
	if p, differs := v.first(is, v.new[tier]); differs {
		t.Errorf("%s: group %s is open to %+v", name, g.Name, p)
	}
	if p, differs := v.first(v.new[tier], is); differs {
		t.Errorf("%s: group %s is closed to %+v", name, g.Name, p)
	}
	had := map[rule.Rule]int{}
	for _, b := range v.before.groups {
		if b.ID == g.ID {
			had = v.canonical(t, b)
		}
	}
	for r, n := range v.canonical(t, g) {
		if n > max(1, had[r]) {
			t.Errorf("%s: group %s has %s %d times", name, g.Name, r, n)
		}
	}
}

// canonical counts the rules of a group.
func (v *trial) canonical(t *testing.T, g liveGroup) map[rule.Rule]int {
	t.Helper()
	remotes := map[string]rule.Remote{}
	for _, r := range g.Rules {
		if r.Group != nil {
			remotes[*r.Group] = rule.ForeignGroup(*r.Group)
		}
	}
	count := map[rule.Rule]int{}
	for _, r := range g.Rules {
		c, err := r.canonical(remotes)
		if err != nil && !opaque(r) {
			t.Errorf("rule %s: %v", r.words(), err)
		}
		count[c]++
	}
	return count
}

// nothingLeft demands that the next plan is empty, and costs what it has to.
func (v *trial) nothingLeft(t *testing.T, name string) {
	t.Helper()
	v.gate.open(0, none, nil)
	client, err := connect()
	if err != nil {
		t.Fatal(err)
	}
	r, err := apply.Plan(context.Background(), client, []apply.Job{v.job()}, allPermits())
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if !r.Empty() || r.Problems != nil {
		var words bytes.Buffer
		for _, p := range r.Plans {
			plan.Text(&words, p)
		}
		t.Errorf("%s: something is left to do: %v\n%s", name, r.Problems, words.String())
	}
	if want := []string{"GET /v2.0/security-groups", "GET /v2.0/address-groups"}; !slices.Equal(v.gate.seen(), want) {
		t.Errorf("%s: a plan of nothing took %q", name, v.gate.seen())
	}
}
