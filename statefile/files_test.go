package statefile

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// parsed is the state that a text holds.
func parsed(text string) (*rule.State, error) {
	var s Files
	if err := s.Add([]byte(text)); err != nil {
		return nil, err
	}
	state, _, err := s.State()
	return state, err
}

// TestSaved reads one group in every form in which a state may be saved.
func TestSaved(t *testing.T) {
	const group = `"id":"1","name":"web","description":"d [sgc:shop/web]","project_id":"p","revision_number":3,"stateful":true,"tags":["a"],"created_at":"2026-11-24T06:05:22Z"`
	const rules = `[{"id":"r","direction":"ingress","ethertype":"IPv4","protocol":"icmp","port_range_min":0,"port_range_max":null,"remote_ip_prefix":null,"remote_group_id":null}]`
	listed := `{"security_groups":[{` + group + `,"security_group_rules":` + rules + `}]}`
	s, err := parsed(listed)
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
		got, err := parsed(text)
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
	two, err := parsed(`{"id":"1","name":"a","description":"","project_id":"p","rules":[]} {"id":"2","name":"b","description":"","project_id":"p","rules":[]}`)
	if err != nil || len(two.Groups) != 2 {
		t.Errorf("two groups one after the other: %+v, %v", two, err)
	}
	const first, next = `{"security_groups":[],"security_groups_links":[{"rel":"next","href":"http://x.invalid/?marker=1"}]}`, `{"security_groups":[],"security_groups_links":[{"rel":"previous","href":"http://x.invalid/?marker=0"}]}`
	if _, err := parsed(first + next); err != nil {
		t.Errorf("two pages: %v", err)
	}
	for text, want := range map[string]string{
		first:        "more groups come after it: add what Neutron answers to GET http://x.invalid/?marker=1, the last page last",
		next + first: "more groups come after it",
		`{"id":"1","name":"web","description":"","project_id":"p","rules":[],"security_group_rules":[]}`: "security group 1 has rules twice",
		``:                        "not the state of a project: EOF",
		`{}`:                      "neither a snapshot",
		`[]`:                      "not the state of a project: neither",
		`{"id":"1","name":"web"}`: "neither a snapshot",
		`{"security_groups":`:     "not the state of a project: unexpected EOF",
		listed + listed:           "group web (1) is there twice",
		`{"security_groups":[],"Security_Groups":[]}`: `not the state of a project: "security_groups" is written "Security_Groups"`,
		`{"id":"1","name":"web","Rules":[]}`:          `not the state of a project: "rules" is written "Rules"`,
		`{"id":"1","rules":[{"Protocol":"tcp"}]}`:     `not the state of a project: "protocol" is written "Protocol"`,
		`{"id":"1","rules":[],"rules":[]}`:            `not the state of a project: "rules" is there twice`,
		`{"id":"1","rules":"direction='ingress'"}`:    `not the state of a project: "rules" is of the wrong kind, string`,
		`{"id":"1","name":"web","description":"","project_id":"p","rules":[{"id":"r","direction":"ingress","ethertype":"IPv4"}]}`: "not the state of a project: rule r of security group 1 has no protocol; Neutron writes it in its answer to GET /v2.0/security-groups without fields=, and openstack security group show -f json prints it",
		`{"security_groups":[` + strings.Repeat("{},", 500_000) + `{}]}`:                                                          "there are more than 500000 objects",
		`3`: "not the state of a project: neither",
		`{"id":"1","name":"a","description":"","project_id":"p","rules":[]} {"id":"2","name":"b","description":"","project_id":"q","rules":[]}`: "groups of two projects, p and q: --project takes those of one",
	} {
		if _, err := parsed(text); !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("%q: %v, not %q", text, err, want)
		}
	}
}

// TestLists reads what openstack prints as tables, which leaves much out: what is left out
// is said, and never guessed where it would allow more or less.
func TestLists(t *testing.T) {
	const (
		groups = `[{"ID":"1","Name":"web","Description":"d","Project":"p","Tags":["a"]},{"ID":"2","Name":"db","Description":"","Project":"p","Tags":[]}]`
		rules  = `[
			{"ID":"r1","IP Protocol":"tcp","Ethertype":"IPv4","IP Range":"0.0.0.0/0","Port Range":"80:81","Direction":"ingress","Remote Security Group":null,"Remote Address Group":null,"Security Group":"1"},
			{"ID":"r2","IP Protocol":"udp","Ethertype":"IPv6","IP Range":"::/0","Port Range":"","Direction":"egress","Remote Security Group":"2","Remote Address Group":null,"Security Group":"1"},
			{"ID":"r3","IP Protocol":null,"Ethertype":"IPv4","IP Range":"10.0.0.0/8","Port Range":"","Direction":"ingress","Remote Security Group":null,"Remote Address Group":null,"Security Group":"2"},
			{"ID":"r4","IP Protocol":"icmp","Ethertype":"IPv4","IP Range":"0.0.0.0/0","Port Range":"type=3:code=4","Direction":"ingress","Remote Security Group":null,"Remote Address Group":null,"Security Group":"2"}]`
	)
	s, err := parsed(groups + rules)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, g := range s.Groups {
		for _, l := range g.Rules {
			got = append(got, g.Name+" "+l.String())
		}
	}
	want := "web ingress IPv4 tcp/80-81 from anyone,web egress IPv6 udp to group 2,db ingress IPv4 any from 10.0.0.0/8,db ingress IPv4 icmp/3:4 from anyone"
	if strings.Join(got, ",") != want || s.Project != "p" || s.Groups[0].Tags[0] != "a" || !s.Groups[1].Stateful {
		t.Errorf("%+v", got)
	}
	icmp := func(ports string) string { return strings.Replace(rules, "type=3:code=4", ports, 1) }
	const shown = `{"id":"2","name":"db","description":"","project_id":"p","rules":[{"id":"r4","direction":"ingress","ethertype":"IPv4","protocol":"icmp","port_range_min":0,"port_range_max":null,"remote_ip_prefix":null,"remote_group_id":null}]}`
	if s, err := parsed(groups + icmp("") + shown); err != nil || len(s.Groups) != 2 || len(s.Groups[0].Rules) != 1 || s.Groups[0].Rules[0].String() != "ingress IPv4 icmp/0 from anyone" {
		t.Errorf("%+v, %v", s, err)
	}
	for text, want := range map[string]string{
		groups:            "openstack security group list has no rules: add those of openstack security group rule list --long -f json",
		rules:             "add those of openstack security group list -f json",
		groups + icmp(""): "hides type 0 and code 0 of ICMP, so its rules may allow less than they seem to: add the file that this command writes: openstack security group show -f json 2 > shown.json",
		groups + strings.ReplaceAll(rules, `"IP Protocol":"tcp"`, `"IP Protocol":"icmp"`) + strings.Replace(icmp(""), "r4", "r5", 1): "this command writes: for group in 1 2; do openstack security group show -f json $group; done > shown.json",
		groups + icmp("type=3"):                                    "hides type 0 and code 0 of ICMP",
		groups + icmp(":code=1"):                                   "hides type 0 and code 0 of ICMP",
		strings.Replace(groups, `"ID":"2"`, `"ID":"3"`, 1) + rules: "rule r3 is of group 2, which is not in the list",
		strings.ReplaceAll(rules, `"Security Group":`, `"Group":`): "the rules do not say of which group they are",
		`[{"ID":"r","IP Protocol":"tcp","Ethertype":"IPv4","IP Range":"","Port Range":"","Direction":"ingress","Remote Security Group":null}]`: "the rules do not say of which group they are",
		groups + strings.Replace(rules, `"Remote Address Group":null,`, "", 1):                                                                 "the rules do not say which address groups they name",
		`[{"ID":"1","Name":"web"}]`: "neither descriptions nor a project",
		`[{"ID":"1","Name":"eth0","MAC Address":"fa:16:3e:00:00:01","Fixed IP Addresses":[],"Status":"ACTIVE"}]`: "these are ports: list the groups",
		`[{"a":1}]`: "neither a snapshot",
	} {
		if _, err := parsed(text); !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("%q: %v, not %q", text, err, want)
		}
	}
	saved := Files{Project: "q"}
	if err := saved.Add([]byte(strings.Replace(groups, `"Project":"p","Tags":["a"]`, `"Project":"q","Tags":["a"]`, 1) + rules)); err != nil {
		t.Fatal(err)
	}
	s, lacking, err := saved.State()
	if err != nil || len(s.Groups) != 1 || s.Groups[0].Name != "web" || len(s.Groups[0].Rules) != 2 || !strings.Contains(lacking, "stateless") {
		t.Errorf("%+v, %q, %v", s, lacking, err)
	}
}
