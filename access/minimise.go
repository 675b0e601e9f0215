package access

import (
	"fmt"
	"slices"

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
// That is so where all rules last equally long. Rules of different last days do
// not merge: on the day after, those that have expired only go, and none of the
// others has to be replaced, which would cut its flows. What longer-lasting
// rules allow, expiring ones need not, and are left out; of those that are left,
// the ones of each last day are the fewest.
//
// A rule has the origins of the written entries inside it. Where those do not
// make it up by themselves it also has those of the entries that fill the rest,
// up to 16 of them. An entry that is inside no single rule gives its origins to
// the rules that stand in for it, up to 16 of them too. So no origin is lost,
// and each rule has one.
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
		out = append(out, reduced(side, entries, level)...)
	}
	slices.SortFunc(out, func(a, b rule.Entry) int { return rule.Compare(a.Rule, b.Rule) })
	return out
}

// fewest is the entries of one direction and family without those that others
// make unnecessary, however long they last.
func fewest(side half, entries []rule.Entry, level Level) []rule.Entry {
	g := newRegion(side.family, rulesIn(entries))
	list := g.listing
	if level == Safe {
		list = g.uncovered
	}
	return g.withOrigins(side, list(), entries)
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
	protocol, ports := it.service()
	return rule.Rule{
		Direction: side.direction,
		Family:    side.family,
		Protocol:  protocol,
		Ports:     ports,
		Remote:    g.nodes[it.node].remote,
	}
}

// uncovered is the written rules that no other one covers, by node, then place.
func (g *region) uncovered() []item {
	var items []item
	for _, it := range g.written.items {
		if !g.coveredAbove(it) {
			it.id = int32(len(items))
			items = append(items, it)
		}
	}
	return items
}

func (g *region) coveredAbove(it item) bool {
	for w := g.nodes[it.node].parent; w != none; w = g.nodes[w].parent {
		if len(g.written.containing(w, it.span)) > 0 {
			return true
		}
	}
	return false
}
