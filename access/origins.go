package access

import (
	"cmp"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// spread bounds how many entries explain one rule, or rules one entry, where
// neither is inside the other. Without a bound, hostile input (ports of anyone
// that bridge the gaps of as many prefixes) has a product of origins.
const spread = 16

// withOrigins is the entries that last longer and the listed items as rules, with
// the origins of the region's written entries.
func (g *region) withOrigins(side half, lasting []rule.Entry, listed []item, entries []rule.Entry) []rule.Entry {
	out := slices.Concat(lasting, make([]rule.Entry, len(listed)))
	items := make([]item, 0, len(out))
	if g.lasting != nil {
		items = append(items, g.lasting.written.items...)
	}
	for _, it := range listed {
		it.id += int32(len(lasting))
		out[it.id].Rule = g.rule(side, it)
		items = append(items, it)
	}
	shelf := newShelf(len(g.nodes), items)
	inside := make([][]int32, len(out)) // per rule, the entries inside it
	beside := make([][]int32, len(out)) // per rule, the others that it has to do with
	for i, e := range entries {
		s, y := e.Span(), g.at[e.Remote]
		found := false
		for w := y; w != none; w = g.nodes[w].parent {
			holders := shelf.containing(w, s)
			for _, it := range holders[:min(len(holders), spread)] {
				inside[it.id] = append(inside[it.id], int32(i))
				found = true
			}
		}
		if !found {
			for _, id := range g.standIns(shelf, y, s) {
				beside[id] = append(beside[id], int32(i))
			}
		}
	}
	for _, it := range shelf.items {
		id := int(it.id)
		if id < len(lasting) {
			out[id].Origins = sortedOrigins(append(originsOf(entries, inside[id], beside[id]), lasting[id].Origins...))
			continue
		}
		missing := g.unwritten(it)
		if len(missing) > 0 && !g.madeUp(it, inside[id], entries) {
			beside[id] = append(beside[id], g.bridges(it.node, missing)...)
		}
		out[id].Origins = originsOf(entries, inside[id], beside[id])
	}
	return out
}

// unwritten is the places of a listed rule that neither rules inside it, of its own
// node, have nor what lasts longer.
func (g *region) unwritten(it item) rule.Line {
	var own rule.Line
	for _, w := range g.written.overlapping(it.node, it.Span) {
		if it.Covers(w.Span) {
			own = own.Join(w.Span)
		}
	}
	missing := rule.Subtract(rule.Line{it.Span}, own)
	if g.lasting == nil || missing == nil {
		return missing
	}
	return rule.Subtract(missing, g.lasting.line(it.node, it.Span))
}

// madeUp says whether the entries inside a listed rule are all of it.
func (g *region) madeUp(it item, inside []int32, entries []rule.Entry) bool {
	rules := make([]rule.Rule, len(inside))
	for i, id := range inside {
		rules[i] = entries[id].Rule
	}
	return len(rules) > 0 && newRegion(rules[0].Family, nil, rules).contains(g.nodes[it.node].remote, it.Span)
}

// bridges is entries outside a listed rule that fill what is missing in it.
func (g *region) bridges(y int32, missing rule.Line) []int32 {
	var ids []int32
	for _, s := range missing {
		ids = append(ids, g.standIns(g.written, y, s)...)
		if len(ids) >= spread {
			return ids[:spread]
		}
	}
	return ids
}

// standIns is items of a shelf that together have all of s at y, up to spread of
// them, provided that the shelf has that: those at y and above that share a place
// with s, and for what is left of s those that make it up from the halves of y,
// or, where y is a group, from those of the root.
func (g *region) standIns(shelf shelf, y int32, s rule.Span) []int32 {
	var ids []int32
	rest := rule.Line{s}
	for w := y; w != none; w = g.nodes[w].parent {
		var there rule.Line
		for _, it := range shelf.overlapping(w, s) {
			ids = append(ids, it.id)
			there = there.Join(it.Span)
			if len(ids) == spread {
				return ids
			}
		}
		rest = rule.Subtract(rest, there)
	}
	if g.nodes[y].remote.Kind() != rule.RemotePrefix {
		y = g.root()
	}
	return g.standInsBelow(shelf, y, rest, ids)
}

func (g *region) standInsBelow(shelf shelf, y int32, rest rule.Line, ids []int32) []int32 {
	l, r, ok := g.halves(y)
	if !ok || len(rest) == 0 || len(ids) == spread {
		return ids
	}
	for _, h := range [...]int32{l, r} {
		left := rest
		for _, s := range rest {
			for _, it := range shelf.overlapping(h, s) {
				if len(ids) == spread {
					return ids
				}
				ids = append(ids, it.id)
				left = rule.Subtract(left, rule.Line{it.Span})
			}
		}
		ids = g.standInsBelow(shelf, h, left, ids)
	}
	return ids
}

// joined is the entries, sorted by [rule.Compare], with equal rules made one.
func joined(entries []rule.Entry) []rule.Entry {
	entries = slices.Clone(entries)
	slices.SortFunc(entries, func(a, b rule.Entry) int { return rule.Compare(a.Rule, b.Rule) })
	out := make([]rule.Entry, 0, len(entries))
	var equal []int32
	for i, e := range entries {
		equal = append(equal, int32(i))
		if i+1 == len(entries) || entries[i+1].Rule != e.Rule {
			out = append(out, rule.Entry{Rule: e.Rule, Origins: originsOf(entries, equal, nil)})
			equal = equal[:0]
		}
	}
	return out
}

// originsOf is the origins of the entries, sorted, each once. It may be those of
// an entry itself, without room to append.
func originsOf(entries []rule.Entry, inside, beside []int32) []rule.Origin {
	count := 0
	for _, ids := range [...][]int32{inside, beside} {
		for _, i := range ids {
			count += len(entries[i].Origins)
			if count == 1 && len(inside)+len(beside) == 1 {
				return slices.Clip(entries[i].Origins)
			}
		}
	}
	if count == 0 {
		return nil
	}
	origins := make([]rule.Origin, 0, count)
	for _, ids := range [...][]int32{inside, beside} {
		for _, i := range ids {
			origins = append(origins, entries[i].Origins...)
		}
	}
	return sortedOrigins(origins)
}

func sortedOrigins(origins []rule.Origin) []rule.Origin {
	slices.SortFunc(origins, compareOrigins)
	return slices.Clip(slices.Compact(origins))
}

func compareOrigins(a, b rule.Origin) int {
	return cmp.Or(
		rule.ComparePos(a.Pos, b.Pos),
		strings.Compare(a.Path, b.Path),
		strings.Compare(a.Key, b.Key),
		strings.Compare(a.Peer, b.Peer),
		rule.ComparePos(a.PeerPos, b.PeerPos),
		strings.Compare(a.Description, b.Description),
		strings.Compare(a.Owner, b.Owner),
		strings.Compare(a.Ticket, b.Ticket),
		strings.Compare(a.Expires, b.Expires),
	)
}
