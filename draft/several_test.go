package draft

import (
	"net/netip"
	"slices"
	"testing"

	"sgc.dev/sgc/rule"
)

// importOf is that of a project with these groups, of which all but "left" become tiers.
func importOf(project string, groups ...rule.LiveGroup) Import {
	i := Import{Project: project, State: &rule.State{Groups: groups}, Policy: &Policy{}}
	for n := range groups {
		if groups[n].Name != "left" {
			i.Policy.Tiers = append(i.Policy.Tiers, &tier{live: &i.State.Groups[n]})
		}
	}
	return i
}

// TestDiffering compares what groups of one name allow in several projects, in which groups
// have other ids, and rules another form.
func TestDiffering(t *testing.T) {
	from := func(port uint16, remote rule.Remote) rule.LiveRule {
		return rule.LiveRule{Rule: rule.Rule{Direction: rule.Ingress, Family: rule.IPv4, Protocol: rule.TCP, Ports: rule.PortRange(port, port), Remote: remote}}
	}
	net := func(s string) rule.Remote { return rule.Prefix(netip.MustParsePrefix(s)) }
	group := func(id, name string, rules ...rule.LiveRule) rule.LiveGroup {
		return rule.LiveGroup{ID: id, Name: name, Rules: rules}
	}
	udplite := rule.LiveRule{Words: "udplite ports 1-2"}
	got := Differing([]Import{
		importOf("a",
			group("a1", "web", from(443, rule.ForeignGroup("a2")), from(80, rule.ForeignGroup("a1"))),
			group("a2", "left"),
			group("a3", "net", from(22, net("192.0.2.0/24"))),
			group("a4", "odd", udplite, from(25, rule.Anyone())),
			group("a5", "db", from(5432, rule.ForeignGroup("a1"))),
			group("a6", "twice", from(1, rule.Anyone())),
			group("a7", "alone", from(2, rule.Anyone()))),
		importOf("b",
			group("b1", "web", from(443, rule.ForeignGroup("b2")), from(80, rule.ForeignGroup("b1"))),
			group("b2", "left"),
			group("b3", "net", from(22, net("192.0.2.128/25")), from(22, net("192.0.2.0/25"))),
			group("b4", "odd", from(25, rule.Anyone())),
			group("b5", "db", from(5432, rule.ForeignGroup("b2"))),
			group("b6", "twice", from(3, rule.Anyone())), group("b7", "twice", from(1, rule.Anyone()))),
		importOf("c",
			group("c1", "web", from(443, rule.ForeignGroup("c2")), from(80, rule.ForeignGroup("c1"))),
			group("c2", "left"),
			group("c4", "odd", from(25, rule.Anyone()), udplite),
			group("c5", "db", from(5432, rule.ForeignGroup("a1")))),
	})
	want := []string{"db: a; b; c", "odd: a, c; b"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, not %q", got, want)
	}
}
