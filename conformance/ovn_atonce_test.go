//go:build conformance

package conformance

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// testOVNConverge is testConverge, as far as the time goes that each rule costs OVN.
func testOVNConverge(t *testing.T, o ovn) {
	a := o.tenant(t)
	o.quota(t, a, -1, -1)
	converge(t, &cloudProject{a, map[string][]liveRule{}}, effort{scenes: 2, calls: 2})
}

// testOVNAtOnce has runs meet on OVN, whose driver races where Neutron alone does
// not, and nothing between them and the cloud puts their calls in a row: two runs of
// a random policy and one of another go into a project, then of other policies of
// these names over them, and then all that they made is destroyed.
func testOVNAtOnce(t *testing.T, o ovn) {
	a := o.tenant(t)
	o.quota(t, a, -1, -1)
	v := newTrial(t, &cloudProject{a, map[string][]liveRule{}})
	t.Setenv("OS_AUTH_URL", a.keystone.url) // past the gate
	for seed := range uint64(2) {
		t.Run(fmt.Sprint("scene ", seed), func(t *testing.T) {
			defer func() {
				if t.Failed() {
					t.Log(v.scene)
				}
			}()
			v.scene = newScene(entangled(4000 + 100*seed))
			v.scene.options.DeletesFirst = false
			v.set(t)
			v.detach(t)
			for _, over := range []*scene{nil, newScene(entangled(5000 + 100*seed))} {
				if over != nil {
					v.turn(over)
				}
				neighbour := v.neighbour(entangled(v.scene.Uint64()))
				v.before = v.view(t)
				meet(t, v.job(), v.job(), neighbour)
				v.stands(t, neighbour)
			}
			v.before = v.view(t)
			meet(t, destroying(scenePolicy), destroying(scenePolicy), destroying(neighbourPolicy))
			v.destroyed(t)
		})
	}
}

// entangled is the first scene from a seed on whose tiers name one another.
func entangled(seed uint64) uint64 {
	for ; ; seed++ {
		named := map[string]bool{}
		for _, g := range newScene(seed).set.Groups {
			for _, r := range g.Rules {
				if to := r.Remote; to.Kind() == rule.RemoteTier && to != rule.Tier(g.Tier) {
					named[g.Tier+" "+to.String()] = true
				}
			}
		}
		if len(named) >= 3 {
			return seed
		}
	}
}

// meet carries jobs out at the same time. All of them end well.
func meet(t *testing.T, jobs ...apply.Job) {
	t.Helper()
	var runs sync.WaitGroup
	for _, j := range jobs {
		runs.Go(func() {
			if err := carryOut(j, nil, nil); err != nil {
				t.Errorf("policy %s: %v", j.Desired.Policy, err)
			}
		})
	}
	runs.Wait()
}

// destroying is the job of sgc destroy.
func destroying(policy string) apply.Job {
	return apply.Job{Desired: plan.Desired{Policy: policy}, Lookup: apply.Shown}
}

// detach takes out of the groups of others the rules that name a group which may go:
// as long as they are there, it may not.
func (v *trial) detach(t *testing.T) {
	t.Helper()
	for _, g := range v.groups(t) {
		if !slices.Contains([]string{v.ids["legacy"], v.ids["partner"], v.ids["stranger"]}, g.ID) {
			continue
		}
		for _, r := range g.Rules {
			if r.Group != nil && *r.Group != g.ID {
				v.account().neutron.must(t, http.MethodDelete, "/v2.0/security-group-rules/"+r.ID, nil, nil)
			}
		}
	}
}

// turn makes the policy of another scene the one to be applied, to the project as it is.
func (v *trial) turn(next *scene) {
	next.set.Foreign[1].ID = v.ids["partner"]
	v.scene.set, v.scene.options = next.set, next.options
	v.scene.options.DeletesFirst = false
	v.new = map[string]flows{}
	for _, g := range next.set.Groups {
		v.new[g.Tier] = v.wanted(g.Rules)
	}
}

// stands demands that the project is what the scene's policy and another say, and
// that groups of others have not been touched. A rule may be there twice: nothing in
// Neutron keeps two calls at once from making it.
func (v *trial) stands(t *testing.T, other apply.Job) {
	t.Helper()
	v.othersStand(t)
	v.before = v.view(t)
	for _, g := range v.before.groups {
		if policy, tier, _ := rule.ParseMark(g.Description); policy == scenePolicy {
			v.finished(t, "applied", tier, g, v.before)
		}
	}
	v.finishedToo(t, v.job())
	v.finishedToo(t, other)
}

// destroyed demands that nothing of either policy is left, and all that others have.
func (v *trial) destroyed(t *testing.T) {
	t.Helper()
	v.othersStand(t)
	for _, g := range v.groups(t) {
		if policy, tier, _ := rule.ParseMark(g.Description); policy == scenePolicy || policy == neighbourPolicy {
			t.Errorf("group %s of tier %s of policy %s is left", g.Name, tier, policy)
		}
	}
}

// othersStand demands that groups which were neither policy's are what they were, or
// have been adopted.
func (v *trial) othersStand(t *testing.T) {
	t.Helper()
	now := v.groups(t)
	for _, g := range v.before.groups {
		if policy, _, _ := rule.ParseMark(g.Description); policy == scenePolicy || policy == neighbourPolicy {
			continue
		}
		at := slices.IndexFunc(now, func(n liveGroup) bool { return n.ID == g.ID })
		if at < 0 {
			t.Errorf("group %s of others has gone", g.Name)
		} else if policy, _, _ := rule.ParseMark(now[at].Description); policy != scenePolicy {
			v.untouched(t, "at the end", now[at])
		}
	}
}
