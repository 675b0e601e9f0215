package neutron

import (
	"bytes"
	"strings"
	"testing"

	"sgc.dev/sgc/plan"
)

// TestParseState reads one group in every form in which a state may be saved.
func TestParseState(t *testing.T) {
	const group = `"id":"1","name":"web","description":"d [sgc:shop/web]","project_id":"p","revision_number":3,"stateful":true,"tags":["a"],"created_at":"2026-11-24T06:05:22Z"`
	const rules = `[{"id":"r","direction":"ingress","ethertype":"IPv4","protocol":"icmp","port_range_min":0}]`
	listed := `{"security_groups":[{` + group + `,"security_group_rules":` + rules + `}]}`
	s, err := ParseState([]byte(listed))
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Groups) != 1 || s.Project != "p" || s.Groups[0].Rules[0].String() != "ingress IPv4 icmp/0 from anyone" || s.Groups[0].Tags[0] != "a" || s.Groups[0].Revision != 3 {
		t.Errorf("%+v", s)
	}
	var shot bytes.Buffer
	if err := (plan.Snapshot{Version: plan.Version, Place: plan.Place{Keystone: "https://cloud.example/v3", Project: "p"}, Policy: "shop", State: *s}).Write(&shot); err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	(plan.Snapshot{Policy: "shop", State: *s}).Write(&want)
	for name, text := range map[string]string{
		"one group":       `{"security_group":{` + group + `,"security_group_rules":` + rules + `}}`,
		"openstack shows": `{` + group + `,"rules":` + rules + `}`,
		"snapshot":        shot.String(),
	} {
		got, err := ParseState([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var is bytes.Buffer
		(plan.Snapshot{Policy: "shop", State: *got}).Write(&is)
		if is.String() != want.String() {
			t.Errorf("%s: %s", name, is.String())
		}
	}
	two, err := ParseState([]byte(`{"id":"1","name":"a","project_id":"p","rules":[]} {"id":"2","name":"b","project_id":"p","rules":[]}`))
	if err != nil || len(two.Groups) != 2 {
		t.Errorf("two groups one after the other: %+v, %v", two, err)
	}
	for text, want := range map[string]string{
		``:                        "not the state of a project: EOF",
		`{}`:                      "neither a snapshot",
		`[]`:                      "not the state of a project: neither",
		`{"id":"1","name":"web"}`: "neither a snapshot",
		`{"security_groups":`:     "not the state of a project: unexpected EOF",
		listed + listed:           "group web (1) is there twice",
		`{"security_groups":[],"Security_Groups":[]}`:                                   `not the state of a project: "security_groups" is written "Security_Groups"`,
		`{"id":"1","name":"web","Rules":[]}`:                                            `not the state of a project: "rules" is written "Rules"`,
		`{"id":"1","rules":[{"Protocol":"tcp"}]}`:                                       `not the state of a project: "protocol" is written "Protocol"`,
		`{"id":"1","rules":[],"rules":[]}`:                                              `not the state of a project: "rules" is there twice`,
		`{"id":"1","project_id":"p","rules":[]} {"id":"2","project_id":"q","rules":[]}`: "groups of two projects, p and q",
	} {
		if _, err := ParseState([]byte(text)); !strings.Contains(errorText(err), want) {
			t.Errorf("%q: %v, not %q", text, err, want)
		}
	}
}
