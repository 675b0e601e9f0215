package plan

import (
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

// TestQuotaOfSeveral counts what all plans of a run need together.
func TestQuotaOfSeveral(t *testing.T) {
	http := tcp(80, rule.Anyone())
	set := func(policy string, rules ...rule.Rule) *rule.Set {
		return &rule.Set{Policy: policy, Groups: []rule.Group{{Tier: "t", Name: policy, Stateful: true, Rules: entries(rules...)}}}
	}
	sets := []*rule.Set{set("one", http), set("two", http, tcp(443, rule.Anyone()))}
	has := func(policy string, rules ...rule.Rule) rule.LiveGroup {
		g := live("id-"+policy, "t", rules...)
		g.Name, g.Description, g.Tags = policy, rule.Mark(policy, "t"), rule.OwnershipTags(policy, "t")
		return g
	}
	old := live("id-old", "old", http)
	old.Description = rule.Mark("one", "old")
	for name, c := range map[string]struct {
		groups []rule.LiveGroup
		o      Options
		quota  Quota
		want   string
	}{
		// Two groups, with two rules that each is born with and three that are created.
		"room": {nil, Options{}, Quota{Room{12, 10}, Room{27, 20}}, ""},
		"a group too many": {nil, Options{}, Quota{Room{11, 10}, Room{27, 20}},
			"the quota of security groups is 11, with 10 in use: this needs 12 in all; --over-quota goes on all the same"},
		"a rule too many": {nil, Options{}, Quota{Room{12, 10}, Room{26, 20}},
			"the quota of security group rules is 26, with 20 in use: this needs 27 in all while it creates before it deletes, and 23 at the end: --allow-interruption deletes first; --over-quota goes on all the same"},
		"no limit": {nil, Options{}, Quota{Room{-1, 10}, Room{-1, 20}}, ""},
		// One loses two rules and gets one, two gets one.
		"room for what comes before anything goes": {[]rule.LiveGroup{has("one", tcp(1, rule.Anyone()), tcp(2, rule.Anyone())), has("two", http)}, Options{},
			Quota{Room{2, 2}, Room{5, 3}}, ""},
		"no room before anything goes": {[]rule.LiveGroup{has("one", tcp(1, rule.Anyone()), tcp(2, rule.Anyone())), has("two", http)}, Options{},
			Quota{Room{2, 2}, Room{4, 3}},
			"the quota of security group rules is 4, with 3 in use: this needs 5 in all while it creates before it deletes, and 3 at the end: --allow-interruption deletes first; --over-quota goes on all the same"},
		"no room in the end": {[]rule.LiveGroup{has("one", tcp(1, rule.Anyone()), tcp(2, rule.Anyone())), has("two", http)}, Options{},
			Quota{Room{2, 2}, Room{2, 3}},
			"the quota of security group rules is 2, with 3 in use: this needs 5 in all; --over-quota goes on all the same"},
		"interrupted": {[]rule.LiveGroup{has("one", tcp(1, rule.Anyone()), tcp(2, rule.Anyone())), has("two", http)}, Options{DeletesFirst: true},
			Quota{Room{2, 2}, Room{3, 3}}, ""},
		// One loses a group with a rule, two gets one.
		"a group goes after one comes": {[]rule.LiveGroup{has("one", http), old}, Options{}, Quota{Room{2, 2}, Room{9, 2}},
			"the quota of security groups is 2, with 2 in use: this needs 3 in all while it creates before it deletes, and 2 at the end: --allow-interruption deletes first; --over-quota goes on all the same"},
		"a group goes before one comes": {[]rule.LiveGroup{has("one", http), old}, Options{DeletesFirst: true}, Quota{Room{2, 2}, Room{3, 2}}, ""},
	} {
		s := &rule.State{Project: "p1", Groups: c.groups}
		plans := mustDocument(t, sets, s, c.o).Plans
		if !NeedsOf(plans).Quota || NeedsOf(plans[:0]).Quota {
			t.Errorf("%s: %+v", name, NeedsOf(plans))
		}
		facts := Facts{Quota: c.quota, Ports: map[string][]Port{}}
		problems, notes := Check(plans, s, facts, Permits{Destroy: true})
		if got := problems.Error(); got != c.want || notes != nil {
			t.Errorf("%s:\n%s, %v\nnot\n%s", name, got, notes, c.want)
		}
		problems, notes = Check(plans, s, facts, Permits{Destroy: true, OverQuota: true})
		if got := Problems(notes).Error(); got != strings.TrimSuffix(c.want, "; --over-quota goes on all the same") || problems != nil {
			t.Errorf("%s, permitted:\n%s, %v\nnot\n%s", name, got, problems, c.want)
		}
	}
}

// TestCircle plans for policies that name each other's groups before there are any.
func TestCircle(t *testing.T) {
	set := func(policy, other string, port uint16) *rule.Set {
		return &rule.Set{
			Policy:  policy,
			Groups:  []rule.Group{{Tier: "t", Name: policy, Stateful: true, Rules: entries(tcp(port, rule.ForeignGroup("peer")), tcp(port+1, rule.Tier("t")))}},
			Foreign: []rule.External{{Key: "peer", Name: other, Pos: rule.Pos{File: policy + ".cue", Line: 2, Column: 3}}},
		}
	}
	sets := []*rule.Set{set("one", "two", 80), set("two", "one", 90)}
	s := &rule.State{Project: "p1", Groups: []rule.LiveGroup{{ID: "id-x", Name: "theirs"}}}
	plan := func(s *rule.State) ([]*Plan, *rule.State) {
		var plans []*Plan
		for i, set := range sets {
			x := Externals{Groups: map[string]string{"peer": ToBeMade(sets[1-i].Policy, "t")}}
			p, err := Make(FromSet(set), s, x, Options{})
			if err != nil {
				t.Fatal(err)
			}
			plans, s = append(plans, p), p.After(s)
		}
		return plans, s
	}
	plans, end := plan(s)
	for i, want := range []string{
		`one.cue:2:3: security group "two" does not exist yet: policy two makes it`,
		`two.cue:2:3: security group "one" does not exist yet: policy one makes it`,
	} {
		if got := Problems(plans[i].Notes).Error(); got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
	remotes := map[string][]rule.Remote{}
	for _, g := range end.Groups {
		for _, l := range g.Rules {
			remotes[g.ID] = append(remotes[g.ID], l.Rule.Remote)
		}
	}
	one, two := rule.ForeignGroup("to be made [sgc:one/t]"), rule.ForeignGroup("to be made [sgc:two/t]")
	if !slices.Equal(remotes[one.Name()], []rule.Remote{two, one}) || !slices.Equal(remotes[two.Name()], []rule.Remote{one, two}) || len(end.Groups) != 3 {
		t.Errorf("%v", remotes)
	}
	if next, _ := plan(end); !next[0].Empty() || !next[1].Empty() {
		t.Errorf("%s\n%s", next[0].Summary(), next[1].Summary())
	}
	if policy, tier, made := Maker(one.Name()); policy != "one" || tier != "t" || !made {
		t.Errorf("%s, %s, %t", policy, tier, made)
	}
	for _, id := range []string{"id-x", "", "[sgc:one/t]", "to be made [sgc:one/t] ", "to be made  [sgc:one/t]", "to be made"} {
		if _, _, made := Maker(id); made {
			t.Errorf("%q is to be made", id)
		}
	}
	room := Facts{Quota: Quota{Room{Limit: 3, Used: 1}, Room{Limit: 8, Used: 0}}}
	if problems, notes := Check(plans, s, room, Permits{}); problems != nil || notes != nil {
		t.Errorf("%v, %v", problems, notes)
	}
}

// TestCascadeOfSeveral judges rules that a deleted group takes along by what they are once
// all plans are carried out.
func TestCascadeOfSeveral(t *testing.T) {
	set := func(policy string, foreign bool, tiers ...string) *rule.Set {
		s := &rule.Set{Policy: policy}
		for _, tier := range tiers {
			g := rule.Group{Tier: tier, Name: policy + "-" + tier, Stateful: true}
			if foreign {
				g.Rules = entries(tcp(80, rule.ForeignGroup("old")))
			}
			s.Groups = append(s.Groups, g)
		}
		if foreign {
			s.Foreign = []rule.External{{Key: "old", ID: "id-old"}}
		}
		return s
	}
	has := func(policy, tier string, remotes ...string) rule.LiveGroup {
		g := live("id-"+tier, tier)
		g.Name, g.Description, g.Tags = policy+"-"+tier, rule.Mark(policy, tier), rule.OwnershipTags(policy, tier)
		for _, remote := range remotes {
			g.Rules = append(g.Rules, rule.LiveRule{ID: "r-" + tier, Rule: tcp(80, rule.ForeignGroup(remote)), Description: "r"})
		}
		return g
	}
	mine := has("one", "old")
	x := Externals{Groups: map[string]string{"old": "id-old"}}
	for name, c := range map[string]struct {
		groups []rule.LiveGroup
		other  *rule.Set
		first  bool // whether the other policy comes first
		want   string
	}{
		"nobody names it":              {[]rule.LiveGroup{mine, has("two", "web")}, set("two", false, "web"), false, ""},
		"another policy lets go of it": {[]rule.LiveGroup{mine, has("two", "web", "id-old")}, set("two", false, "web"), false, ""},
		"another policy let go of it":  {[]rule.LiveGroup{mine, has("two", "web", "id-old")}, set("two", false, "web"), true, ""},
		"another policy's group goes":  {[]rule.LiveGroup{mine, has("two", "api", "id-old")}, set("two", false), false, ""},
		"another policy names it": {[]rule.LiveGroup{mine, has("two", "web", "id-old")}, set("two", true, "web"), true,
			"deleting group one-old (id-old) would also delete a rule of group two-web (id-web), which belongs to policy two: ingress IPv4 tcp/80 from group one-old (r-web); change or destroy that policy first"},
		"another policy is to name it": {[]rule.LiveGroup{mine, has("two", "web")}, set("two", true, "web"), true,
			"deleting group one-old (id-old) would also delete a rule of group two-web (id-web), which belongs to policy two: ingress IPv4 tcp/80 from group one-old; change or destroy that policy first"},
		"a new group is to name it": {[]rule.LiveGroup{mine}, set("two", true, "web"), true,
			"deleting group one-old (id-old) would also delete a rule of group two-web, which belongs to policy two: ingress IPv4 tcp/80 from group one-old; change or destroy that policy first"},
		"a policy that is not part of it": {[]rule.LiveGroup{mine, has("three", "api", "id-old")}, set("two", false), false,
			"deleting group one-old (id-old) would also delete a rule of group three-api (id-api), which belongs to policy three: ingress IPv4 tcp/80 from group one-old (r-api); change or destroy that policy first"},
	} {
		s := &rule.State{Project: "p1", Groups: c.groups}
		sets := []*rule.Set{set("one", false), c.other}
		if c.first {
			slices.Reverse(sets)
		}
		var plans []*Plan
		now := s
		for _, set := range sets {
			p, err := Make(FromSet(set), now, x, Options{})
			if err != nil {
				t.Fatal(err)
			}
			plans, now = append(plans, p), p.After(now)
		}
		problems, _ := Check(plans, s, Facts{Quota: Quota{Room{Limit: -1}, Room{Limit: -1}}}, Permits{Destroy: true})
		if got := problems.Error(); got != c.want {
			t.Errorf("%s:\n%s\nnot\n%s", name, got, c.want)
		}
	}
}

// TestTogether refuses plans of which one changes what another does.
func TestTogether(t *testing.T) {
	set := func(policy string) *rule.Set {
		return &rule.Set{Policy: policy, Groups: []rule.Group{{Tier: "t", Name: "g", Stateful: true, Pos: rule.Pos{File: policy + ".cue", Line: 5, Column: 7}}}}
	}
	g := live("id-g", "t")
	g.Name, g.Description = "g", rule.Mark("one", "t")
	s := &rule.State{Project: "p1", Groups: []rule.LiveGroup{g}}
	plans := mustDocument(t, []*rule.Set{set("one"), set("two")}, s, Options{AdoptFrom: "one"}).Plans
	problems, _ := Check(plans, s, Facts{}, Permits{})
	if got, want := problems.Error(), "two.cue:5:7: policies one and two both change security group g (id-g): apply one of them first"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
	if problems, _ := Check(plans[1:], s, Facts{}, Permits{}); problems != nil {
		t.Error(problems)
	}
}
