package access

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// Level is how far [Minimise] goes. No level changes which packets are allowed.
type Level uint8

const (
	Off  Level = iota + 1 // the rules as written, exact duplicates joined
	Safe                  // also without rules that one other rule covers
	Full                  // the fewest rules there are: ports and prefixes merge too
)

// ParseLevel reads "off", "safe" or "full".
func ParseLevel(s string) (Level, error) {
	for l := Off; l <= Full; l++ {
		if l.String() == s {
			return l, nil
		}
	}
	return 0, fmt.Errorf("unknown level %q of minimisation: it is off, safe or full", s)
}

func (l Level) String() string {
	switch l {
	case Off:
		return "off"
	case Safe:
		return "safe"
	case Full:
		return "full"
	}
	return fmt.Sprintf("Level(%d)", uint8(l))
}

// Minimise returns rules that allow exactly the packets of the written ones,
// sorted by [rule.Compare], each once. At [Full] there is no shorter list of
// rules that does, of any length; which of the shortest it is depends on the
// written rules alone, not on their order, and minimising it again returns it.
//
// Of rules that expire, those of each day are the fewest that allow what is written
// for that day and have the rules of all later days. What those allow may be allowed
// once more, where that makes one rule of two. So the rules of a day depend on what
// lasts until then alone: on the day after, those that have expired only go, and none
// of the others has to be replaced, which would cut its flows. How many they are
// depends on the packets of each day alone. Where a search for the fewest would be
// too much work, see searchWork, none can go.
//
// A rule has the origins of the written entries inside it. Where those do not
// make it up by themselves it also has those of the entries that fill the rest,
// up to 16 of them. An entry that is inside no single rule gives its origins to
// the rules that stand in for it, up to 16 of them too. So no origin is lost,
// and each rule has one. What lasts longer gives no origins to a rule that does not:
// an entry's last day is that of its origins.
//
// An entry whose rule [rule.Rule.Check] refuses stays as it is, in each level.
// A level that is none is treated as Off.
func Minimise(written []rule.Entry, level Level) []rule.Entry {
	var out []rule.Entry
	for side, entries := range split(joined(written)) {
		if side == (half{}) || level != Safe && level != Full {
			out = append(out, entries...)
			continue
		}
		out, entries = apart(out, entries)
		out = append(out, reduced(side, entries, level)...)
	}
	slices.SortFunc(out, func(a, b rule.Entry) int { return rule.Compare(a.Rule, b.Rule) })
	return out
}

// apart takes from the entries of one direction and family, and adds to alone, those
// whose places neither overlap nor touch another's: nothing covers them or merges with
// them, on whichever day. So they stay as they are, and what becomes of the rest is the
// same without them.
func apart(alone, entries []rule.Entry) (_, rest []rule.Entry) {
	rest = entries[:0]
	slices.SortFunc(entries, func(a, b rule.Entry) int { return cmp.Compare(a.Span().First, b.Span().First) })
	for len(entries) > 0 {
		n, last := 1, entries[0].Span().Last
		for ; n < len(entries) && entries[n].Span().First <= last+1; n++ {
			last = max(last, entries[n].Span().Last)
		}
		if n == 1 {
			alone = append(alone, entries[0])
		} else {
			rest = append(rest, entries[:n]...)
		}
		entries = entries[n:]
	}
	return alone, rest
}

// reduced is the entries of one direction and family without those that others
// make unnecessary: day by day, from those that last longest. What comes out for
// a day depends on what lasts as long alone, so on the day after rules only go.
func reduced(side half, entries []rule.Entry, level Level) []rule.Entry {
	days := map[string][]rule.Entry{}
	for _, e := range entries {
		day := e.LastDay()
		days[day] = append(days[day], e)
	}
	order := slices.SortedFunc(maps.Keys(days), func(a, b string) int {
		if a == "" || b == "" {
			return len(a) - len(b)
		}
		return strings.Compare(b, a)
	})
	var listed []rule.Entry
	for _, day := range order {
		g := newRegion(side.family, rulesIn(listed), rulesIn(days[day]))
		list := g.listing
		if level == Safe {
			list = g.uncovered
		}
		listed = g.withOrigins(side, listed, list(), days[day])
	}
	return listed
}

func rulesIn(entries []rule.Entry) []rule.Rule {
	rules := make([]rule.Rule, len(entries))
	for i, e := range entries {
		rules[i] = e.Rule
	}
	return rules
}

// half is one direction and family; the zero half is for rules that are none.
type half struct {
	direction rule.Direction
	family    rule.Family
}

func halfOf(r rule.Rule) half {
	if r.Check() != nil {
		return half{}
	}
	return half{r.Direction, r.Family}
}

func split(entries []rule.Entry) map[half][]rule.Entry {
	sides := map[half][]rule.Entry{}
	for _, e := range entries {
		h := halfOf(e.Rule)
		sides[h] = append(sides[h], e)
	}
	return sides
}

// rule is an item of the region's tree as a rule.
func (g *region) rule(side half, it item) rule.Rule {
	return side.rule(it.Span, g.nodes[it.node].remote)
}

// rule is a span that is one rule, for a remote.
func (h half) rule(s rule.Span, remote rule.Remote) rule.Rule {
	m := s.Match(h.family)
	return rule.Rule{Direction: h.direction, Family: h.family, Protocol: m.Protocol, Ports: m.Ports, Remote: remote}
}

// uncovered is the written rules that no other one covers, nor one that lasts
// longer, by node, then place.
func (g *region) uncovered() []item {
	var items []item
	for _, it := range g.written.items {
		parent := g.nodes[it.node].parent
		if g.covers(g.written, parent, it.Span) || g.lasting != nil && g.covers(g.lasting.written, it.node, it.Span) {
			continue
		}
		it.id = int32(len(items))
		items = append(items, it)
	}
	return items
}

// covers says whether a shelf has a rule with all of s at y or above.
func (g *region) covers(shelf shelf, y int32, s rule.Span) bool {
	for ; y != none; y = g.nodes[y].parent {
		if len(shelf.containing(y, s)) > 0 {
			return true
		}
	}
	return false
}
