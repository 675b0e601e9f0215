package conformance

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/carryout"
	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

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

func (v *trial) job() apply.Job {
	return apply.Job{Desired: plan.FromSet(v.scene.set), Options: v.scene.options}
}

// permits are those that nobody holds a trial up for.
func allPermits() plan.Permits { return plan.Permits{Destroy: true} }

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
	saved := v.scene.set
	if !v.scene.saved {
		saved = nil
	}
	return carryOut(v.job(), saved, func(why *carryout.Changed) {
		if what == none {
			t.Errorf("it planned again, with nobody else at work: %v", why)
		}
	})
}

// quiet is a watcher that agrees to nothing more than what was planned.
type quiet struct{ replanned func(*carryout.Changed) }

func (quiet) Agree(_ *apply.Round, beyond plan.Problems) error { return beyond }
func (quiet) Save(*apply.Round) error                          { return nil }
func (quiet) Did(carryout.Event)                               {}
func (quiet) Settled(*rule.State)                              {}
func (q quiet) Replanned(why *carryout.Changed) {
	if q.replanned != nil {
		q.replanned(why)
	}
}

// carryOut does what sgc apply does; or, with the policy that the job is made from, sgc plan -o
// and sgc apply --plan.
func carryOut(j apply.Job, saved *rule.Set, replanned func(*carryout.Changed)) error {
	client, err := connect()
	if err != nil {
		return err
	}
	if saved != nil {
		return carryOutSaved(client, saved, j.Options, quiet{replanned})
	}
	return carryOutWith(client, j, quiet{replanned})
}

func carryOutWith(client *neutron.Client, j apply.Job, w apply.Watcher) error {
	r, err := apply.Plan(context.Background(), client, []apply.Job{j}, allPermits())
	switch {
	case err != nil:
		return err
	case r.Problems != nil:
		return r.Problems
	}
	return apply.CarryOut(context.Background(), client, apply.Agreement{Jobs: []apply.Job{j}, Permits: allPermits(), Agreed: r}, w)
}

// carryOutSaved writes the plan to a file, reads it, and carries out what is made of it.
func carryOutSaved(client *neutron.Client, set *rule.Set, o plan.Options, w apply.Watcher) error {
	j := apply.Job{Desired: plan.FromSet(set), Options: o}
	r, err := apply.Plan(context.Background(), client, []apply.Job{j}, allPermits())
	switch {
	case err != nil:
		return err
	case r.Problems != nil:
		return r.Problems
	}
	var file bytes.Buffer
	if err := (&plan.Document{Place: r.Place, Options: j.Options, Plans: r.Plans, Policies: []*rule.Set{set}}).Write(&file); err != nil {
		return err
	}
	read, err := plan.ParseDocument(file.Bytes())
	if err != nil {
		return err
	}
	j = apply.Job{Desired: plan.FromSet(read.Policies[0]), Options: read.Options}
	if r, err = apply.Plan(context.Background(), client, []apply.Job{j}, allPermits()); err != nil {
		return err
	}
	now := *read
	now.Plans = r.Plans
	if stale := read.Differs(&now); stale != nil {
		return stale
	}
	return apply.CarryOut(context.Background(), client, apply.Agreement{Jobs: []apply.Job{j}, Permits: allPermits(), Agreed: r}, w)
}
