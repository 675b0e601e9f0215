package conformance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/carryout"
	"sgc.dev/sgc/internal/rounds"
	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// TestSabotage applies and destroys random policies while another client does something
// to any of the groups, before and after each call in turn.
func TestSabotage(t *testing.T) {
	sabotage(t, newSandboxProject(t), effort{scenes: 1 + rounds.Of(1)/2})
}

// sabotage shows, for as many scenes: whatever another client does at any moment, the run
// does no more than was agreed to; what is not or no longer the policy's it leaves alone,
// but for calls that were under way, which it names; what it saved brings back what went by
// its hand; it ends, well only where the cloud is as planned; and so does another run.
func sabotage(t *testing.T, p project, e effort) {
	v := newTrial(t, p)
	struck := map[string]int{}
	for seed := range e.scenes {
		t.Run(fmt.Sprint("scene ", seed), func(t *testing.T) {
			v.scene = newScene(uint64(5002 + seed))
			v.scene.saved = false
			defer func() {
				if t.Failed() {
					t.Log(v.scene)
				}
			}()
			destroys := v.scene.one(4)
			_, calls := v.sabotaged(t, destroys, strike{})
			order := v.scene.Perm(2 * calls)
			if e.calls > 0 {
				order = order[:min(e.calls, 2*calls)]
			}
			for _, i := range order {
				if t.Failed() {
					return
				}
				s := strike{at: 1 + i/2, acted: i%2 == 1, move: draw(v.scene, moves())}
				if hit, _ := v.sabotaged(t, destroys, s); hit {
					struck[s.move.name]++
				}
			}
		})
	}
	for _, m := range moves() {
		if struck[m.name] == 0 && e.calls == 0 {
			t.Errorf("nobody ever %s", m.name)
		}
	}
}

// A strike is when another client does what: before the call of that number acts, or after
// it has and before it is answered. The zero strike is none.
type strike struct {
	at    int
	acted bool
	move  move
}

func (s strike) String() string {
	when := "before"
	if s.acted {
		when = "after"
	}
	return fmt.Sprintf("%s call %d somebody %s", when, s.at, s.move.name)
}

// sabotaged plans for the scene and carries out what comes of it, while others are at work.
// It says whether the strike hit anything, and how many calls there were.
func (v *trial) sabotaged(t *testing.T, destroys bool, s strike) (bool, int) {
	t.Helper()
	v.set(t)
	j := v.job()
	if destroys {
		j = apply.Job{Desired: plan.Gone(v.scene.set), Lookup: apply.Shown}
	}
	var l *ledger
	var hit []string // ids
	struckAt := ""   // the call
	last := 0        // the last list that acted
	v.gate.openTo(func(n int, call string, acted bool) {
		writes := !strings.HasPrefix(call, "GET ")
		if acted && writes && l != nil {
			l.judge(n, call, v.view(t))
		}
		if n == s.at && acted == s.acted {
			hit, struckAt = s.move.do(saboteur{v}, t, v.view(t)), call
		}
		switch {
		case !acted && writes && l == nil:
			t.Errorf("%s: %s before anything was agreed to", s, call)
		case !acted && writes:
			l.was = v.view(t)
		case acted && isList(call):
			last = n
		}
	})
	client, err := connect()
	if err != nil {
		t.Fatal(err)
	}
	r, err := apply.Plan(context.Background(), client, []apply.Job{j}, allPermits())
	if err == nil && r.Problems != nil {
		err = r.Problems
	}
	if err != nil {
		if hit == nil {
			if destroys && errors.As(err, new(plan.Problems)) { // a rule of somebody else's may forbid it
				return false, 0
			}
			t.Fatalf("%s: %v", s, err)
		}
		return true, 0
	}
	l = newLedger(v, s, r, destroys)
	err = apply.CarryOut(context.Background(), client, apply.Agreement{Jobs: []apply.Job{j}, Permits: allPermits(), Agreed: r, Aged: v.scene.one(3)}, l)
	calls := v.gate.seen()
	v.gate.open(0, none, nil)
	name := fmt.Sprintf("%s (%s), to %q", s, struckAt, hit)
	defer func() {
		if t.Failed() {
			t.Logf("%s: it ended with %v, told %q\n%s", name, err, l.told, strings.Join(calls, "\n"))
		}
	}()
	for _, w := range l.wrong {
		t.Errorf("%s: %s", name, w)
	}
	if hit == nil && err != nil {
		t.Errorf("%s: %v", name, err)
	}
	l.strayed(t, name, !s.acted && isList(struckAt), fmt.Sprint(err, l.told))
	// What a run does not look for: the same rule twice, and, where all is to go, what comes.
	overlooks := s.move.name == addsCovered && v.scene.options.Tidy || s.move.name == joins && destroys
	if err == nil && !overlooks && (hit == nil || s.at < last || s.at == last && !s.acted) {
		v.asPlanned(t, name, j)
	}
	if v.scene.one(2) {
		v.restores(t, name, l, hit)
	} else {
		v.onceMore(t, name, j, hit)
	}
	return hit != nil, len(calls)
}

func markOf(g liveGroup) string {
	policy, tier, _ := rule.ParseMark(g.Description)
	return rule.Mark(policy, tier)
}

func isList(call string) bool { return call == "GET "+groupsPath }

// strayed holds what went to groups of others to the calls that were under way, which the
// run has to name; where a list was to show the strike, there were none.
func (l *ledger) strayed(t *testing.T, name string, listed bool, said string) {
	t.Helper()
	if len(l.astray) > neutron.Parallel || listed && len(l.astray) > 0 {
		t.Errorf("%s: to groups of others went %+v", name, l.astray)
	}
	for _, a := range l.astray {
		if !a.unseen && (!strings.Contains(said, a.group) || !strings.Contains(said, a.what)) {
			t.Errorf("%s: %+v is not named in %q", name, a, said)
		}
	}
}

// asPlanned demands that a plan from the cloud as it is has nothing to do.
func (v *trial) asPlanned(t *testing.T, name string, j apply.Job) {
	t.Helper()
	client, err := connect()
	if err != nil {
		t.Fatal(err)
	}
	r, err := apply.Plan(context.Background(), client, []apply.Job{j}, allPermits())
	if err != nil || !r.Empty() || r.Problems != nil {
		t.Errorf("%s: the run ended well, and something is left: %v %+v", name, err, r)
	}
}

// restores goes back by what the run saved, the last first, and demands all that went by the
// run's hand. What others have made of a group may forbid it, which it then says.
func (v *trial) restores(t *testing.T, name string, l *ledger, hit []string) {
	t.Helper()
	for _, r := range l.gone {
		if !slices.ContainsFunc(l.shots, func(shot plan.Snapshot) bool { return holdsRule(shot, r) }) {
			t.Errorf("%s: rule %s of group %s went, and is in no snapshot: %s", name, r.rule.ID, r.label, r.rule.words())
		}
	}
	for _, shot := range slices.Backward(l.shots) {
		err := goBack(shot)
		var unfinished *carryout.Unfinished
		switch {
		case err == nil:
		case hit == nil, errors.As(err, &unfinished):
			t.Errorf("%s: going back: %v", name, err)
			return
		default:
			return
		}
	}
	now := v.view(t)
	for _, g := range now.groups {
		if id := v.ids[now.label(g.ID)]; id != "" && id != g.ID {
			delete(now.labels, g.ID) // it is that group only if it has come in its place
		}
		for _, b := range v.before.groups {
			_, _, marked := rule.ParseMark(g.Description)
			if v.before.label(g.ID) == g.ID && v.before.label(b.ID) != "twin" && (b.Description == g.Description || marked && markOf(b) == markOf(g)) {
				now.labels[g.ID] = v.before.label(b.ID)
				break
			}
		}
	}
	label := l.stands(now)
	for _, r := range l.gone {
		at := slices.IndexFunc(now.groups, func(g liveGroup) bool { return g.ID == r.group })
		if at < 0 { // another has come in its place
			at = slices.IndexFunc(now.groups, func(g liveGroup) bool { return label(g.ID) == r.label })
		}
		switch {
		case r.twin || l.beside(r.group) || r.rule.Group != nil && (*r.rule.Group == v.ids["twin"] || l.beside(*r.rule.Group)) || opaque(r.rule) || r.rule.AddressGroup != nil:
		case at < 0:
			t.Errorf("%s: group %s has not come back", name, r.label)
		default:
			if p, closed := v.first(v.of([]liveRule{r.rule}, v.before.label), v.of(now.groups[at].Rules, label)); closed {
				t.Errorf("%s: group %s was open to %+v by a rule that went: %s", name, r.label, p, r.rule.words())
			}
		}
	}
}

func holdsRule(shot plan.Snapshot, r removed) bool {
	return slices.ContainsFunc(shot.State.Groups, func(g rule.LiveGroup) bool {
		return g.ID == r.group && slices.ContainsFunc(g.Rules, func(l rule.LiveRule) bool { return l.ID == r.rule.ID })
	})
}

// onceMore runs again, undisturbed: that ends well, or says plainly why it cannot begin.
func (v *trial) onceMore(t *testing.T, name string, j apply.Job, hit []string) {
	t.Helper()
	err := carryOut(j, nil, nil)
	var unfinished *carryout.Unfinished
	switch {
	case err == nil:
		v.asPlanned(t, name+", once more", j)
	case hit == nil, errors.As(err, &unfinished):
		t.Errorf("%s: once more: %v", name, err)
	}
}
