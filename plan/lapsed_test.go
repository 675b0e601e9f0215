package plan

import (
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

// TestLapsed tells rules that close what was to end on that very day from all others, and
// counts the others alone where a group in use loses most of its access.
func TestLapsed(t *testing.T) {
	const first, second = "2026-11-01", "2026-11-15"
	ports := func(lo, hi uint16) rule.Rule {
		r := tcp(1, rule.Anyone())
		r.Ports = rule.PortRange(lo, hi)
		return r
	}
	until := func(day string, rules ...rule.Rule) []rule.Entry {
		list := entries(rules...)
		for i := range list {
			list[i].Origins[0].Expires = day
		}
		return list
	}
	has := func(id string, r rule.Rule, description string) rule.LiveRule {
		return rule.LiveRule{ID: id, Rule: r, Description: description}
	}
	ssh, sql := ports(22, 22), ports(3306, 3306)
	for name, c := range map[string]struct {
		expired []rule.Entry
		live    []rule.LiveRule // beside http, which stays
		lapsed  []string
		refused bool
	}{
		"on their day": {until(first, ssh, sql),
			[]rule.LiveRule{has("a", ssh, "shell (until 2026-11-01)"), has("b", sql, "data (owner me, until 2026-11-01)")}, []string{"a", "b"}, false},
		"on days of their own": {slices.Concat(until(first, ssh), until(second, sql)),
			[]rule.LiveRule{has("a", ssh, "shell (until 2026-11-01)"), has("b", sql, "data (until 2026-11-15)")}, []string{"a", "b"}, false},
		"on days of each other": {slices.Concat(until(first, ssh), until(second, sql)),
			[]rule.LiveRule{has("a", ssh, "shell (until 2026-11-15)"), has("b", sql, "data (until 2026-11-01)")}, nil, true},
		"on a day that was set since": {until("2020-01-01", ssh, sql),
			[]rule.LiveRule{has("a", ssh, "shell (until 2027-01-31)"), has("b", sql, "data (until 2027-01-31)")}, nil, true},
		"on a day that was set where there was none": {until(first, ssh, sql),
			[]rule.LiveRule{has("a", ssh, "shell"), has("b", sql, "data 2026-11-01")}, nil, true},
		"without a description": {until(first, ssh, sql),
			[]rule.LiveRule{has("a", ssh, ""), has("b", sql, "")}, nil, true},
		"one of two": {until(first, ssh, sql),
			[]rule.LiveRule{has("a", ssh, "shell (until 2026-11-01)"), has("b", sql, "data")}, []string{"a"}, false},
		"not the policy's any more": {nil,
			[]rule.LiveRule{has("a", ssh, "shell (until 2026-11-01)"), has("b", sql, "data (until 2026-11-01)")}, nil, true},
		"less than what there was": {until(first, tcp(22, network("10.0.0.0/8")), tcp(3306, network("10.0.0.0/8"))),
			[]rule.LiveRule{has("a", ssh, "shell (until 2026-11-01)"), has("b", sql, "data (until 2026-11-01)")}, nil, true},
		"more than what there was": {until(first, ports(20, 29), ports(3300, 3309)),
			[]rule.LiveRule{has("a", ssh, "shell (until 2026-11-01)"), has("b", sql, "data (until 2026-11-01)")}, []string{"a", "b"}, false},
		"merged, of two days": {slices.Concat(until(first, ports(22, 22)), until(second, ports(23, 23)), until(second, sql)),
			[]rule.LiveRule{has("a", ports(22, 23), "shell (until 2026-11-01); telnet (until 2026-11-15)"), has("b", sql, "data (until 2026-11-15)")}, []string{"a", "b"}, false},
		"merged, and one day is missing": {slices.Concat(until(first, ports(22, 22)), until(second, ports(23, 23)), until(second, sql)),
			[]rule.LiveRule{has("a", ports(22, 23), "shell (until 2026-11-01)"), has("b", sql, "data")}, nil, true},
		"merged with what goes": {until(first, ports(22, 22), sql),
			[]rule.LiveRule{has("a", ports(22, 23), "shell (until 2026-11-01)"), has("b", sql, "data")}, nil, true},
		"merged with what stays": {until(first, ports(81, 82), sql),
			[]rule.LiveRule{has("a", ports(80, 82), "web (until 2026-11-01)"), has("b", sql, "data (until 2026-11-01)")}, []string{"a", "b"}, false},
		"that nobody can tell": {until(first, ssh, sql),
			[]rule.LiveRule{{ID: "a", Words: "udplite ports 1-2", Description: "until 2026-11-01"}, {ID: "b", Words: "dccp ports 3-4", Description: "until 2026-11-01"}}, nil, true},
	} {
		set := shopSet(tcp(80, rule.Anyone()))
		set.Groups[1].Expired = c.expired
		s := settled(tcp(80, rule.Anyone()))
		s.Groups[1].Rules = append(s.Groups[1].Rules, c.live...)
		p := mustMake(t, FromSet(set), s, Options{})
		g := group(t, p, "web")
		if !slices.Equal(g.Lapsed, c.lapsed) || len(g.Remove) != 2 {
			t.Errorf("%s: %q of %v, not %q", name, g.Lapsed, g.Remove, c.lapsed)
		}
		if needs := slices.Contains(NeedsOf([]*Plan{p}).PortsOf, "id-web"); needs != c.refused {
			t.Errorf("%s: the ports are asked for: %t", name, needs)
		}
		facts := Facts{Quota: Quota{Room{Limit: -1}, Room{Limit: -1}}, Ports: map[string][]Port{"id-web": {{ID: "port-1"}}}}
		problems, _ := Check([]*Plan{p}, s, facts, Permits{})
		if got := problems.Error(); strings.Contains(got, "more than half") != c.refused || !c.refused && got != "" {
			t.Errorf("%s: %q", name, got)
		}
		var b strings.Builder
		if Text(&b, p); strings.Count(b.String(), ", has expired\n") != len(c.lapsed) {
			t.Errorf("%s: %s", name, b.String())
		}
	}
}

// TestInsideIsNotLapsed takes a rule that goes though others allow the same for what it is.
func TestInsideIsNotLapsed(t *testing.T) {
	set := shopSet(tcp(80, rule.Anyone()))
	set.Groups[1].Expired = entries(tcp(81, rule.Anyone()))
	set.Groups[1].Expired[0].Origins[0].Expires = "2026-11-01"
	s := settled(tcp(80, rule.Anyone()), tcp(80, network("10.0.0.0/8")))
	g := group(t, mustMake(t, FromSet(set), s, Options{Tidy: true}), "web")
	if len(g.Remove) != 1 || g.Lapsed != nil {
		t.Errorf("%q of %v", g.Lapsed, g.Remove)
	}
}
