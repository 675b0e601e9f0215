package plan

import (
	"fmt"
	"slices"
	"testing"

	"sgc.dev/sgc/rule"
)

// TestFingerprint pins what clouds keep: another sum for the same access would make all of
// them drift.
func TestFingerprint(t *testing.T) {
	rules := []rule.Rule{
		tcp(80, rule.Anyone()),
		{Direction: rule.Egress, Family: rule.IPv6, Protocol: rule.UDP, Ports: rule.PortRange(53, 53), Remote: rule.ForeignGroup("[sgc:shop/dns]")},
	}
	const want = "b1dd76f343c460e3b878aee2441694f0"
	if got := Fingerprint(rules, true); got != want {
		t.Errorf("%s, not %s", got, want)
	}
	slices.Reverse(rules)
	if got := Fingerprint(append(rules, tcp(80, rule.Anyone())), true); got != want {
		t.Errorf("in another spelling it is %s", got)
	}
	for name, other := range map[string]string{
		"nothing":           Fingerprint(nil, true),
		"less":              Fingerprint(rules[:1], true),
		"stateless":         Fingerprint(rules, false),
		"nothing stateless": Fingerprint(nil, false),
	} {
		if other == want {
			t.Errorf("%s has it too", name)
		}
	}
}

// TestFingerprints holds when a plan leaves fingerprints: where it is asked to, and where a
// group has one; and that one which is right is no change.
func TestFingerprints(t *testing.T) {
	// The tier and the group that it names have one mark, whichever comes first.
	right := rule.AppliedTag(Fingerprint([]rule.Rule{tcp(5432, rule.ForeignGroup("[sgc:shop/web]"))}, true))
	tagged := func(tags ...string) *rule.State {
		s := settled(tcp(80, rule.Anyone()))
		s.Groups[0].Tags = append(s.Groups[0].Tags, tags...)
		return s
	}
	for _, c := range []struct {
		name       string
		s          *rule.State
		asked      bool
		tag, untag []string
	}{
		{"a new group", &rule.State{}, false, nil, nil},
		{"a new group, asked", &rule.State{}, true, []string{right}, nil},
		{"none", tagged(), false, nil, nil},
		{"none, asked", tagged(), true, []string{right}, nil},
		{"the right one", tagged(right), false, nil, nil},
		{"the right one, asked", tagged(right), true, nil, nil},
		{"another one", tagged("sgc:applied=0"), false, []string{right}, []string{"sgc:applied=0"}},
		{"both, of a run that was killed", tagged("sgc:applied=0", right), false, nil, []string{"sgc:applied=0"}},
	} {
		p := mustMake(t, shop(tcp(80, rule.Anyone())), c.s, Options{Fingerprints: c.asked})
		g := group(t, p, "db")
		tag := slices.DeleteFunc(slices.Clone(g.Tag), func(tag string) bool { return rule.Applied([]string{tag}) == nil })
		if !slices.Equal(tag, c.tag) || !slices.Equal(g.Untag, c.untag) || g.Action == Keep != (c.tag == nil && c.untag == nil) && g.Action != Create {
			t.Errorf("%s: %s, tags %v, tags that go %v", c.name, g.Action, tag, g.Untag)
		}
		if again := mustMake(t, shop(tcp(80, rule.Anyone())), withIDs(p.After(c.s)), Options{Fingerprints: c.asked}); !again.Empty() {
			t.Errorf("%s: the next plan has something to do", c.name)
		}
	}
}

// withIDs gives the groups that a plan makes ids, as a cloud does.
func withIDs(s *rule.State) *rule.State {
	ids := map[string]string{}
	for i, g := range s.Groups {
		ids[g.ID] = fmt.Sprint("id-", i)
	}
	for i := range s.Groups {
		g := &s.Groups[i]
		g.ID = ids[g.ID]
		for j, l := range g.Rules {
			if id, there := ids[l.Rule.Remote.Name()]; there {
				g.Rules[j].Rule.Remote = rule.ForeignGroup(id)
			}
			g.Rules[j].ID = fmt.Sprint("rule-", i, "-", j)
		}
	}
	return s
}
