package plan

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

// TestEditedPlan refuses a plan that is not carried out as it reads. What is edited is the
// first of its kind.
func TestEditedPlan(t *testing.T) {
	s := settled(tcp(80, rule.Anyone()))
	set := shopSet(tcp(81, rule.Anyone()))
	set.Groups[1].Expired = entries(tcp(82, rule.Anyone()))
	text := string(written(t, mustDocument(t, []*rule.Set{set}, s, Options{Tidy: true})))
	for _, test := range []struct{ from, to, want string }{
		{`"shop"`, `"\u0073hop"`, ""},
		{`"version": 2`, `"Version": 2`, `Version does not belong there`},
		{`"version": 2,`, ``, `version is missing`},
		{`"groups": [`, `"Groups": [], "groups": [`, `plans[0].Groups does not belong there`},
		{`"groups": [`, `"Groups": [`, `plans[0].Groups does not belong there`},
		{`"empty": false`, `"empty": false, "plans": []`, `"plans" is there twice`},
		{`"empty": false`, `"empty": true`, `empty does not fit the rest`},
		{`"empty": false,`, ``, `empty is missing`},
		{"\"deletesFirst\": false,\n      \"empty\": false", "\"deletesFirst\": false,\n      \"empty\": true", `plans[0].empty does not fit the rest`},
		{`"deletesFirst": false`, `"deletesfirst": true`, `plans[0].deletesfirst does not belong there`},
		{`"tidy": true`, `"Tidy": true`, `options.Tidy does not belong there`},
		{`"tidy": true`, `"tidy": true, "adopt": false`, `options.adopt does not belong there`},
		{`"project": "p1"`, `"project": "p1", "project": "q3"`, `"project" is there twice`},
		{`"region": "east",`, ``, `place.region is missing`},
		{`"day": "2026-11-30",`, `"day": "",`, `day does not belong there`},
		{`"day": "2026-11-30"`, `"day": "some day"`, `day "some day" is not a date such as 2027-01-31`},
		{`"stateful": true`, `"Stateful": true`, `plans[0].groups[0].Stateful does not belong there`},
		{`"stateful": true,`, ``, `plans[0].groups[0].stateful is missing`},
		{`"from": 81`, `"From": 81`, `plans[0].groups[1].create[0].rule.ports.From does not belong there`},
		{`"origins"`, `"why": "", "origins"`, `plans[0].groups[1].create[0].why does not belong there`},
		{`tcp/81 (IPv4)"`, `tcp/82 (IPv4)"`, `plans[0].groups[1].opens[0] does not fit the rest`},
		{`tcp/81 (IPv4)"`, `tcp/81 (IPv4)", "more"`, `plans[0].groups[1].opens does not fit the rest`},
		{`tcp/80 (IPv4)"`, `nothing"`, `plans[0].groups[1].closes[0] does not fit the rest`},
		{`"policies": [`, `"Policies": [`, `Policies does not belong there`},
		{`"expired": [`, `"Expired": [`, `policies[0].groups[1].Expired does not belong there`},
		{`"rules": [`, `"written": [], "rules": [`, `policies[0].groups[0].written does not belong there`},
	} {
		if !strings.Contains(text, test.from) {
			t.Fatalf("%s is not in\n%s", test.from, text)
		}
		_, err := ParseDocument([]byte(strings.Replace(text, test.from, test.to, 1)))
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
	s := Snapshot{Version: Version, Place: Place{Keystone: "https://a.example", Project: "q8"}, Policy: "shop", State: rule.State{Project: "q8", Groups: []rule.LiveGroup{web, db}}}
	var b bytes.Buffer
	if err := s.Write(&b); err != nil {
		t.Fatal(err)
	}
	written := b.String()
	first := written[strings.Index(written, `"rule": {`):]
	first = first[:strings.Index(first, `"description"`)]
	early := strings.NewReplacer(`"version": 2`, `"version": 1`, "    \"project\": \"q8\",\n    \"name\"", "    \"project\": \"q9\",\n    \"name\"").Replace(written)
	if shot, err := ParseSnapshot([]byte(early)); err == nil {
		t.Errorf("a snapshot of version 1 has a place, of project %s, and groups of project %s", shot.Place.Project, shot.State.Project)
	}
	for _, test := range []struct{ from, to, want string }{
		{`"shop"`, `"\u0073hop"`, ""},
		{`"id": "i2"`, `"id": "i1"`, `group db (i1) is there twice`},
		{`"rules": [`, `"rulez": [`, `state.groups[0].rulez does not belong there`},
		{`"rules": [`, `"Rules": [`, `state.groups[0].Rules does not belong there`},
		{`"stateful": true,`, ``, `state.groups[0].stateful is missing`},
		{`"tags": null,`, ``, `state.groups[0].tags is missing`},
		{`"stateful": true,`, `"stateful": true, "stateful": false,`, `"stateful" is there twice`},
		{first, `"rule": null, `, `rule i1-a of group web (i1) must have either a rule or words`},
		{first, ``, `state.groups[0].rules[0].rule is missing`},
		{`"words": "odd",`, ``, `rule r3 of group db (i2) must have either a rule or words`},
		{`"groups"`, `"Groups"`, `state.Groups does not belong there`},
		{`"project": "q8"`, `"project": "q9"`, `it belongs to project "q9", and its groups to project "q8"`},
		{`"keystone"`, `"Keystone"`, `place.Keystone does not belong there`},
		{`"place": {`, `"was": {`, `it belongs to project "", and its groups to project "q8"`},
		{`"version": 2,`, ``, `, of version 2 or before`},
	} {
		if !strings.Contains(written, test.from) {
			t.Fatalf("%s is not in\n%s", test.from, written)
		}
		_, err := ParseSnapshot([]byte(strings.Replace(written, test.from, test.to, 1)))
		if test.want == "" && err != nil || test.want != "" && strings.Replace(fmt.Sprint(err), "sgc,", "sgc: ,", 1) != "not a snapshot of sgc: "+test.want {
			t.Errorf("%s for %s: %v", test.to, test.from, err)
		}
	}
}

// TestEarlySnapshot reads a snapshot of version 1, of which nothing is known but the project.
func TestEarlySnapshot(t *testing.T) {
	text := strings.ReplaceAll(`{"version": 1, "policy": "shop", "state": {"project": "q8", "groups": [
		{"id": "i1", "name": "web", "description": "[sgc:shop/web]", "stateful": true, "tags": null, "revision": 3, "created": "2026-11-01T00:00:00Z", "rules": null}]}}`, "\n", "")
	shot, err := ParseSnapshot([]byte(text))
	if err != nil || !shot.Place.Saved() || shot.Place != (Place{}) || shot.State.Project != "q8" || len(shot.State.Groups) != 1 {
		t.Errorf("%+v, %v", shot, err)
	}
	later := strings.Replace(text, `"version": 1`, `"version": 2`, 1)
	if _, err := ParseSnapshot([]byte(later)); fmt.Sprint(err) != `not a snapshot of sgc: it belongs to project "", and its groups to project "q8"` {
		t.Error(err)
	}
}

// TestReleasedSnapshot reads a snapshot of version 2 as the first release writes it: a field
// that is added must be one that may be missing. One of a later version is refused.
func TestReleasedSnapshot(t *testing.T) {
	text, err := os.ReadFile("testdata/snapshot-2.json")
	if err != nil {
		t.Fatal(err)
	}
	shot, err := ParseSnapshot(text)
	if err != nil || shot.Place.Region != "RegionOne" || len(shot.State.Groups) != 1 || len(shot.State.Groups[0].Rules) != 4 {
		t.Errorf("%+v, %v", shot, err)
	}
	later := bytes.Replace(text, []byte(`"version": 2`), []byte(`"version": 3`), 1)
	if _, err := ParseSnapshot(later); fmt.Sprint(err) != "this is a snapshot of version 3, and this sgc reads version 2 and before: restore it with the sgc that saved it" {
		t.Error(err)
	}
}

// TestSnapshotHasItsPlace keeps beside the groups where they are.
func TestSnapshotHasItsPlace(t *testing.T) {
	s := settled(tcp(80, rule.Anyone()))
	shot := mustMake(t, shop(tcp(81, rule.Anyone())), s, Options{}).Before(s, here)
	var b bytes.Buffer
	if err := shot.Write(&b); err != nil {
		t.Fatal(err)
	}
	if read, err := ParseSnapshot(b.Bytes()); err != nil || read.Place != here {
		t.Errorf("%+v, %v", read.Place, err)
	}
}
