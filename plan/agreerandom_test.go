package plan

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/internal/rounds"
	"sgc.dev/sgc/rule"
)

// agreement draws a policy and a cloud, of which a plan is made.
func (u universe) agreement() (*rule.Set, *rule.State, Options) {
	desired := []rule.Remote{rule.Anyone(), network("10.0.0.0/8"), rule.Tier("web"), rule.Tier("db")}
	set := &rule.Set{Policy: "shop"}
	for _, tier := range []string{"db", "web"} {
		set.Groups = append(set.Groups, rule.Group{Tier: tier, Name: tier, Stateful: true, Rules: access.Minimise(entries(u.rules(4, desired)...), access.Full)})
	}
	s := &rule.State{Project: "p1"}
	for _, tier := range []string{"db", "web", "old"} {
		if u.IntN(3) > 0 {
			s.Groups = append(s.Groups, live("id-"+tier, tier, u.rules(4, liveRemotes)...))
		}
	}
	return set, s, Options{Tidy: u.IntN(3) == 0, DeletesFirst: u.IntN(5) == 0}
}

var liveRemotes = []rule.Remote{
	rule.Anyone(), network("10.0.0.0/8"), network("10.0.0.0/9"), rule.ForeignGroup("id-web"), rule.ForeignGroup("id-old"), rule.ForeignGroup("id-second"),
}

// TestOwnWorkIsAgreed plans anew at every step of a plan that is carried out: nothing is
// left to do but what was agreed to.
func TestOwnWorkIsAgreed(t *testing.T) {
	u := universe{rand.New(rand.NewPCG(9, 30))}
	steps := 0
	n := rounds.Of(40)
	for round := range n {
		set, s, o := u.agreement()
		agreed, carried := mustMake(t, FromSet(set), s, o), mustMake(t, FromSet(set), s, o)
		carryOut(carried, s, func(now *rule.State) {
			steps++
			next := mustMake(t, FromSet(set), now, o)
			if beyond := Beyond([]*Plan{agreed}, []*Plan{next}, bornWith); beyond != nil {
				t.Fatalf("round %d: %v", round, beyond)
			}
		})
	}
	if steps < 5*n {
		t.Errorf("%d steps: the universe is too thin", steps)
	}
}

// sabotage is what another client does to a project.
func (u universe) sabotage(s *rule.State, n int) *rule.State {
	now := &rule.State{Project: s.Project}
	for _, g := range s.Groups {
		g.Rules, g.Tags = slices.Clone(g.Rules), slices.Clone(g.Tags)
		now.Groups = append(now.Groups, g)
	}
	comes := func(id, tier string, rules ...rule.Rule) {
		g := live(id, tier, rules...)
		g.Created = "2026-11-30T00:00:00Z"
		now.Groups = append(now.Groups, g)
	}
	switch tier := []string{"db", "web", "more"}[u.IntN(3)]; u.IntN(3) {
	case 0:
		comes("id-first", tier, append(Born(), u.rules(1, liveRemotes)...)...)
	case 1:
		comes("id-first", tier, bornWith...)
		comes("id-second", tier, u.rules(1, liveRemotes)...)
	}
	if len(now.Groups) == 0 {
		return now
	}
	g := &now.Groups[u.IntN(len(now.Groups))]
	switch u.IntN(6) {
	case 0, 1, 2:
		g.Rules = append(g.Rules, rule.LiveRule{ID: fmt.Sprintf("theirs-%d", n), Rule: u.rule(liveRemotes)})
	case 3:
		g.Rules = g.Rules[:len(g.Rules)/2]
	case 4:
		g.Name, g.Stateful = []string{g.Name, "mail"}[u.IntN(2)], u.IntN(2) == 0
	case 5:
		g.Description = []string{"mail", rule.Mark("other", "web"), "mail " + g.Description}[u.IntN(3)]
	}
	return now
}

// TestNothingBeyondIsLost lets another client change the cloud: a plan that is not beyond the
// agreed one, and that nothing speaks against, takes nothing away but what that said, and what nobody has worked on.
func TestNothingBeyondIsLost(t *testing.T) {
	u := universe{rand.New(rand.NewPCG(30, 9))}
	within, further, taken := 0, 0, 0
	n := rounds.Of(300)
	for round := range n {
		set, then, o := u.agreement()
		now := u.sabotage(then, round)
		agreed := mustMake(t, FromSet(set), then, o)
		next, err := Make(FromSet(set), now, Externals{}, o)
		if err != nil {
			continue
		}
		problems, _ := Check([]*Plan{next}, now, Facts{Quota: Quota{Room{Limit: -1}, Room{Limit: -1}}}, Permits{Destroy: true})
		if problems != nil || Beyond([]*Plan{agreed}, []*Plan{next}, bornWith) != nil {
			further++
			continue
		}
		within++
		shown := map[string]Group{}
		goes := map[string]bool{} // rules by id
		made := map[string]bool{} // tiers
		for _, g := range agreed.Groups {
			shown[g.ID] = g
			made[g.Tier] = made[g.Tier] || g.Action == Create
			for _, l := range g.Remove {
				goes[l.ID] = true
			}
		}
		kept := map[string]rule.LiveGroup{}
		for _, g := range carryOut(mustMake(t, FromSet(set), now, o), now, func(*rule.State) {}).Groups {
			kept[g.ID] = g
		}
		for _, g := range now.Groups {
			_, tier, _ := rule.ParseMark(g.Description)
			end, stays := kept[g.ID]
			if !stays && shown[g.ID].Action != Delete && !made[tier] {
				t.Fatalf("round %d: %s was deleted", round, g.ID)
			}
			fields := shown[g.ID].Fields
			if stays && (g.Name != end.Name && !slices.Contains(fields, Field{"name", g.Name, end.Name}) ||
				g.Description != end.Description && !slices.Contains(fields, Field{"description", g.Description, end.Description}) ||
				g.Stateful != end.Stateful && !slices.Contains(fields, Field{"stateful", fmt.Sprint(g.Stateful), fmt.Sprint(end.Stateful)})) {
				t.Fatalf("round %d: %+v became %+v", round, g, end)
			}
			for _, l := range g.Rules {
				has := func(is func(rule.LiveRule) bool) bool { return slices.ContainsFunc(end.Rules, is) }
				if has(func(e rule.LiveRule) bool { return e.ID == l.ID }) {
					continue
				}
				taken++
				again := has(func(e rule.LiveRule) bool { return e.Rule == l.Rule })
				born := made[tier] && slices.Contains(bornWith, l.Rule)
				remote := worded(l.Rule, now).Remote
				_, there := kept[l.Rule.Remote.Name()]
				gone := remote.Kind() == rule.RemoteTier && made[remote.Name()] && !there // with a second group
				copied := !stays && made[tier] && inside(next, tier, worded(l.Rule, now))
				if !goes[l.ID] && !again && !born && !gone && !copied {
					t.Fatalf("round %d: %s lost %s (%s)", round, g.ID, l, l.ID)
				}
			}
		}
	}
	if min(within, further, taken) < n/6 {
		t.Errorf("%d within, %d beyond, %d rules gone: the universe is too thin", within, further, taken)
	}
}

// worded is a rule with the tier for whichever group of it the remote is.
func worded(r rule.Rule, s *rule.State) rule.Rule {
	for _, g := range s.Groups {
		if policy, tier, _ := rule.ParseMark(g.Description); policy == "shop" && r.Remote == rule.ForeignGroup(g.ID) {
			r.Remote = rule.Tier(tier)
		}
	}
	return r
}

// inside says whether a rule allows no more than what the tier has in the end.
func inside(p *Plan, tier string, r rule.Rule) bool {
	for _, g := range p.Groups {
		if g.Tier == tier && g.stays() {
			return access.Of(append(rulesOf(g.Create), liveRules(g.Stay)...)...).Contains(r)
		}
	}
	return false
}
