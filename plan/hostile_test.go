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
	p := &Plan{Policy: "p", Externals: Externals{map[string]string{escape: escape + "1"}, map[string]string{escape: escape + "2"}}}
	for _, a := range []Action{Create, Change, Adopt, Keep, Delete, Release} {
		p.Groups = append(p.Groups, Group{
			Action: a, Tier: "t", ID: "i", Name: "n", Description: "d", Fields: []Field{{"name", "old", "new"}}, Unmark: Field{"description", "old", "new"},
			Tag: []string{"a", "b"}, Untag: []string{"c", "d"}, Lapsed: []string{"r2"},
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

// TestNoIDs refuses plans and snapshots with ids and policies that cannot be any: what a
// plan was made from as it is read, and the rest as it is compared with what that comes to.
func TestNoIDs(t *testing.T) {
	ssh, http := tcp(22, rule.ForeignGroup("legacy")), tcp(80, rule.Anyone())
	set := func() *rule.Set {
		s := shopSet(ssh, tcp(443, rule.AddressGroup("office")))
		s.Foreign, s.AddressGroups = []rule.External{{Key: "legacy", ID: "x3"}}, []rule.External{{Key: "office", ID: "y4"}}
		return s
	}
	s := settled(http, tcp(22, rule.ForeignGroup("x3")))
	s.Groups[1].Rules[1].Description = "another" // so that it drifts
	s.Groups = append(s.Groups, rule.LiveGroup{ID: "x3", Name: "legacy"})
	for _, bad := range []string{"\x1b]0;owned\x07", "a/b", "..", "x?y=z", "a\n"} {
		for name, c := range map[string]struct {
			spoilt func(d *Document, web *Group)
			read   bool // nothing is wrong until it is compared
		}{
			"policy":              {func(d *Document, _ *Group) { d.Policies[0].Policy, d.Plans[0].Policy = bad, bad }, false},
			"foreign group":       {func(d *Document, _ *Group) { d.Policies[0].Foreign[0].ID = bad }, false},
			"address group":       {func(d *Document, _ *Group) { d.Policies[0].AddressGroups[0].ID = bad }, false},
			"planned policy":      {func(d *Document, _ *Group) { d.Plans[0].Policy = bad }, true},
			"group":               {func(_ *Document, web *Group) { web.ID = bad }, true},
			"removed rule":        {func(_ *Document, web *Group) { web.Remove[0].ID = bad }, true},
			"staying rule":        {func(_ *Document, web *Group) { web.Stay[0].ID = bad }, true},
			"drifted rule":        {func(_ *Document, web *Group) { web.Drift[0].Rule.ID = bad }, true},
			"found foreign group": {func(d *Document, _ *Group) { d.Plans[0].Externals.Groups["legacy"] = bad }, true},
			"found address group": {func(d *Document, _ *Group) { d.Plans[0].Externals.AddressGroups["office"] = bad }, true},
		} {
			for _, hostile := range []bool{false, true} {
				d := mustDocument(t, []*rule.Set{set()}, s, Options{})
				if hostile {
					c.spoilt(d, &d.Plans[0].Groups[1])
				}
				read, err := ParseDocument(written(t, d))
				if (err != nil) != (hostile && !c.read) {
					t.Errorf("%s %q: %v", name, bad, err)
				}
				if err != nil {
					continue
				}
				next, err := again(read, s)
				if err != nil {
					t.Fatal(err)
				}
				if differs := read.Differs(next); (differs != nil) != hostile {
					t.Errorf("%s %q, compared: %v", name, bad, differs)
				}
			}
		}
		for name, spoilt := range map[string]func(*Snapshot){
			"policy":       func(s *Snapshot) { s.Policy = bad },
			"project":      func(s *Snapshot) { s.State.Project, s.Place.Project = bad, bad },
			"group":        func(s *Snapshot) { s.State.Groups[0].ID = bad },
			"rule":         func(s *Snapshot) { s.State.Groups[0].Rules[0].ID = bad },
			"remote group": func(s *Snapshot) { s.State.Groups[0].Rules[0].Rule.Remote = rule.ForeignGroup(bad) },
		} {
			for _, hostile := range []bool{false, true} {
				s := Snapshot{Version: Version, Place: Place{Keystone: "https://cloud.example/v3", Project: "q8"}, Policy: "shop", State: rule.State{Project: "q8", Groups: []rule.LiveGroup{live("i9", "web", tcp(80, rule.ForeignGroup("g1")))}}}
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
