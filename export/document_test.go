package export

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"go.yaml.in/yaml/v3"

	"sgc.dev/sgc/rule"
)

// TestDocumentReadsBack reads both forms of a document back: they say the same,
// and no value in them is null.
func TestDocumentReadsBack(t *testing.T) {
	for _, sets := range [][]*rule.Set{{threeTier(), hostile()}, {everyRemote()}, {manyRules(3*atOnce + 7)}, {{Policy: "empty"}}, {}} {
		want := NewDocument(sets)
		inJSON, inYAML := written(t, JSON, sets...), written(t, YAML, sets...)

		var fromJSON, fromYAML Document
		strict := json.NewDecoder(bytes.NewReader(inJSON))
		strict.DisallowUnknownFields()
		if err := strict.Decode(&fromJSON); err != nil {
			t.Fatal(err)
		}
		known := yaml.NewDecoder(bytes.NewReader(inYAML))
		known.KnownFields(true)
		if err := known.Decode(&fromYAML); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(fromJSON, want) {
			t.Errorf("json reads back as %+v, want %+v", fromJSON, want)
		}
		if !reflect.DeepEqual(fromYAML, want) {
			t.Errorf("yaml reads back as %+v, want %+v", fromYAML, want)
		}

		var anyJSON, anyYAML any
		if err := json.Unmarshal(inJSON, &anyJSON); err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal(inYAML, &anyYAML); err != nil {
			t.Fatal(err)
		}
		noNull(t, "json", anyJSON)
		noNull(t, "yaml", anyYAML)
	}
}

// manyRules has one group of n rules, more than are encoded at once.
func manyRules(n int) *rule.Set {
	g := rule.Group{Tier: "a", Name: "a", Pos: at(1)}
	for i := range n {
		g.Rules = append(g.Rules, entry(2+i, "tiers.a.ingress.one", "self", tcp(uint16(1000+2*i), rule.Tier("a"))))
	}
	return &rule.Set{Policy: "many", Groups: []rule.Group{finished(g)}}
}

func noNull(t *testing.T, where string, v any) {
	t.Helper()
	switch v := v.(type) {
	case nil:
		t.Errorf("%s is null", where)
	case []any:
		for _, item := range v {
			noNull(t, where+"[]", item)
		}
	case map[string]any:
		for key, item := range v {
			noNull(t, where+"."+key, item)
		}
	}
}

// everyRemote has a rule for each kind of remote, and for each kind of ports.
func everyRemote() *rule.Set {
	egress := func(r rule.Rule) rule.Rule {
		r.Direction = rule.Egress
		return r
	}
	code := tcp(1, rule.AddressGroup("office"))
	code.Protocol, code.Ports = rule.ICMP, rule.ICMPTypeCode(11, 0)
	kind := code
	kind.Ports = rule.ICMPType(12)
	every := code
	every.Ports = rule.AllPorts()
	span := tcp(1, rule.Tier("b"))
	span.Ports = rule.PortRange(6000, 6063)
	all := tcp(1, rule.Tier("a"))
	all.Ports = rule.AllPorts()
	return &rule.Set{
		Policy: "remotes",
		Groups: []rule.Group{
			finished(rule.Group{Tier: "a", Name: "group-a", Description: "first", Stateful: true, Tags: []string{"team=net"}, Pos: at(1), Rules: []rule.Entry{
				entry(2, "tiers.a.ingress.one", "b", span),
				entry(3, "tiers.a.ingress.two", "self", all),
				entry(4, "tiers.a.ingress.three", "legacy", tcp(7003, rule.ForeignGroup("legacy"))),
				entry(5, "tiers.a.egress.four", "10.9.0.0/16", egress(from("10.9.0.0/16", tcp(7004, rule.Anyone())))),
			}}),
			finished(rule.Group{Tier: "b", Name: "b", Pos: at(6), Rules: []rule.Entry{
				entry(7, "tiers.b.ingress.five", "office", code),
				entry(8, "tiers.b.ingress.six", "office", kind),
				entry(9, "tiers.b.ingress.seven", "office", every),
				entry(10, "tiers.b.egress.eight", "public", egress(tcp(7008, rule.Anyone()))),
				entry(11, "tiers.b.egress.nine", "peer", egress(tcp(7009, rule.ForeignGroup("peer")))),
			}}),
		},
		Foreign: []rule.External{
			{Key: "legacy", Name: "old-one", Pos: at(12)},
			{Key: "peer", ID: "6f1b2a34-0c5d-4e7f-8a9b-1c2d3e4f5a6b", Pos: at(13)},
		},
		AddressGroups: []rule.External{{Key: "office", Name: "the office", Pos: at(14)}},
	}
}
