package plan

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

// TestEditedPlan refuses a plan that is not carried out as it reads.
func TestEditedPlan(t *testing.T) {
	p := &Plan{
		Policy: "shop", Project: "q2", Externals: Externals{Groups: map[string]string{"old": "x3", "Old": "x4"}},
		Groups: []Group{{
			Action: Change, Tier: "web", ID: "i5", Name: "web", Stateful: true, Revision: 6,
			Create: []rule.Entry{{Rule: tcp(81, rule.Anyone())}}, Remove: []rule.LiveRule{{ID: "r1", Rule: tcp(80, rule.Anyone())}},
		}},
	}
	for _, test := range []struct{ from, to, want string }{
		{`"shop"`, `"\u0073hop"`, ""},
		{`"groups": [`, `"Groups": [], "groups": [`, `Groups does not belong there`},
		{`"groups": [`, `"Groups": [`, `Groups does not belong there`},
		{`"empty": false`, `"empty": false, "groups": []`, `"groups" is there twice`},
		{`"empty": false`, `"empty": true`, `empty is not true of the rest`},
		{`"empty": false,`, ``, `empty is missing`},
		{`"deletesFirst": false`, `"deletesfirst": true`, `deletesfirst does not belong there`},
		{`"project": "q2"`, `"project": "q2", "project": "q3"`, `"project" is there twice`},
		{`"stateful": true`, `"Stateful": true`, `groups[0].Stateful does not belong there`},
		{`"stateful": true,`, ``, `groups[0].stateful is missing`},
		{`"from": 81`, `"From": 81`, `groups[0].create[0].rule.ports.From does not belong there`},
		{`"origins"`, `"why": "", "origins"`, `groups[0].create[0].why does not belong there`},
		{`tcp/81 (IPv4)"`, `tcp/82 (IPv4)"`, `groups[0].opens[0] is not true of the rest`},
		{`tcp/81 (IPv4)"`, `tcp/81 (IPv4)", "more"`, `groups[0].opens is not true of the rest`},
		{`tcp/80 (IPv4)"`, `nothing"`, `groups[0].closes[0] is not true of the rest`},
	} {
		var b bytes.Buffer
		if err := JSON(&b, p); err != nil {
			t.Fatal(err)
		}
		if strings.Count(b.String(), test.from) != 1 {
			t.Fatalf("%s is not once in\n%s", test.from, &b)
		}
		_, err := Parse([]byte(strings.Replace(b.String(), test.from, test.to, 1)))
		if test.want == "" && err != nil || test.want != "" && fmt.Sprint(err) != "not a plan of sgc: "+test.want {
			t.Errorf("%s for %s: %v", test.to, test.from, err)
		}
	}
}

// TestEditedSnapshot refuses a snapshot that would bring back something else.
func TestEditedSnapshot(t *testing.T) {
	web := live("i1", "web", tcp(80, rule.Anyone()))
	web.Tags = nil
	db := live("i2", "db")
	db.Rules = []rule.LiveRule{{ID: "r3", Words: "odd"}}
	s := Snapshot{Version: Version, Policy: "shop", State: rule.State{Project: "q8", Groups: []rule.LiveGroup{web, db}}}
	var b bytes.Buffer
	if err := s.Write(&b); err != nil {
		t.Fatal(err)
	}
	written := b.String()
	first := written[strings.Index(written, `"rule": {`):]
	first = first[:strings.Index(first, `"description"`)]
	for _, test := range []struct{ from, to, want string }{
		{`"shop"`, `"\u0073hop"`, ""},
		{`"id": "i2"`, `"id": "i1"`, `group db (i1) is there twice`},
		{`"rules": [`, `"rulez": [`, `state.groups[0].rulez does not belong there`},
		{`"rules": [`, `"Rules": [`, `state.groups[0].Rules does not belong there`},
		{`"stateful": true,`, ``, `state.groups[0].stateful is missing`},
		{`"tags": null,`, ``, `state.groups[0].tags is missing`},
		{`"stateful": true,`, `"stateful": true, "stateful": false,`, `"stateful" is there twice`},
		{first, `"rule": null, `, `rule i1-a of group web (i1) is to have either a rule or words`},
		{first, ``, `state.groups[0].rules[0].rule is missing`},
		{`"words": "odd",`, ``, `rule r3 of group db (i2) is to have either a rule or words`},
		{`"groups"`, `"Groups"`, `state.Groups does not belong there`},
	} {
		if !strings.Contains(written, test.from) {
			t.Fatalf("%s is not in\n%s", test.from, written)
		}
		_, err := ParseSnapshot([]byte(strings.Replace(written, test.from, test.to, 1)))
		if test.want == "" && err != nil || test.want != "" && fmt.Sprint(err) != "not a snapshot of sgc: "+test.want {
			t.Errorf("%s for %s: %v", test.to, test.from, err)
		}
	}
}
