package conformance

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/internal/rounds"
	"sgc.dev/sgc/plan"
)

// TestGoBack restores what an apply has changed, whether it came to its end or
// was killed after any of its calls, whether the policy was destroyed then, and
// whether the first that goes back comes to its end or is killed likewise.
func TestGoBack(t *testing.T) {
	v := newTrial(t, newSandboxProject(t))
	for seed := range rounds.Of(6) {
		t.Run(fmt.Sprint("scene ", seed), func(t *testing.T) {
			v.scene = newScene(uint64(3000 + seed))
			v.scene.saved = false
			defer func() {
				if t.Failed() {
					t.Log(v.scene)
				}
			}()
			v.set(t)
			shot := v.snapshot(t)
			at, what := 1+v.scene.IntN(25), kill
			if v.scene.one(3) {
				at, what = 0, none
			}
			v.gate.open(at, what, nil)
			carryOut(v.job(), nil, nil) // whatever comes of it
			if v.scene.one(4) {
				destroy := apply.Job{Desired: plan.Gone(v.scene.set), Lookup: apply.Shown}
				carryOut(destroy, nil, nil) // which a rule of somebody else's may forbid
			}
			back := 1 + v.scene.IntN(40)
			v.gate.open(back, kill, nil)
			goBack(shot) // whatever comes of it
			v.gate.open(0, none, nil)
			if err := goBack(shot); err != nil {
				t.Fatalf("%v\nafter %d calls there and %d back", err, at, back)
			}
			v.back(t)
			v.again(t, shot)
		})
	}
}

// snapshot is what sgc apply saves before it begins, as it is read again.
func (v *trial) snapshot(t *testing.T) plan.Snapshot {
	t.Helper()
	v.gate.open(0, none, nil)
	client, err := connect()
	if err != nil {
		t.Fatal(err)
	}
	r, err := apply.Plan(t.Context(), client, []apply.Job{v.job()}, allPermits())
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := r.Plans[0].Before(r.State, r.Place).Write(&file); err != nil {
		t.Fatal(err)
	}
	shot, err := plan.ParseSnapshot(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return shot
}

func restoration(shot plan.Snapshot) apply.Job {
	j := apply.Job{Lookup: apply.Given}
	j.Desired, j.Externals = shot.Desired()
	return j
}

// goBack does what sgc restore does.
func goBack(shot plan.Snapshot) error {
	return carryOut(restoration(shot), nil, nil)
}

// again demands that nothing is left to go back to.
func (v *trial) again(t *testing.T, shot plan.Snapshot) {
	t.Helper()
	client, err := connect()
	if err != nil {
		t.Fatal(err)
	}
	r, err := apply.Plan(context.Background(), client, []apply.Job{restoration(shot)}, allPermits())
	if err != nil || !r.Empty() || r.Problems != nil {
		t.Errorf("going back once more: %v, %+v", err, r)
	}
}

// back demands that each group is there as it was, possibly with another id, and
// no other but the second of a tier. What sgc cannot express does not come back
// once it is gone.
func (v *trial) back(t *testing.T) {
	t.Helper()
	now := v.groups(t)
	// A group that came back stands for the one that it was.
	labels := map[string]string{}
	for label, id := range v.ids {
		labels[id] = label
	}
	var left []liveGroup
	for _, g := range now {
		if !slices.ContainsFunc(v.before.groups, func(b liveGroup) bool { return b.ID == g.ID }) {
			left = append(left, g)
		}
	}
	found := map[string]liveGroup{}
	for _, b := range v.before.groups {
		at := slices.IndexFunc(now, func(g liveGroup) bool { return g.ID == b.ID })
		if at >= 0 {
			found[b.ID] = now[at]
			continue
		}
		if v.before.label(b.ID) == "twin" {
			continue
		}
		at = slices.IndexFunc(left, func(g liveGroup) bool { return g.Description == b.Description })
		if at < 0 {
			t.Errorf("group %s (%s) has not come back", b.Name, v.before.label(b.ID))
			continue
		}
		labels[left[at].ID] = v.before.label(b.ID)
		found[b.ID] = left[at]
		left = slices.Delete(left, at, at+1)
	}
	for _, g := range left {
		t.Errorf("group %s %q has come later, and is there", g.Name, g.Description)
	}
	is := view{now, labels}
	for _, b := range v.before.groups {
		g, ok := found[b.ID]
		if !ok {
			continue
		}
		slices.Sort(b.Tags)
		slices.Sort(g.Tags)
		if g.Name != b.Name || g.Description != b.Description || g.Stateful != b.Stateful || !slices.Equal(g.Tags, b.Tags) {
			t.Errorf("group %s is %q %q, stateful %t, tags %q", b.Name, g.Name, g.Description, g.Stateful, g.Tags)
		}
		had, has := slices.Clone(v.old[b.ID]), v.of(g.Rules, is.label)
		for i, p := range v.packets {
			had[i] = had[i] && p.group != "twin"
			has[i] = has[i] && p.group != "twin"
		}
		if p, closed := v.first(had, has); closed {
			t.Errorf("group %s (%s) was open to %+v", b.Name, v.before.label(b.ID), p)
		}
		if p, opened := v.first(has, had); opened {
			t.Errorf("group %s (%s) was closed to %+v", b.Name, v.before.label(b.ID), p)
		}
	}
}
