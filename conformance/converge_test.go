package conformance

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

var scenes = flag.Int("scenes", 50, "how many random `policies` TestConverge applies")

// TestConverge applies random policies to random states of a project, again and
// again, and in some of them has each call go wrong in turn.
func TestConverge(t *testing.T) {
	e := effort{scenes: *scenes, undisturbed: 6}
	if testing.Short() {
		e.scenes = min(e.scenes, 12)
	}
	converge(t, newSandboxProject(t), e)
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

// A trial is one scene after the other in one project.
type trial struct {
	project
	*universe
	gate   *gate
	counts counts

	scene  *scene
	ids    map[string]string // of what is there before, by label
	before view
	old    map[string]flows // by id
	new    map[string]flows // by tier
	none   flows
	born   flows
}

// counts is what a search came across. One that comes across nothing shows nothing.
type counts struct{ writes, kept, closed int }

func (c counts) check(t *testing.T, scenes int) {
	if c.writes < 20*scenes || c.kept < 1000*scenes || c.closed < 1000*scenes {
		t.Errorf("%d scenes, %d calls that changed something, %d times a packet that has to pass and %d that must not: the search is too thin",
			scenes, c.writes, c.kept, c.closed)
	}
}

func newTrial(t *testing.T, p project) *trial {
	u := newUniverse()
	v := &trial{project: p, universe: u, gate: newGate(t, p.account()), none: make(flows, len(u.packets))}
	v.born = u.of((*scene).born4and6(nil), nil)
	for _, e := range os.Environ() {
		if name, _, _ := strings.Cut(e, "="); strings.HasPrefix(name, "OS_") {
			t.Setenv(name, "")
		}
	}
	for _, e := range p.account().env {
		name, value, _ := strings.Cut(e, "=")
		t.Setenv(name, value)
	}
	t.Setenv("OS_AUTH_URL", v.gate.server.URL+identityPath)
	// A cloud makes the default group when one first lists the groups.
	p.account().neutron.must(t, http.MethodGet, "/v2.0/security-groups", nil, nil)
	return v
}

// set plants the scene in the empty project.
func (v *trial) set(t *testing.T) {
	t.Helper()
	v.gate.flush()
	v.wipe(t)
	v.ids = map[string]string{}
	for _, name := range addressGroupLabels() {
		v.ids[name] = v.addressGroup(t, name+"-ag")
	}
	var groups []liveGroup
	for _, p := range v.scene.planted {
		groups = append(groups, p.liveGroup)
	}
	for i, id := range v.plant(t, groups) {
		v.ids[v.scene.planted[i].label] = id
	}
	for _, p := range v.scene.planted {
		var rules []liveRule
		for _, r := range p.Rules {
			if r.Group != nil {
				id := v.ids[*r.Group]
				r.Group = &id
			}
			if r.AddressGroup != nil {
				id := v.ids[*r.AddressGroup]
				r.AddressGroup = &id
			}
			rules = append(rules, r)
		}
		v.plantRules(t, v.ids[p.label], rules)
	}
	v.eldest(t)
	v.scene.set.Foreign[1].ID = v.ids["partner"]
	v.before = v.view(t)
	v.old, v.new = map[string]flows{}, map[string]flows{}
	for _, g := range v.before.groups {
		v.old[g.ID] = v.of(g.Rules, v.before.label)
	}
	for _, g := range v.scene.set.Groups {
		v.new[g.Tier] = v.wanted(g.Rules)
	}
}

// addressGroup is the id of the one of that name, which is made where it is missing.
func (v *trial) addressGroup(t *testing.T, name string) string {
	t.Helper()
	var list struct {
		All []struct{ ID string } `json:"address_groups"`
	}
	v.account().neutron.must(t, http.MethodGet, "/v2.0/address-groups?name="+name, nil, &list)
	if len(list.All) > 0 {
		return list.All[0].ID
	}
	var made struct {
		One struct{ ID string } `json:"address_group"`
	}
	v.account().neutron.must(t, http.MethodPost, "/v2.0/address-groups",
		body{"address_group": body{"name": name, "addresses": []string{"203.0.113.0/24"}}}, &made)
	return made.One.ID
}

// eldest sees which of two groups of a tier is the tier's.
func (v *trial) eldest(t *testing.T) {
	if v.scene.twin == "" {
		return
	}
	var answer struct {
		Groups []liveGroup `json:"security_groups"`
	}
	a := v.account()
	a.neutron.must(t, http.MethodGet, "/v2.0/security-groups?project_id="+a.projectID, nil, &answer)
	age := map[string]string{}
	for _, g := range answer.Groups {
		age[g.ID] = g.Created + g.ID
	}
	tier := "tier " + v.scene.twin
	if age[v.ids["twin"]] < age[v.ids[tier]] {
		v.ids["twin"], v.ids[tier] = v.ids[tier], v.ids["twin"]
	}
}

// view is the project at one moment.
type view struct {
	groups []liveGroup
	labels map[string]string // by id. A group that is new stands for its tier.
}

func (v *trial) view(t testing.TB) view {
	now := view{v.groups(t), map[string]string{}}
	for _, g := range now.groups {
		if policy, tier, ok := rule.ParseMark(g.Description); ok && policy == scenePolicy {
			now.labels[g.ID] = "tier " + tier
		}
	}
	for label, id := range v.ids {
		now.labels[id] = label
	}
	return now
}

func (n view) label(id string) string { return cmp.Or(n.labels[id], id) }

func (v *trial) job() neutron.Job {
	return neutron.Job{Desired: plan.FromSet(v.scene.set), Set: v.scene.set, Options: v.scene.options, Permits: plan.Permits{Destroy: true}}
}

// connect finds the cloud by the environment, as sgc does.
func connect() (*neutron.Client, error) {
	return neutron.Connect(context.Background(), neutron.Options{Pause: time.Nanosecond})
}

// apply applies the policy while one call goes wrong.
func (v *trial) apply(t *testing.T, at int, what trouble) error {
	t.Helper()
	v.gate.open(at, what, func(call string) {
		if !t.Failed() {
			v.look(t, call)
		}
	})
	return carryOut(v.job(), v.scene.saved, func(why *neutron.Changed) {
		if what == none {
			t.Errorf("it planned again, with nobody else at work: %v", why)
		}
	})
}

// carryOut does what sgc apply does, or sgc plan -o and sgc apply --plan.
func carryOut(j neutron.Job, saved bool, replan func(*neutron.Changed)) error {
	ctx := context.Background()
	client, err := connect()
	if err != nil {
		return err
	}
	p, err := client.Plan(ctx, j)
	if err != nil {
		return err
	}
	if p.Problems != nil {
		return p.Problems
	}
	if !saved {
		return client.Converge(ctx, j, p, neutron.ApplyOptions{}, replan)
	}
	var file bytes.Buffer
	if err := plan.JSON(&file, p.Plan); err != nil {
		return err
	}
	read, err := plan.Parse(file.Bytes())
	if err != nil {
		return err
	}
	if p, err = client.Review(ctx, read, j.Permits); err != nil {
		return err
	}
	return client.Apply(ctx, p.Plan, neutron.ApplyOptions{Saved: true})
}

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
	if g.Name != want.Name || g.Stateful != want.Stateful || g.Description != want.CloudDescription(scenePolicy) {
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
	p, err := client.Plan(context.Background(), v.job())
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if !p.Plan.Empty() || p.Problems != nil {
		var words bytes.Buffer
		plan.Text(&words, p.Plan)
		t.Errorf("%s: something is left to do: %v\n%s", name, p.Problems, words.String())
	}
	if want := []string{"GET /v2.0/security-groups", "GET /v2.0/address-groups"}; !slices.Equal(v.gate.seen(), want) {
		t.Errorf("%s: a plan of nothing took %q", name, v.gate.seen())
	}
}
