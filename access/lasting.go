package access

import (
	"maps"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// reduced is the entries of one direction and family without those that others
// make unnecessary: day by day, from those that last longest. What comes out for
// a day depends on the longer-lasting alone, so minimising what is left after
// that day gives the same rules, less those of the days before.
func reduced(side half, entries []rule.Entry, level Level) []rule.Entry {
	days := map[string][]rule.Entry{}
	for _, e := range entries {
		day := e.LastDay()
		days[day] = append(days[day], e)
	}
	if len(days) == 1 {
		return fewest(side, entries, level)
	}
	order := slices.SortedFunc(maps.Keys(days), func(a, b string) int {
		if a == "" || b == "" {
			return len(a) - len(b)
		}
		return strings.Compare(b, a)
	})
	var later lasting
	for _, day := range order {
		left := fewest(side, later.without(side, days[day], level), level)
		// What is trimmed to a form that longer-lasting rules cover goes too.
		for n := -1; n != len(left); {
			n = len(left)
			if left = later.without(side, left, level); n != len(left) {
				left = fewest(side, left, level)
			}
		}
		later = append(later, newLayer(side, left))
	}
	var out []rule.Entry
	for _, l := range later {
		out = append(out, l.entries...)
	}
	return out
}

// lasting is what has been reduced, a layer for each last day.
type lasting []layer

type layer struct {
	*region // of nothing but the entries' rules
	entries []rule.Entry
}

func newLayer(side half, entries []rule.Entry) layer {
	rules := rulesIn(entries)
	return layer{newTree(side.family, remotesOf(rules)).region(rules), entries}
}

// without is the entries that the layers do not cover. The origins of the others
// go to the rules that do.
func (later lasting) without(side half, entries []rule.Entry, level Level) []rule.Entry {
	var owners []*rule.Entry
	var rules []rule.Rule
	for _, l := range later {
		for i := range l.entries {
			owners = append(owners, &l.entries[i])
			rules = append(rules, l.entries[i].Rule)
		}
	}
	if len(rules) == 0 {
		return entries
	}
	g := newTree(side.family, append(remotesOf(rules), remotesOf(rulesIn(entries))...)).region(rules)
	g.grow(g.allowed())
	given := map[*rule.Entry][]rule.Origin{}
	left := make([]rule.Entry, 0, len(entries))
	for _, e := range entries {
		s := spanOf(e.Rule)
		covering := later.holders(e.Remote, s)
		if covering == nil && level == Full && g.contains(e.Remote, s) {
			for _, id := range g.standIns(g.written, g.at[e.Remote], s) {
				covering = append(covering, owners[id])
			}
		}
		if covering == nil {
			left = append(left, e)
		}
		for _, owner := range covering {
			given[owner] = append(given[owner], e.Origins...)
		}
	}
	for owner, origins := range given {
		owner.Origins = sortedOrigins(append(origins, owner.Origins...))
	}
	return left
}

// holders is the layers' entries that have all of s at a remote, up to spread of
// each node.
func (later lasting) holders(remote rule.Remote, s span) []*rule.Entry {
	var found []*rule.Entry
	for _, l := range later {
		for w := l.find(remote); w != none; w = l.nodes[w].parent {
			items := l.written.containing(w, s)
			for _, it := range items[:min(len(items), spread)] {
				found = append(found, &l.entries[it.id])
			}
		}
	}
	return found
}
