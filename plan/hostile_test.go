package plan

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"unicode"

	"sgc.dev/sgc/rule"
)

// escape is what a terminal would take for commands, in all ways that there are.
const escape = "\x1b]0;owned\x07\x1b[31m\u009b2J\x7f\r\nforged\u202e\xff"

// spoil puts commands for the terminal into every text of a value.
func spoil(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() != reflect.TypeFor[Action]() {
			v.SetString(v.String() + escape)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[rule.Rule]() {
			r := v.Addr().Interface().(*rule.Rule)
			if *r != (rule.Rule{}) {
				r.Remote = rule.ForeignGroup(escape)
			}
			return
		}
		for _, field := range v.Fields() {
			spoil(field)
		}
	case reflect.Slice:
		for i := range v.Len() {
			spoil(v.Index(i))
		}
	}
}

// TestTerminal writes a plan whose every text is hostile: no line ends but the
// writer's own, nothing that a terminal acts on.
func TestTerminal(t *testing.T) {
	rules := []rule.LiveRule{{ID: "r1", Rule: tcp(80, rule.Anyone()), Description: "d"}, {ID: "r2", Words: "odd"}}
	p := &Plan{Policy: "p", Project: "q", Externals: Externals{map[string]string{escape: escape + "1"}, map[string]string{escape: escape + "2"}}}
	for _, a := range []Action{Create, Change, Adopt, Keep, Delete, Release} {
		p.Groups = append(p.Groups, Group{
			Action: a, Tier: "t", ID: "i", Name: "n", Description: "d", Fields: []Field{{"name", "old", "new"}}, Unmark: Field{"description", "old", "new"}, Tags: []string{"a", "b"},
			Create: []rule.Entry{{Rule: tcp(81, rule.Anyone()), Origins: []rule.Origin{{Path: "x", Description: "y", Pos: rule.Pos{File: "f"}}}}},
			Remove: rules, Stay: rules, Drift: []Drift{{rules[0], "w"}}, Why: "why", Pos: rule.Pos{File: "g"},
		})
	}
	lines := func() int {
		var b bytes.Buffer
		if err := WholeText(&b, p); err != nil {
			t.Fatal(err)
		}
		for _, r := range strings.ReplaceAll(b.String(), "\n", "") {
			if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
				t.Fatalf("%q in\n%q", r, b.String())
			}
		}
		return strings.Count(b.String(), "\n")
	}
	before := lines()
	spoil(reflect.ValueOf(p).Elem())
	// A tier that is not called as its group adds words, and a new rule its remote: no lines.
	if after := lines(); after != before {
		t.Errorf("%d lines became %d", before, after)
	}
}

// TestNoIDs refuses plans and snapshots with ids and policies that cannot be any.
func TestNoIDs(t *testing.T) {
	fine := func() *Plan {
		rules := []rule.LiveRule{{ID: "r1", Rule: tcp(80, rule.Anyone())}}
		return &Plan{
			Policy: "shop", Project: "q2", Externals: Externals{Groups: map[string]string{"legacy": "x3"}, AddressGroups: map[string]string{"office": "y4"}},
			Groups: []Group{{Action: Change, ID: "i5", Name: "web", Remove: rules, Stay: []rule.LiveRule{{ID: "r6"}}, Drift: []Drift{{Rule: rule.LiveRule{ID: "r7"}}}}},
		}
	}
	for _, bad := range []string{"\x1b]0;owned\x07", "a/b", "..", "x?y=z", "a\n"} {
		for name, spoilt := range map[string]func(*Plan){
			"policy":        func(p *Plan) { p.Policy = bad },
			"project":       func(p *Plan) { p.Project = bad },
			"group":         func(p *Plan) { p.Groups[0].ID = bad },
			"removed rule":  func(p *Plan) { p.Groups[0].Remove[0].ID = bad },
			"staying rule":  func(p *Plan) { p.Groups[0].Stay[0].ID = bad },
			"drifted rule":  func(p *Plan) { p.Groups[0].Drift[0].Rule.ID = bad },
			"foreign group": func(p *Plan) { p.Externals.Groups["legacy"] = bad },
			"address group": func(p *Plan) { p.Externals.AddressGroups["office"] = bad },
		} {
			for _, hostile := range []bool{false, true} {
				p := fine()
				if hostile {
					spoilt(p)
				}
				var b bytes.Buffer
				if err := JSON(&b, p); err != nil {
					t.Fatal(err)
				}
				if _, err := Parse(b.Bytes()); (err != nil) != hostile {
					t.Errorf("%s %q: %v", name, bad, err)
				}
			}
		}
		for name, spoilt := range map[string]func(*Snapshot){
			"policy":       func(s *Snapshot) { s.Policy = bad },
			"project":      func(s *Snapshot) { s.State.Project = bad },
			"group":        func(s *Snapshot) { s.State.Groups[0].ID = bad },
			"rule":         func(s *Snapshot) { s.State.Groups[0].Rules[0].ID = bad },
			"remote group": func(s *Snapshot) { s.State.Groups[0].Rules[0].Rule.Remote = rule.ForeignGroup(bad) },
		} {
			for _, hostile := range []bool{false, true} {
				s := Snapshot{Version: Version, Policy: "shop", State: rule.State{Project: "q8", Groups: []rule.LiveGroup{live("i9", "web", tcp(80, rule.ForeignGroup("g1")))}}}
				if hostile {
					spoilt(&s)
				}
				var b bytes.Buffer
				if err := s.Write(&b); err != nil {
					t.Fatal(err)
				}
				if _, err := ParseSnapshot(b.Bytes()); (err != nil) != hostile {
					t.Errorf("snapshot, %s %q: %v", name, bad, err)
				}
			}
		}
	}
}
