package plan

import (
	"slices"
	"testing"

	"sgc.dev/sgc/rule"
)

// TestBeyond has a plan agreed to, the cloud changed, and what is planned then held to it.
func TestBeyond(t *testing.T) {
	http, ssh, sql := tcp(80, rule.Anyone()), tcp(22, rule.Anyone()), tcp(3306, rule.Anyone())
	more := func(id string, r rule.Rule) rule.LiveRule { return rule.LiveRule{ID: id, Rule: r} }
	adds := func(at int, l ...rule.LiveRule) func(*rule.State) {
		return func(s *rule.State) { s.Groups[at].Rules = append(s.Groups[at].Rules, l...) }
	}
	comes := func(g ...rule.LiveGroup) func(*rule.State) {
		return func(s *rule.State) { s.Groups = append(s.Groups, g...) }
	}
	loses := func(at int) func(*rule.State) {
		return func(s *rule.State) { s.Groups = slices.Delete(s.Groups, at, at+1) }
	}
	both := func(changes ...func(*rule.State)) func(*rule.State) {
		return func(s *rule.State) {
			for _, change := range changes {
				change(s)
			}
		}
	}
	second := func(g rule.LiveGroup) rule.LiveGroup {
		g.Created = "2026-11-30T00:00:00Z"
		return g
	}
	fresh := func(id string, rules ...rule.Rule) rule.LiveGroup {
		g := live(id, "db", rules...)
		g.Tags = nil
		return g
	}
	called := func(name string, g rule.LiveGroup) rule.LiveGroup {
		g.Name = name
		return g
	}
	eldest := live("id-eldest", "web", http)
	eldest.Created = "2026-10-01T00:00:00Z"
	nobodys := rule.LiveGroup{ID: "id-db", Name: "db", Description: "by hand", Stateful: true}
	policy := shopSet(http)
	policy.Groups[0].Pos, policy.Groups[1].Pos = rule.Pos{File: "p.cue", Line: 4, Column: 2}, rule.Pos{File: "p.cue", Line: 9, Column: 3}
	some, one := Options{Adopt: true, AdoptOnly: rule.Globs{"web"}}, Options{Adopt: true, AdoptOnly: rule.Globs{"db"}}
	bare := func(s *rule.State) { s.Groups[0].Rules = nil }
	nobodysWeb := both(bare, func(s *rule.State) { s.Groups[1].Description, s.Groups[1].Tags = "by hand", nil })
	another := func(was, is string) string {
		return "p.cue:4:2: group db would have rules that name tier web, which was " + was + " and is " + is + " now"
	}
	for name, c := range map[string]struct {
		o             Options
		before, since func(*rule.State) // nil: nothing
		want          string
	}{
		// Everything begins with db as it should be, web with ssh, which goes, and old, which goes.
		"the same":                 {want: ""},
		"less: a rule is gone":     {since: func(s *rule.State) { s.Groups[1].Rules = s.Groups[1].Rules[1:] }},
		"less: a group is gone":    {since: loses(2)},
		"less: all is done":        {since: func(s *rule.State) { *s = *settled(http) }},
		"a group to be made again": {since: loses(0), want: "p.cue:4:2: group db (id-db) is gone, and another one would be created"},
		"what opens":               {since: func(s *rule.State) { s.Groups[1].Rules = s.Groups[1].Rules[:1] }},
		"a rule in one that changes": {since: adds(1, more("r3", sql)),
			want: "p.cue:9:3: group web (id-web) would lose a rule that has been added since: ingress IPv4 tcp/3306 from anyone (r3)"},
		"a rule that nobody can tell": {since: adds(1, rule.LiveRule{ID: "r4", Words: "udplite ports 1-2"}),
			want: "p.cue:9:3: group web (id-web) would lose a rule that has been added since: udplite ports 1-2 (r4)"},
		"a rule that went, by another id": {since: func(s *rule.State) { s.Groups[1].Rules[1].ID = "r5" },
			want: "p.cue:9:3: group web (id-web) would lose a rule that has been added since: ingress IPv4 tcp/22 from anyone (r5)"},
		"a rule in one that goes": {since: adds(2, more("r6", sql)),
			want: "group old (id-old) would lose a rule that has been added since: ingress IPv4 tcp/3306 from anyone (r6)"},
		"a rule in one that stays": {since: adds(0, more("r7", sql)),
			want: "p.cue:4:2: group db (id-db) would change, although it was to stay as it is\n" +
				"p.cue:4:2: group db (id-db) would lose a rule that has been added since: ingress IPv4 tcp/3306 from anyone (r7)"},
		"a rule less in one that stays": {since: func(s *rule.State) { s.Groups[0].Rules = nil },
			want: "p.cue:4:2: group db (id-db) would change, although it was to stay as it is"},
		"a true duplicate of what stays": {o: Options{Tidy: true}, since: adds(1, more("r8", http))},
		"a true duplicate of what goes": {o: Options{Tidy: true}, since: adds(1, more("r9", ssh)),
			want: "p.cue:9:3: group web (id-web) would lose a rule that has been added since: ingress IPv4 tcp/22 from anyone (r9)"},
		"a rule inside of one that stays": {o: Options{Tidy: true}, since: adds(1, more("r10", tcp(80, network("10.0.0.0/8")))),
			want: "p.cue:9:3: group web (id-web) would lose a rule that has been added since: ingress IPv4 tcp/80 from 10.0.0.0/8 (r10)"},
		"a born rule in one that was there": {since: adds(1, more("r11", bornWith[0])),
			want: "p.cue:9:3: group web (id-web) would lose a rule that has been added since: egress IPv4 any to anyone (r11)"},
		"a group more that goes": {since: comes(live("id-cache", "cache")),
			want: "group cache (id-cache) would be deleted"},
		"a group more that goes, and its rules": {since: comes(live("id-cache", "cache", sql)),
			want: "group cache (id-cache) would be deleted"},
		"a twin of a tier that was there": {since: comes(second(live("id-twin", "web", bornWith...))),
			want: "p.cue:9:3: group web (id-twin) would be deleted"},
		"an elder twin": {since: comes(eldest),
			want: "p.cue:4:2: group db (id-db) would change, although it was to stay as it is\n" +
				"p.cue:4:2: group db (id-db) would lose a rule that has been added since: ingress IPv4 tcp/5432 from group web (id-web) (id-db-a)\n" +
				"p.cue:9:3: group web (id-web) would be deleted\n" +
				"p.cue:4:2: group db would have rules that name tier web, which was id-web and is id-eldest now"},
		"a name": {since: func(s *rule.State) { s.Groups[1].Name = "www" },
			want: `p.cue:9:3: group web (id-web) would get the name "web" instead of "www"`},
		"a field": {since: func(s *rule.State) { s.Groups[1].Stateful = false },
			want: `p.cue:9:3: group web (id-web) would get the stateful "true" instead of "false"`},
		"a field that was to change from another": {
			before: func(s *rule.State) { s.Groups[1].Name = "www" }, since: func(s *rule.State) { s.Groups[1].Name = "front" },
			want: `p.cue:9:3: group web (id-web) would get the name "web" instead of "front"`},
		"a tag": {since: func(s *rule.State) { s.Groups[1].Tags = append(s.Groups[1].Tags, "sgc:tier=db") },
			want: "p.cue:9:3: group web (id-web) would lose the tag sgc:tier=db"},
		"a tag that was to go": {
			before: func(s *rule.State) { s.Groups[1].Tags = append(s.Groups[1].Tags, "sgc:tier=db", "sgc:tier=old") },
			since:  func(s *rule.State) { s.Groups[1].Tags = append(s.Groups[1].Tags, "sgc:tier=old") }},
		"a tag that comes back": {since: func(s *rule.State) { s.Groups[1].Tags = nil }},
		// The tier db is to have a group made.
		"made by another run":                {before: loses(0), since: comes(fresh("id-db2", bornWith...))},
		"made by another run, and half done": {before: loses(0), since: comes(fresh("id-db2", append(Born(), tcp(5432, rule.ForeignGroup("id-web")))...))},
		"made by another run, and done":      {before: loses(0), since: comes(live("id-db2", "db", tcp(5432, rule.ForeignGroup("id-web"))))},
		"made by two":                        {before: loses(0), since: comes(fresh("id-db2", bornWith...), second(fresh("id-db3", bornWith...)))},
		"made, and worked on": {before: loses(0), since: comes(fresh("id-db2", sql)),
			want: "p.cue:4:2: group db (id-db2) would lose a rule that has been added since: ingress IPv4 tcp/3306 from anyone (id-db2-a)"},
		"made, and renamed": {before: loses(0), since: comes(called("base", fresh("id-db2"))),
			want: `p.cue:4:2: group db (id-db2) would get the name "db" instead of "base"`},
		"made by two, one worked on": {before: loses(0), since: comes(fresh("id-db2"), second(fresh("id-db3", sql))),
			want: "p.cue:4:2: group db (id-db3) would be deleted"},
		"made by two, and a rule names the second": {
			before: both(loses(0), func(s *rule.State) { s.Groups[0].Rules = s.Groups[0].Rules[1:] }),
			since:  both(comes(fresh("id-db2"), second(fresh("id-db3"))), adds(0, more("r12", tcp(7, rule.ForeignGroup("id-db3")))))},
		"made by two, and a rule names the first": {
			before: loses(0), since: both(comes(fresh("id-db2"), second(fresh("id-db3"))), adds(0, more("r13", tcp(7, rule.ForeignGroup("id-db2"))))),
			want: "p.cue:9:3: group web (id-web) would lose a rule that has been added since: ingress IPv4 tcp/7 from tier db (r13)"},
		"taken over instead": {o: Options{Adopt: true}, before: loses(0), since: comes(nobodys),
			want: "p.cue:4:2: group db (id-db) would be taken over"},
		"taken over as agreed": {o: Options{Adopt: true}, before: both(loses(0), comes(nobodys))},
		"taken over, and described since": {
			o: Options{Adopt: true}, before: both(loses(0), comes(nobodys)), since: func(s *rule.State) { s.Groups[2].Description = "for mail" },
			want: `p.cue:4:2: group db (id-db) would get the description "for mail [sgc:shop/db]" instead of "for mail"`},
		"another taken over": {o: Options{Adopt: true}, before: both(loses(0), comes(nobodys)), since: func(s *rule.State) { s.Groups[2].ID = "id-other" },
			want: "p.cue:4:2: group db (id-other) would be taken over"},
		"left for later": {o: some, before: both(loses(0), comes(nobodys)), since: adds(2, more("r14", tcp(7, rule.Anyone())))},
		"left for later, and gone": {o: some, before: both(loses(0), comes(nobodys)), since: loses(2),
			want: "p.cue:4:2: group db (id-db) is gone, and another one would be created"},
		"left for later, and taken over by others": {o: some, before: both(loses(0), comes(nobodys)), since: func(s *rule.State) { s.Groups[2].Description = rule.Mark("shop", "db") },
			want: "p.cue:4:2: group db (id-db) would change, although it was to stay as it is"},
		// The tier web, which a rule of db names, is left for later, or would be.
		"named, and left for later":             {o: one, before: nobodysWeb},
		"named, left for later, and another":    {o: one, before: nobodysWeb, since: func(s *rule.State) { s.Groups[1].ID = "id-www" }, want: another("id-web", "id-www")},
		"named, left for later, and one marked": {o: one, before: nobodysWeb, since: comes(live("id-www", "web", http)), want: another("id-web", "id-www")},
		"named, left for later, and given to the tier": {o: one, before: nobodysWeb,
			since: func(s *rule.State) { s.Groups[1] = live("id-web", "web", http) }},
		"named, left for later, and another that a rule names": {o: one, before: nobodysWeb,
			since: both(func(s *rule.State) { s.Groups[1].ID = "id-www" }, adds(0, more("r15", tcp(5432, rule.ForeignGroup("id-www"))))), want: another("id-web", "id-www")},
		"named, left for later, and gone": {o: one, before: nobodysWeb, since: loses(1),
			want: "p.cue:9:3: group web (id-web) is gone, and another one would be created"},
		"named, and the mark lost":   {o: one, before: bare, since: nobodysWeb},
		"named, made by another run": {o: one, before: both(bare, loses(1)), since: comes(live("id-www", "web", bornWith...))},
		"named, and left for later by then": {o: one, before: both(bare, loses(1)), since: comes(rule.LiveGroup{ID: "id-www", Name: "web", Stateful: true}),
			want: another("to be made [sgc:shop/web]", "id-www")},
	} {
		then := func(changes ...func(*rule.State)) *rule.State {
			s := settled(http, ssh)
			s.Groups = append(s.Groups, live("id-old", "old", tcp(25, rule.Anyone())))
			for _, change := range changes {
				if change != nil {
					change(s)
				}
			}
			return s
		}
		agreed, next := mustMake(t, FromSet(policy), then(c.before), c.o), mustMake(t, FromSet(policy), then(c.before, c.since), c.o)
		if got := Beyond([]*Plan{agreed}, []*Plan{next}, bornWith).Error(); got != c.want {
			t.Errorf("%s:\n%s\nnot\n%s", name, got, c.want)
		}
	}
}

// TestBeyondOfOthers holds what rules name, and the policy does not own, to be what was
// agreed to: in rules that come and in rules that stay. What another policy of the run makes
// may have been made since, by that policy.
func TestBeyondOfOthers(t *testing.T) {
	plans := func(mon, office string, groups ...rule.LiveGroup) []*Plan {
		maker := &rule.Set{Policy: "mon", Groups: []rule.Group{{Tier: "mon", Name: "mon", Stateful: true}}}
		d := shop(tcp(9100, rule.ForeignGroup("mon")), tcp(9200, rule.ForeignGroup("mon")), tcp(22, rule.AddressGroup("office")))
		d.Groups[1].Pos = rule.Pos{File: "p.cue", Line: 9, Column: 3}
		d.Foreign, d.AddressGroups = []rule.External{{Key: "mon", Name: "mon"}}, []rule.External{{Key: "office", Name: "office"}}
		s := settled()
		s.Groups = append(s.Groups, groups...)
		p, err := Make(d, s, Externals{Groups: map[string]string{"mon": mon}, AddressGroups: map[string]string{"office": office}}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		return []*Plan{p, mustMake(t, FromSet(maker), s, Options{Adopt: true, AdoptOnly: rule.Globs{"nothing"}})}
	}
	marked := func(id string) rule.LiveGroup { return of("mon", "mon", "mon", live(id, "mon")) }
	byHand := func(id string) rule.LiveGroup {
		return rule.LiveGroup{ID: id, Name: "mon", Stateful: true}
	}
	const rules = "p.cue:9:3: group web would have rules that name "
	for name, c := range map[string]struct {
		agreed, next []*Plan
		want         string
	}{
		"the same":              {plans("id-mon", "id-office", byHand("id-mon")), plans("id-mon", "id-office", byHand("id-mon")), ""},
		"another group":         {plans("id-mon", "id-office", byHand("id-mon")), plans("id-evil", "id-office", byHand("id-evil")), rules + "group mon, which was id-mon and is id-evil now"},
		"another address group": {plans("id-mon", "id-office"), plans("id-mon", "id-home"), rules + "address group office, which was id-office and is id-home now"},
		"made by its policy":    {plans(ToBeMade("mon", "mon"), "id-office"), plans("id-mon", "id-office", marked("id-mon")), ""},
		"made by others":        {plans(ToBeMade("mon", "mon"), "id-office"), plans("id-evil", "id-office", byHand("id-evil")), rules + "group mon, which was to be made [sgc:mon/mon] and is id-evil now"},
		"still to be made":      {plans(ToBeMade("mon", "mon"), "id-office"), plans(ToBeMade("mon", "mon"), "id-office"), ""},
	} {
		if got := Beyond(c.agreed, c.next, bornWith).Error(); got != c.want {
			t.Errorf("%s:\n%s\nnot\n%s", name, got, c.want)
		}
	}
}

// TestBeyondRelease gives back no group but those that were shown.
func TestBeyondRelease(t *testing.T) {
	released := Released(shopSet(), []string{"web"})
	agreed := mustMake(t, released, settled(tcp(80, rule.Anyone())), Options{})
	s := settled(tcp(80, rule.Anyone()), tcp(22, rule.Anyone())) // its rules are nobody's concern
	if got := Beyond([]*Plan{agreed}, []*Plan{mustMake(t, released, s, Options{})}, bornWith); got != nil {
		t.Error(got)
	}
	second := live("id-web2", "web")
	second.Created = "2026-11-30T00:00:00Z"
	s.Groups[1].Description = "the web " + rule.Mark("shop", "web")
	s.Groups = append(s.Groups, second)
	want := `group web (id-web) would get the description "the web" instead of "the web [sgc:shop/web]"
group web (id-web2) would be given back`
	if got := Beyond([]*Plan{agreed}, []*Plan{mustMake(t, released, s, Options{})}, bornWith).Error(); got != want {
		t.Errorf("%s\nnot\n%s", got, want)
	}
}

// TestBeyondOfSeveral holds the plans of several policies to those that were agreed to
// together, and rules that new groups have in one cloud to what that says.
func TestBeyondOfSeveral(t *testing.T) {
	ssh, sql := tcp(22, rule.Anyone()), tcp(3306, rule.Anyone())
	set := func(policy, tier string) *rule.Set {
		return &rule.Set{Policy: policy, Groups: []rule.Group{{Tier: tier, Name: policy + "-" + tier, Stateful: true, Rules: entries(tcp(80, rule.Anyone()))}}}
	}
	sets := []*rule.Set{set("one", "t"), set("two", "t")}
	group := func(policy string, rules ...rule.Rule) rule.LiveGroup {
		g := live("id-"+policy, "t", rules...)
		g.Name, g.Description, g.Tags = policy+"-t", rule.Mark(policy, "t"), nil
		return g
	}
	plans := func(groups ...rule.LiveGroup) []*Plan {
		return mustDocument(t, sets, &rule.State{Project: "p1", Groups: groups}, Options{}).Plans
	}
	agreed := plans(group("one", ssh))
	for _, c := range []struct {
		next []*Plan
		born []rule.Rule
		want string
	}{
		{plans(group("one", ssh)), bornWith, ""},
		{plans(group("one", ssh), group("two", bornWith...)), bornWith, ""},
		{plans(group("one", ssh), group("two", sql)), []rule.Rule{sql}, ""},
		{plans(group("one", ssh), group("two", bornWith[1])), []rule.Rule{bornWith[0]},
			"group two-t (id-two) would lose a rule that has been added since: egress IPv6 any to anyone (id-two-a)"},
		{plans(group("one", ssh, sql)), []rule.Rule{sql},
			"group one-t (id-one) would lose a rule that has been added since: ingress IPv4 tcp/3306 from anyone (id-one-b)"},
	} {
		if got := Beyond(agreed, c.next, c.born).Error(); got != c.want {
			t.Errorf("%s\nnot\n%s", got, c.want)
		}
	}
}
