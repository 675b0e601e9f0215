package plan

import (
	"fmt"
	"slices"
	"testing"

	"sgc.dev/sgc/rule"
)

// TestUnowned counts the groups that belong to no policy, and the project's default one only
// where somebody has touched it.
func TestUnowned(t *testing.T) {
	asMade := rule.LiveGroup{ID: "id-default", Name: defaultGroup, Description: "Default security group", Stateful: true, Revision: 4}
	for _, r := range UsualDefault() {
		if r.Remote == rule.ForeignGroup(Itself) {
			r.Remote = rule.ForeignGroup(asMade.ID)
		}
		asMade.Rules = append(asMade.Rules, rule.LiveRule{Rule: r})
	}
	with := func(change func(*rule.LiveGroup)) rule.LiveGroup {
		g := asMade
		g.Rules = slices.Clone(g.Rules)
		change(&g)
		return g
	}
	ssh := rule.LiveRule{ID: "r", Rule: tcp(22, rule.Anyone())}
	for name, c := range map[string]struct {
		group rule.LiveGroup
		want  bool
	}{
		"as clouds make it":         {asMade, false},
		"with a rule":               {with(func(g *rule.LiveGroup) { g.Rules = append(g.Rules, ssh) }), true},
		"with another rule":         {with(func(g *rule.LiveGroup) { g.Rules[3] = ssh }), true},
		"with one rule less":        {with(func(g *rule.LiveGroup) { g.Rules = g.Rules[1:] }), true},
		"as this cloud makes it":    {with(func(g *rule.LiveGroup) { g.Rules, g.Revision = append(g.Rules, ssh), 1 }), false},
		"with a tag":                {with(func(g *rule.LiveGroup) { g.Tags = []string{"keep"} }), true},
		"a policy's":                {with(func(g *rule.LiveGroup) { g.Description = rule.Mark("shop", "base") }), false},
		"a policy's, as made":       {with(func(g *rule.LiveGroup) { g.Description, g.Revision = rule.Mark("shop", "base"), 1 }), false},
		"another group like it":     {with(func(g *rule.LiveGroup) { g.Name = "mine" }), true},
		"another one, as made":      {with(func(g *rule.LiveGroup) { g.Name, g.Revision = "mine", 1 }), true},
		"one with the tags alone":   {with(func(g *rule.LiveGroup) { g.Name, g.Tags = "mine", rule.OwnershipTags("shop", "web") }), true},
		"one with another's mark":   {with(func(g *rule.LiveGroup) { g.Name, g.Description = "mine", "text "+rule.Mark("other", "web") }), false},
		"one that a plan will make": {rule.LiveGroup{ID: ToBeMade("shop", "web"), Name: "web", Description: rule.Mark("shop", "web")}, false},
	} {
		if got := UnownedOf(&rule.State{Groups: []rule.LiveGroup{c.group}}) != nil; got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestUnownedText(t *testing.T) {
	s := &rule.State{}
	for n := range 13 {
		s.Groups = append(s.Groups, rule.LiveGroup{ID: fmt.Sprintf("id-%02d", 12-n), Name: fmt.Sprintf("g%02d", 12-n)})
	}
	s.Groups[12].Name = "" // of id-00
	for n, want := range map[int]string{
		0:  "",
		1:  "1 group belongs to no policy: g12",
		3:  "3 groups belong to no policy: g10, g11, g12",
		11: "11 groups belong to no policy: g02, g03, g04, g05, g06, g07, g08, g09, g10, g11, g12",
		12: "12 groups belong to no policy: g01, g02, g03, g04, g05, g06, g07, g08, g09, g10 and 2 more",
		13: "13 groups belong to no policy: id-00, g01, g02, g03, g04, g05, g06, g07, g08, g09 and 3 more",
	} {
		if got := UnownedText(UnownedOf(&rule.State{Groups: s.Groups[:n]})); got != want {
			t.Errorf("%s\nnot\n%s", got, want)
		}
	}
}
