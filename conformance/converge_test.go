package conformance

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/internal/rounds"
)

// TestConverge applies random policies to random states of a project, again and
// again, and in some of them has each call go wrong in turn.
func TestConverge(t *testing.T) {
	converge(t, newSandboxProject(t), effort{scenes: rounds.Of(5), undisturbed: 6})
}

// effort is how far a search goes.
type effort struct {
	scenes      int
	undisturbed int // so many scenes between two in which calls go wrong
	calls       int // at most so many calls of a scene, drawn at random, go wrong; 0 is each
}

// converge shows, for as many scenes: after every single call, whatever goes
// wrong with one of them, each flow that old and new policy both allow is
// allowed, and nothing is that neither they nor a new group by birth allow; and
// once it has been run again without trouble, the project is what the policy
// says, nothing is there twice, groups of others have not been touched, and
// nothing is left to do.
func converge(t *testing.T, p project, e effort) {
	v := newTrial(t, p)
	for seed := range e.scenes {
		t.Run(fmt.Sprint("scene ", seed), func(t *testing.T) {
			v.scene = newScene(uint64(seed))
			defer func() {
				if t.Failed() {
					t.Log(v.scene)
				}
			}()
			calls := len(v.undisturbed(t))
			if seed%(e.undisturbed+1) != 0 {
				return
			}
			order := v.scene.Perm(calls)
			if e.calls > 0 {
				order = order[:min(e.calls, calls)]
			}
			for _, i := range order {
				if !t.Failed() {
					v.disturbed(t, i+1, calls)
				}
			}
		})
	}
	v.counts.check(t, e.scenes)
}

// undisturbed applies the scene's policy, and says which calls that took.
func (v *trial) undisturbed(t *testing.T) []string {
	v.set(t)
	if err := v.apply(t, 0, none); err != nil {
		t.Fatal(err)
	}
	calls := v.gate.seen()
	v.settled(t, "undisturbed")
	return calls
}

// disturbed applies it while one call goes wrong, and once more.
func (v *trial) disturbed(t *testing.T, at, calls int) {
	what := draw(v.scene, troubles())
	name := fmt.Sprintf("call %d of %d: %s", at, calls, what)
	v.set(t)
	if err := v.apply(t, at, what); err != nil && v.mends(what) {
		t.Errorf("%s: it gave up: %v\n%s", name, err, strings.Join(v.gate.seen(), "\n"))
	}
	v.gate.flush()
	if err := v.apply(t, 0, none); err != nil {
		t.Errorf("%s: the next run: %v", name, err)
		return
	}
	v.settled(t, name)
}

func troubles() []trouble {
	return []trouble{conflict, tooMany, crash, unavailable, gone, stranger, cutBefore, cutAfter, late, kill, kill}
}

// mends says whether the client is to get over it by itself. A saved plan is
// carried out as it is, or not at all: two groups of a tier are not in it.
func (v *trial) mends(what trouble) bool {
	return !slices.Contains([]trouble{conflict, kill}, what) && !(v.scene.saved && what == late)
}
