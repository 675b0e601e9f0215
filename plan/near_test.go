package plan

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

// TestNoteNear says of a new group which one may be meant: one alone, and nobody's.
func TestNoteNear(t *testing.T) {
	nobodys := func(names ...string) []rule.LiveGroup {
		var groups []rule.LiveGroup
		for i, name := range names {
			groups = append(groups, rule.LiveGroup{ID: fmt.Sprintf("id-%d", i), Name: name, Stateful: true})
		}
		return groups
	}
	for name, c := range map[string]struct {
		group  string // that the tier api is to have
		groups []rule.LiveGroup
		want   string
	}{
		"a word before":                {"api-lb", nobodys("demo-api-lb", "mail"), "demo-api-lb (id-0)"},
		"a word less":                  {"demo-api-lb", nobodys("mail", "api-lb"), "api-lb (id-1)"},
		"words behind":                 {"api-lb", nobodys("api-lb-2019"), "api-lb-2019 (id-0)"},
		"capitals and what is between": {"api-lb", nobodys("API_LB"), "API_LB (id-0)"},
		"a letter":                     {"api-lb", nobodys("ap-lb"), "ap-lb (id-0)"},
		"two called alike":             {"api-lb", nobodys("api_lb", "api_lb"), "api_lb (id-0, id-1)"},
		"two a word before":            {"api-lb", nobodys("demo-api-lb", "prod-api-lb"), ""},
		"two a word less":              {"demo-api-lb", nobodys("api-lb", "lb"), "api-lb (id-0)"},
		"two of a word less":           {"demo-api-lb", nobodys("api-lb", "api-lb"), "api-lb (id-0, id-1)"},
		"the first word of two":        {"shop-api", nobodys("shop", "api"), ""},
		"the default group":            {"defaults", nobodys("default"), ""},
		"another policy's":             {"api-lb", []rule.LiveGroup{of("other", "api", "api_lb", live("id-0", "api"))}, ""},
		"another tier's":               {"web_", nobodys("web"), ""},
		"none":                         {"api-lb", nobodys("", "mail"), ""},
	} {
		d := shop(tcp(80, rule.Anyone()))
		d.Groups = append(d.Groups, DesiredGroup{Tier: "api", Name: c.group, Description: rule.Mark("shop", "api"), Stateful: true, Pos: rule.Pos{File: "p.cue", Line: 7, Column: 2}})
		s := settled(tcp(80, rule.Anyone()))
		want := ""
		if c.want != "" {
			name, id, _ := strings.Cut(strings.TrimSuffix(c.want, ")"), " (")
			how := "=" + id + " takes it over; group: \"" + name + "\" in that tier and --adopt keep its name too"
			if strings.Contains(id, ",") {
				how = "=ID takes it over"
			}
			want = "p.cue:7:2: group " + c.group + " is new; there is " + c.want + ", nobody's: if that is the tier's, --adopt-group api" + how
		}
		s.Groups = append(s.Groups, c.groups...)
		if name == "another tier's" { // which takes it over in the same plan
			s.Groups = c.groups
			d.Groups = d.Groups[1:]
		}
		got := ""
		for _, note := range mustMake(t, d, s, Options{Adopt: true}).Notes {
			got += note.String()
		}
		if got != want {
			t.Errorf("%s: %q, not %q", name, got, want)
		}
	}

	d := shop()
	d.Groups[0].ID, d.Groups[0].Name = "id-gone", "data" // as of a snapshot
	if notes := mustMake(t, d, &rule.State{Groups: nobodys("demo-data")}, Options{}).Notes; notes != nil {
		t.Errorf("a group that comes back: %v", notes)
	}
}

// TestNearInUse stops at a new group that takes the place of one in use, which its tier may mean.
func TestNearInUse(t *testing.T) {
	app := rule.LiveGroup{ID: "id-app", Name: "shop-app", Stateful: true}
	legacy := live("id-db", "db", tcp(3306, rule.ForeignGroup("id-app")), tcp(22, rule.ForeignGroup("id-db")))
	other := live("id-db", "db", tcp(22, rule.ForeignGroup("id-db")))
	used := map[string][]Port{"id-app": {{ID: "port-1", Name: "eth0"}}}
	const rules, port = "app.cue:7:2: group app would be new beside shop-app (id-app), which needs --allow-destroy: rules that name that one would go",
		"app.cue:7:2: group app would be new beside shop-app (id-app), which needs --allow-destroy: port eth0 (port-1) uses it"
	for name, c := range map[string]struct {
		db      rule.LiveGroup
		adopt   bool
		ports   map[string][]Port
		permits Permits
		want    string
	}{
		"rules name it":               {legacy, true, nil, Permits{}, rules},
		"rules name it, permitted":    {legacy, true, nil, Permits{Destroy: true}, ""},
		"ports carry it":              {other, true, used, Permits{}, port},
		"ports carry it, permitted":   {other, true, used, Permits{Destroy: true}, ""},
		"nobody uses it":              {other, true, nil, Permits{}, ""},
		"ports carry it, no adoption": {other, false, used, Permits{}, ""},
		"rules name it, no adoption":  {legacy, false, nil, Permits{}, rules},
	} {
		d := Desired{Policy: "shop", Groups: []DesiredGroup{
			{Tier: "app", Name: "app", Description: rule.Mark("shop", "app"), Stateful: true, Pos: rule.Pos{File: "app.cue", Line: 7, Column: 2}},
			{Tier: "db", Name: "db", Description: rule.Mark("shop", "db"), Stateful: true, Rules: entries(tcp(22, rule.Tier("db")), tcp(3306, rule.Tier("app")))},
		}}
		if c.adopt {
			c.db.Description, c.db.Tags = "", nil
		}
		s := &rule.State{Groups: []rule.LiveGroup{app, c.db}}
		p := mustMake(t, d, s, Options{Adopt: c.adopt})
		if asks := slices.Contains(NeedsOf([]*Plan{p}).PortsOf, "id-app"); asks != c.adopt {
			t.Errorf("%s: asks for ports: %t", name, asks)
		}
		if problems, _ := Check([]*Plan{p}, s, Facts{Quota: Quota{Room{-1, 0}, Room{-1, 0}}, Ports: c.ports}, c.permits); problems.Error() != c.want {
			t.Errorf("%s: %q, not %q", name, problems.Error(), c.want)
		}
	}
}

// TestNearIsBounded has neither long names nor many make a plan slow.
func TestNearIsBounded(t *testing.T) {
	s, d := &rule.State{}, Desired{Policy: "shop"}
	for i := range 1000 {
		s.Groups = append(s.Groups, rule.LiveGroup{ID: fmt.Sprint("id-", i), Name: fmt.Sprintf("%0255d", i)}, rule.LiveGroup{ID: fmt.Sprint("id2-", i), Name: fmt.Sprintf("group-%03d", i)})
		d.Groups = append(d.Groups, DesiredGroup{Tier: fmt.Sprint("t", i), Name: fmt.Sprintf("%0254da", i), Description: rule.Mark("shop", fmt.Sprint("t", i))},
			DesiredGroup{Tier: fmt.Sprint("u", i), Name: fmt.Sprintf("group_%03d", i), Description: rule.Mark("shop", fmt.Sprint("u", i))})
	}
	hints := 0
	for _, note := range mustMake(t, d, s, Options{}).Notes {
		if note.Message[:6] == "group " {
			hints++
		}
	}
	if hints == 0 || hints > maxCompared/1000+1 {
		t.Errorf("%d hints", hints)
	}
}
