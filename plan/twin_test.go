package plan

import (
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

// TestTwin deletes a second group of a tier without being told so only where it can be
// no more than what a second run has made.
func TestTwin(t *testing.T) {
	http, ssh := tcp(80, rule.Anyone()), tcp(22, rule.Anyone())
	second := func(description, name string, rules ...rule.Rule) rule.LiveGroup {
		g := live("id-twin", "web", rules...)
		g.Created, g.Description, g.Name = "2026-11-02T00:00:00Z", description, name
		return g
	}
	mark := rule.Mark("shop", "web")
	odd := second(mark, "web")
	odd.Rules = []rule.LiveRule{{ID: "o", Words: "udplite ports 1-2"}}
	for _, c := range []struct {
		name  string
		twin  rule.LiveGroup
		ports []Port
		want  string
	}{
		{"empty", second(mark, "web"), nil, ""},
		{"just born", second(mark, "web", bornWith...), nil, ""},
		{"inside of the policy", second(mark, "web", http, tcp(80, network("10.0.0.0/8"))), nil, ""},
		{"naming itself", second(mark, "web", tcp(443, rule.ForeignGroup("id-twin"))), nil, ""},
		{"described otherwise", second("my copy "+mark, "web"), nil, "would be deleted, which needs --allow-destroy"},
		{"called otherwise", second(mark, "web2"), nil, "would be deleted, which needs --allow-destroy"},
		{"with a rule of its own", second(mark, "web", http, ssh), nil, "would be deleted, which needs --allow-destroy"},
		{"naming another group", second(mark, "web", tcp(443, rule.ForeignGroup("id-x"))), nil, "would be deleted, which needs --allow-destroy"},
		{"with a rule that nobody can tell", odd, nil, "would be deleted, which needs --allow-destroy"},
		{"in use", second(mark, "web"), []Port{{ID: "port-1"}}, "cannot be deleted: port port-1 uses it"},
	} {
		s := settled(http, tcp(443, rule.ForeignGroup("id-web")))
		s.Groups = append(s.Groups, c.twin)
		d := mustDocument(t, []*rule.Set{shopSet(http, tcp(443, rule.Tier("web")))}, s, Options{})
		if differs := differsNow(t, d, s); differs != nil {
			t.Errorf("%s: %v", c.name, differs)
		}
		facts := Facts{Quota: Quota{Room{Limit: -1}, Room{Limit: -1}}, Ports: map[string][]Port{"id-twin": c.ports}}
		problems, _ := Check(d.Plans, s, facts, Permits{})
		got := problems.Error()
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
