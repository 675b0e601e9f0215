//go:build conformance

package conformance

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

var markAtEnd = regexp.MustCompile(`\[sgc:([^/\]]+)/([^\]]+)\]$`)

// remotes is what the ids of groups stand for in rules: the tier that the mark
// names, or a group that no policy owns.
func remotes(groups []liveGroup) map[string]rule.Remote {
	m := map[string]rule.Remote{}
	for _, g := range groups {
		if mark := markAtEnd.FindStringSubmatch(g.Description); mark != nil {
			m[g.ID] = rule.Tier(mark[2])
		} else {
			m[g.ID] = rule.ForeignGroup(g.Name)
		}
	}
	return m
}

// rules is the groups' rules in canonical words, sorted, by name of group. Rules
// that are there twice stand there twice. Two groups of one name fail the test.
func rules(t testing.TB, groups []liveGroup) map[string][]string {
	t.Helper()
	known, m := remotes(groups), map[string][]string{}
	for _, g := range groups {
		if _, ok := m[g.Name]; ok {
			t.Errorf("two groups are called %q", g.Name)
		}
		words := []string{}
		for _, r := range g.Rules {
			c, err := r.canonical(known)
			if err != nil {
				t.Errorf("rule %s of %q: %v", r.ID, g.Name, err)
			}
			words = append(words, c.String())
		}
		slices.Sort(words)
		m[g.Name] = words
	}
	return m
}

// requireRules says, group by group, which rules are missing and which too many.
func requireRules(t testing.TB, groups []liveGroup, want map[string][]string) {
	t.Helper()
	got := rules(t, groups)
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[name]; !ok {
			t.Errorf("there is a group %q that nobody asked for", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		have, ok := got[name]
		if !ok {
			t.Errorf("there is no group %q", name)
			continue
		}
		expected := slices.Sorted(slices.Values(want[name]))
		if !slices.Equal(have, expected) {
			t.Errorf("rules of %q:\n got %s\nwant %s", name, strings.Join(have, "\n     "), strings.Join(expected, "\n     "))
		}
	}
}

// requireFinished demands the mark and the tags of every group of a policy.
func requireFinished(t testing.TB, groups []liveGroup, policy string) {
	t.Helper()
	for _, g := range groups {
		mark := markAtEnd.FindStringSubmatch(g.Description)
		if mark == nil {
			continue // not a group of any policy
		}
		want := rule.OwnershipTags(policy, mark[2])
		if mark[1] != policy || !slices.Contains(g.Tags, want[0]) || !slices.Contains(g.Tags, want[1]) {
			t.Errorf("group %q of policy %s has the description %q and the tags %q", g.Name, policy, g.Description, g.Tags)
		}
	}
}

// requireUntouched demands that not even a revision number differs.
func requireUntouched(t testing.TB, before, after []liveGroup) {
	t.Helper()
	if byID(before); !reflect.DeepEqual(before, byID(after)) {
		t.Errorf("something was written:\nbefore %+v\n after %+v", before, after)
	}
}

// byID sorts all lists that Neutron returns in any order.
func byID(groups []liveGroup) []liveGroup {
	for _, g := range groups {
		slices.Sort(g.Tags)
		slices.SortFunc(g.Rules, func(a, b liveRule) int { return cmp.Compare(a.ID, b.ID) })
	}
	slices.SortFunc(groups, func(a, b liveGroup) int { return cmp.Compare(a.ID, b.ID) })
	return groups
}

// describe is all that a policy decides about the groups, as text: what is equal
// after two runs, whatever the ids are.
func describe(t testing.TB, groups []liveGroup) string {
	t.Helper()
	known, text := remotes(groups), &strings.Builder{}
	for _, g := range groups {
		slices.Sort(g.Tags)
		fmt.Fprintf(text, "group %q description %q stateful %t tags %q\n", g.Name, g.Description, g.Stateful, g.Tags)
		var lines []string
		for _, r := range g.Rules {
			c, err := r.canonical(known)
			if err != nil {
				t.Errorf("rule %s of %q: %v", r.ID, g.Name, err)
			}
			lines = append(lines, fmt.Sprintf("\t%s %q\n", c, r.Description))
		}
		slices.Sort(lines)
		text.WriteString(strings.Join(lines, ""))
	}
	return text.String()
}
