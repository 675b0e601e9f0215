package conformance

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/internal/rounds"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// neighbourPolicy is another policy in the project of a scene.
const neighbourPolicy = "neighbour"

// TestAtOnce applies one policy twice at the same time, beside another one.
func TestAtOnce(t *testing.T) {
	atOnce(t, newSandboxProject(t), rounds.Of(2))
}

// atOnce has three runs meet in one project: two of one policy, and one of
// another. All of them end well, and the project is what both policies say,
// without a further run.
func atOnce(t *testing.T, p project, n int) {
	v := newTrial(t, p)
	v.gate.jitter = rand.New(rand.NewPCG(26, 11))
	for seed := range n {
		t.Run(fmt.Sprint("scene ", seed), func(t *testing.T) {
			v.scene = newScene(uint64(1000 + seed))
			v.scene.saved, v.scene.options.DeletesFirst = false, false
			v.set(t)
			other := v.neighbour(uint64(2000 + seed))
			v.gate.open(0, none, nil)
			var runs sync.WaitGroup
			for _, j := range []apply.Job{v.job(), v.job(), other} {
				runs.Go(func() {
					if err := carryOut(j, nil, nil); err != nil {
						t.Errorf("policy %s: %v", j.Desired.Policy, err)
					}
				})
			}
			runs.Wait()
			calls := v.gate.seen()
			v.settled(t, "all runs have ended")
			v.finishedToo(t, other)
			if t.Failed() {
				t.Logf("%q\n%s", calls, v.scene)
			}
		})
	}
}

// neighbour is another policy for the same project, of which it has nothing yet.
func (v *trial) neighbour(seed uint64) apply.Job {
	set := newScene(seed).set
	set.Policy = neighbourPolicy
	for i := range set.Groups {
		set.Groups[i].Name = "its-" + set.Groups[i].Tier
	}
	set.Foreign[1].ID = v.ids["partner"]
	return apply.Job{Desired: plan.FromSet(set)}
}

// finishedToo demands that nothing is left to do for another policy, and that
// each of its tiers has one group.
func (v *trial) finishedToo(t *testing.T, j apply.Job) {
	t.Helper()
	client, err := connect()
	if err != nil {
		t.Fatal(err)
	}
	r, err := apply.Plan(t.Context(), client, []apply.Job{j}, plan.Permits{})
	if err != nil || !r.Empty() {
		t.Errorf("policy %s: %v, %s", j.Desired.Policy, err, r.Plans[0].Summary())
	}
	count := 0
	for _, g := range v.groups(t) {
		if policy, _, _ := rule.ParseMark(g.Description); policy == j.Desired.Policy {
			count++
		}
	}
	if count != len(j.Desired.Groups) {
		t.Errorf("policy %s has %d groups", j.Desired.Policy, count)
	}
}

// pause lets calls that arrive together take place in any order.
func (g *gate) pause() {
	if g.jitter == nil {
		return
	}
	g.turn.Lock()
	wait := time.Duration(g.jitter.Int64N(int64(2 * time.Millisecond)))
	g.turn.Unlock()
	time.Sleep(wait)
}
