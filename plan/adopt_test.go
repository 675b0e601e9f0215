package plan

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

// of is a group that another policy owns.
func of(policy, tier, name string, g rule.LiveGroup) rule.LiveGroup {
	g.Name, g.Description, g.Tags = name, rule.Mark(policy, tier), append(rule.OwnershipTags(policy, tier), "theirs")
	return g
}

// TestAdoptFrom takes groups over from another policy: marks and tags change, and no rule
// that both want.
func TestAdoptFrom(t *testing.T) {
	http := tcp(80, rule.Anyone())
	db := live("id-db", "db", tcp(5432, rule.ForeignGroup("id-web")))
	web := live("id-web", "web", http)
	second := live("id-web2", "web", http)
	second.Created = "2026-11-02T00:00:00Z"
	for name, c := range map[string]struct {
		groups []rule.LiveGroup
		from   string
		want   []string // action, id, why, fields, tags that come and that go
		notes  int
	}{
		"a policy of another name": {
			[]rule.LiveGroup{of("was", "db", "db", db), of("was", "web", "web", web)}, "was", []string{
				"adopt id-db (now shop's, was was's) description: [sgc:was/db] → [sgc:shop/db] +sgc:policy=shop -sgc:policy=was",
				"adopt id-web (now shop's, was was's) description: [sgc:was/web] → [sgc:shop/web] +sgc:policy=shop -sgc:policy=was",
			}, 0},
		"a tier of another policy": {
			[]rule.LiveGroup{db, of("was", "web", "web", web), of("was", "api", "api", live("id-api", "api"))}, "was", []string{
				"keep id-db",
				"adopt id-web (now shop's, was was's) description: [sgc:was/web] → [sgc:shop/web] +sgc:policy=shop -sgc:policy=was",
			}, 0},
		"a group of another name": {
			[]rule.LiveGroup{db, of("was", "web", "was-web", web)}, "was", []string{
				"keep id-db",
				"adopt id-web (now shop's, was was's) name: was-web → web description: [sgc:was/web] → [sgc:shop/web] +sgc:policy=shop -sgc:policy=was",
			}, 0},
		"a tier of another name": {
			[]rule.LiveGroup{db, of("was", "front", "web", web)}, "was", []string{
				"keep id-db",
				"adopt id-web (now shop's, was was's) description: [sgc:was/front] → [sgc:shop/web] +sgc:policy=shop +sgc:tier=web -sgc:policy=was -sgc:tier=front",
			}, 0},
		"its own group goes before that of its tier": {
			[]rule.LiveGroup{db, web, of("was", "web", "other", live("id-other", "web"))}, "was", []string{"keep id-db", "keep id-web"}, 0},
		"its own group goes before that of its name": {
			[]rule.LiveGroup{db, web, of("was", "front", "web", live("id-other", "web"))}, "was", []string{"keep id-db", "keep id-web"}, 1},
		"that of its tier goes before that of its name": {
			[]rule.LiveGroup{db, of("was", "front", "web", live("id-other", "web")), of("was", "web", "front", web)}, "was", []string{
				"keep id-db",
				"adopt id-web (now shop's, was was's) name: front → web description: [sgc:was/web] → [sgc:shop/web] +sgc:policy=shop -sgc:policy=was",
			}, 1},
		"itself, a tier of another name": {
			[]rule.LiveGroup{db, of("shop", "front", "web", web)}, "shop", []string{
				"keep id-db",
				"change id-web description: [sgc:shop/front] → [sgc:shop/web] +sgc:tier=web -sgc:tier=front",
			}, 0},
		"two of one tier": {
			[]rule.LiveGroup{db, of("was", "web", "web", web), of("was", "web", "web", second)}, "was", []string{
				"keep id-db",
				"adopt id-web (now shop's, was was's) description: [sgc:was/web] → [sgc:shop/web] +sgc:policy=shop -sgc:policy=was",
			}, 1}, // the second one is still was's
		"itself": {[]rule.LiveGroup{db, web}, "shop", []string{"keep id-db", "keep id-web"}, 0},
		"nobody": {[]rule.LiveGroup{db, web}, "was", []string{"keep id-db", "keep id-web"}, 1},
	} {
		s := &rule.State{Project: "p1", Groups: c.groups}
		p := mustMake(t, shop(http), s, Options{AdoptFrom: c.from})
		var got []string
		for _, g := range p.Groups {
			text := string(g.Action) + " " + g.ID
			if g.Why != "" {
				text += " (" + g.Why + ")"
			}
			for _, f := range g.Fields {
				text += " " + f.Name + ": " + f.Old + " → " + f.New
			}
			for _, tag := range g.Tag {
				text += " +" + tag
			}
			for _, tag := range g.Untag {
				text += " -" + tag
			}
			got = append(got, text)
			if len(g.Create)+len(g.Remove) > 0 || len(g.Stay) != 1 || g.Unmark != (Field{}) {
				t.Errorf("%s: %+v", name, g)
			}
		}
		if !slices.Equal(got, c.want) || len(p.Notes) != c.notes {
			t.Errorf("%s:\n%s\nnot\n%s\nwith %d notes: %v", name, strings.Join(got, "\n"), strings.Join(c.want, "\n"), c.notes, p.Notes)
		}
		facts := Facts{Ports: map[string][]Port{"id-db": {{ID: "port-1"}}, "id-web": {{ID: "port-2"}}}}
		if problems, notes := Check([]*Plan{p}, s, facts, Permits{}); problems != nil || notes != nil {
			t.Errorf("%s: %v, %v", name, problems, notes)
		}
		if next := mustMake(t, shop(http), p.After(s), Options{}); !next.Empty() {
			t.Errorf("%s: after it there is something to do: %s", name, next.Summary())
		}
	}
	s := &rule.State{Groups: []rule.LiveGroup{db, of("was", "web", "web", web)}}
	for _, o := range []Options{{}, {Adopt: true}, {AdoptFrom: "another"}} {
		want := "security group web (id-web) belongs to policy was: --adopt-from was takes it over"
		if o.AdoptFrom != "" {
			want = "policy another has no security groups here: --adopt-from has nothing to take over\n" + want
		}
		if _, err := Make(shop(http), s, Externals{}, o); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// TestAdoptGroups takes over the group that a user has named, and refuses all that it may not be.
func TestAdoptGroups(t *testing.T) {
	http := tcp(80, rule.Anyone())
	free := func(id, name string) rule.LiveGroup {
		return rule.LiveGroup{ID: id, Name: name, Description: "by hand", Stateful: true, Rules: []rule.LiveRule{{ID: id + "-r", Rule: http}}}
	}
	db, web := live("id-db", "db", tcp(5432, rule.ForeignGroup("id-x"))), live("id-web", "web", http)
	set := shopSet(http)
	set.Groups[0].Pos, set.Groups[1].Pos = rule.Pos{File: "p.cue", Line: 4, Column: 2}, rule.Pos{File: "p.cue", Line: 9, Column: 3}
	for name, c := range map[string]struct {
		groups []rule.LiveGroup
		named  map[string]string
		want   string // actions, or a problem
		note   string
	}{
		"one of two of its name": {[]rule.LiveGroup{db, free("id-x", "web"), of("other", "web", "web", live("id-y", "web"))}, map[string]string{"web": "id-x"}, "keep id-db, adopt id-x",
			"p.cue:9:3: security group web is id-x; the project has another of this name: id-y"},
		"one of two that are nobody's": {[]rule.LiveGroup{db, free("id-x", "web"), free("id-y", "web")}, map[string]string{"web": "id-x"}, "keep id-db, adopt id-x",
			"p.cue:9:3: security group web is id-x; the project has another of this name: id-y"},
		"one of another name": {[]rule.LiveGroup{db, free("id-x", "theirs")}, map[string]string{"web": "id-x"}, "keep id-db, adopt id-x", ""},
		"one by an earlier run": {[]rule.LiveGroup{live("id-db", "db", tcp(5432, rule.ForeignGroup("id-web"))), web}, map[string]string{"web": "id-web"},
			"keep id-db, keep id-web", ""},
		"none of them": {[]rule.LiveGroup{db, free("id-x", "web"), free("id-y", "web")}, map[string]string{},
			"p.cue:9:3: 2 security groups are called web (id-x, id-y), and none is the policy's: --adopt-group web=ID takes one of them over, group: \"…\" gives its group another name", ""},
		"there is none": {[]rule.LiveGroup{db, web}, map[string]string{"web": "id-z"},
			"p.cue:9:3: --adopt-group web=id-z: the project has no security group with this id", ""},
		"the tier has one": {[]rule.LiveGroup{db, web, free("id-x", "theirs")}, map[string]string{"web": "id-x"},
			"p.cue:9:3: --adopt-group web=id-x: the tier has security group web (id-web) already: release it first", ""},
		"another policy's": {[]rule.LiveGroup{db, of("other", "front", "theirs", live("id-x", "front"))}, map[string]string{"web": "id-x"},
			"p.cue:9:3: --adopt-group web=id-x: security group theirs belongs to tier front of policy other: release it there first", ""},
		"another tier's": {[]rule.LiveGroup{db}, map[string]string{"web": "id-db"},
			"p.cue:9:3: --adopt-group web=id-db: security group db belongs to tier db of policy shop: release it there first", ""},
		"one for two tiers": {[]rule.LiveGroup{free("id-x", "theirs")}, map[string]string{"db": "id-x", "web": "id-x"},
			"p.cue:9:3: --adopt-group web=id-x: ", ""},
		"the project's default group": {[]rule.LiveGroup{db, free("id-x", "default")}, map[string]string{"web": "id-x"},
			"p.cue:9:3: tier web has the project's default group (id-x), which cannot be renamed: give group web to a tier of another name, and default is given back", ""},
		"several": {[]rule.LiveGroup{db}, map[string]string{"db": "id-z", "web": "id-y"},
			"p.cue:4:2: --adopt-group db=id-z: the project has no security group with this id\n" +
				"p.cue:9:3: --adopt-group web=id-y: the project has no security group with this id", ""},
	} {
		p, err := Make(FromSet(set), &rule.State{Groups: c.groups}, Externals{}, Options{AdoptGroups: c.named})
		got, note := "", ""
		if err != nil {
			got = err.Error()
		} else {
			var actions []string
			for _, g := range p.Groups {
				actions = append(actions, string(g.Action)+" "+g.ID)
			}
			got, note = strings.Join(actions, ", "), Problems(p.Notes).Error()
		}
		if !strings.HasPrefix(got, c.want) || note != c.note {
			t.Errorf("%s:\n%s\n%s\nnot\n%s\n%s", name, got, note, c.want, c.note)
		}
	}
}

// TestRelease gives groups back with the rules that they have, and looks at no others.
func TestRelease(t *testing.T) {
	http := tcp(80, rule.Anyone())
	s := settled(http)
	s.Groups[1].Description, s.Groups[1].Tags = "the web "+s.Groups[1].Description, append(s.Groups[1].Tags, "theirs")
	second := live("id-web2", "web", tcp(81, rule.Anyone()))
	second.Created = "2026-11-02T00:00:00Z"
	s.Groups = append(s.Groups, second, of("other", "web", "web", live("id-other", "web")))
	p := mustMake(t, Released(shopSet(), []string{"web"}), s, Options{})
	if len(p.Groups) != 2 || p.Groups[0].ID != "id-web" || p.Groups[1].ID != "id-web2" {
		t.Fatalf("%+v", p.Groups)
	}
	want := Group{
		Action: Release, Tier: "web", ID: "id-web", Name: "web", Description: "the web", Stateful: true, Revision: 7,
		Unmark: Field{"description", "the web [sgc:shop/web]", "the web"}, Untag: rule.OwnershipTags("shop", "web"),
		Stay: []rule.LiveRule{{ID: "id-web-a", Rule: http, Description: "r"}},
	}
	if !reflect.DeepEqual(p.Groups[0], want) {
		t.Errorf("%+v", p.Groups[0])
	}
	if needs := NeedsOf([]*Plan{p}); needs.Quota || needs.Extensions || needs.PortsOf != nil {
		t.Errorf("%+v", needs)
	}
	if problems, notes := Check([]*Plan{p}, s, Facts{Ports: map[string][]Port{"id-web": {{ID: "port-1"}}}}, Permits{}); problems != nil || notes != nil {
		t.Errorf("%v, %v", problems, notes)
	}
	end := p.After(s)
	if g := end.Groups[1]; g.Description != "the web" || !slices.Equal(g.Tags, []string{"theirs"}) || !reflect.DeepEqual(g.Rules, s.Groups[1].Rules) {
		t.Errorf("%+v", g)
	}
	if !reflect.DeepEqual(end.Groups[0], s.Groups[0]) || !reflect.DeepEqual(end.Groups[3], s.Groups[3]) {
		t.Errorf("%+v", end.Groups)
	}
	for _, c := range []struct {
		s     *rule.State
		tiers []string
		want  string
	}{
		{s, []string{"web", "www"}, "policy shop has no security group for tier www here; it has them for db, web"},
		{end, []string{"web"}, "policy shop has no security group for tier web here; it has them for db"},
		{&rule.State{}, []string{"db", "web"}, "policy shop has no security group for tier db here\npolicy shop has no security group for tier web here"},
	} {
		if _, err := Make(Released(shopSet(), c.tiers), c.s, Externals{}, Options{}); err == nil || err.Error() != c.want {
			t.Errorf("%v, not %s", err, c.want)
		}
	}
}

// TestGone deletes all groups of a policy but the project's own.
func TestGone(t *testing.T) {
	s := settled(tcp(80, rule.Anyone()))
	ground := of("shop", "none", "default", live("id-d", "none", tcp(1, rule.Anyone())))
	s.Groups = append(s.Groups, ground, of("other", "web", "web", live("id-other", "web")))
	p := mustMake(t, Gone(shopSet()), s, Options{})
	var got []string
	for _, g := range p.Groups {
		got = append(got, string(g.Action)+" "+g.ID)
	}
	if want := []string{"delete id-db", "release id-d", "delete id-web"}; !slices.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
}

// TestOwnText leaves the text of a group alone whose tier says nothing, as long as the mark
// fits behind it.
func TestOwnText(t *testing.T) {
	http := tcp(80, rule.Anyone())
	mark := rule.Mark("shop", "web") // 14 characters
	for name, c := range map[string]struct {
		tier string // what it says
		live string
		want string // the description, or why there is none
	}{
		"nothing":                  {"", "", mark},
		"a mark":                   {"", mark, mark},
		"a text":                   {"", "by hand", "by hand " + mark},
		"a text and a mark":        {"", "by hand " + mark, "by hand " + mark},
		"another tier's mark":      {"", "by hand [sgc:shop/www]", "by hand " + mark},
		"a mark in the middle":     {"", mark + " no more", mark + " no more " + mark},
		"as long as there is room": {"", strings.Repeat("ä", 240), strings.Repeat("ä", 240) + " " + mark},
		"longer": {"", strings.Repeat("ä", 241),
			"p.cue:9:3: security group web (id-web) has a description of 241 characters, and with the mark [sgc:shop/web] it would be 256, more than the 255 that a cloud stores: shorten it, or give the tier a description, which replaces it"},
		"longer with a longer mark": {"", strings.Repeat("o", 239) + " [sgc:shop/w]",
			strings.Repeat("o", 239) + " " + mark},
		"longer only with a longer mark": {"", strings.Repeat("o", 242) + " [sgc:shop/w]",
			"p.cue:9:3: security group web (id-web) has a description of 242 characters, and with the mark [sgc:shop/web] it would be 257, more than the 255 that a cloud stores: shorten it, or give the tier a description, which replaces it"},
		"a tier that says something":       {"the web", "by hand " + mark, "the web " + mark},
		"a tier that says something short": {"w", strings.Repeat("o", 255), "w " + mark},
	} {
		set := shopSet(http)
		set.Groups[1].Description, set.Groups[1].Pos = c.tier, rule.Pos{File: "p.cue", Line: 9, Column: 3}
		s := settled(http)
		s.Groups[1].Description = c.live
		p, err := Make(FromSet(set), s, Externals{}, Options{Adopt: true})
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			g := group(t, p, "web")
			got = g.Description
			if changes := slices.ContainsFunc(g.Fields, func(f Field) bool { return f == Field{"description", c.live, got} }); changes != (c.live != got) || len(g.Fields) > 1 {
				t.Errorf("%s: %+v", name, g.Fields)
			}
		}
		if got != c.want {
			t.Errorf("%s: %s, not %s", name, got, c.want)
		}
	}
}
