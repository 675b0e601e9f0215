package access

import (
	"cmp"
	"slices"

	"sgc.dev/sgc/rule"
)

// Opening is the packets of a rule that none of the exceptions has. Exceptions
// are inside the rule.
type Opening struct {
	rule.Rule
	Except []rule.Rule
}

// Difference is the packets of a that b lacks, sorted by [rule.Compare]; nil
// where there are none.
//
// Rules cannot say "anyone but this group" or "any protocol but tcp", so there
// are two listings: plain rules, where that is possible and no longer, counting
// each exception as a rule, and else the rules of a with what b has of them as
// exceptions. The choice is made for each set of a's rules that b cuts by the
// same rules. Both are exact.
//
// Of a group that may reach a service only because every network may, no opening
// speaks: those of the networks do. (That is so where the networks add up to all
// addresses, and no rule says "anyone".)
func Difference(a, b Access) []Opening {
	var out []Opening
	for side, g := range a.regions {
		d := &difference{side: side, from: g, listed: g.listing()}
		if o := b.regions[side]; o != nil {
			d.cut(o)
		}
		out = append(out, d.openings()...)
	}
	slices.SortFunc(out, func(x, y Opening) int {
		return cmp.Or(rule.Compare(x.Rule, y.Rule), slices.CompareFunc(x.Except, y.Except, rule.Compare))
	})
	return out
}

// difference is one direction and family of a Difference: the listed rules of
// the one region that are not inside the other, and what the other has of each.
type difference struct {
	side   half
	from   *region
	listed []item        // the ids are the places in had
	had    [][]rule.Rule // of each listed rule, the other's share in it
	cuts   [][]int32     // of each prime of the other, the listed rules that it cuts
}

// cut takes the other region from the listed rules.
func (d *difference) cut(o *region) {
	var open []item
	for _, it := range d.listed {
		if !o.contains(d.from.nodes[it.node].remote, it.Span) {
			it.id = int32(len(open))
			open = append(open, it)
		}
	}
	d.listed, d.had = open, make([][]rule.Rule, len(open))
	shelf := newShelf(len(d.from.nodes), slices.Clone(open))
	above := d.cutFromAbove(o)
	for i, primes := range o.primes {
		for j, p := range primes {
			cut := above[[2]int32{int32(i), int32(j)}]
			remote := o.nodes[i].remote
			w := d.from.find(remote)
			if d.from.nodes[w].remote == remote {
				w = d.from.nodes[w].parent // the rules at the remote itself were cut from above
			}
			for ; w != none; w = d.from.nodes[w].parent {
				for _, it := range shelf.overlapping(w, p.Span) {
					cut = append(cut, it.id)
					d.share(it, p.Span, remote)
				}
			}
			d.cuts = append(d.cuts, cut)
		}
	}
}

// cutFromAbove takes those primes of the other region from the listed rules whose
// remotes are the rules' or wider; it returns which rules each of them cuts.
func (d *difference) cutFromAbove(o *region) map[[2]int32][]int32 {
	cuts := map[[2]int32][]int32{}
	for _, it := range d.listed {
		remote := d.from.nodes[it.node].remote
		for z := o.find(remote); z != none; z = o.nodes[z].parent {
			primes := o.primes[z]
			from, _ := slices.BinarySearchFunc(primes, it.First, func(p prime, x uint32) int { return cmp.Compare(p.Last, x) })
			for j := from; j < len(primes) && primes[j].First <= it.Last; j++ {
				at := [2]int32{z, int32(j)}
				cuts[at] = append(cuts[at], it.id)
				d.share(it, primes[j].Span, remote)
			}
		}
	}
	return cuts
}

// share notes what the other region has of a listed rule: of two rules that
// overlap, the places of both are one rule again.
func (d *difference) share(it item, s rule.Span, remote rule.Remote) {
	d.had[it.id] = append(d.had[it.id], d.side.rule(it.Meet(s), remote))
}

// openings lists the difference, part by part.
func (d *difference) openings() []Opening {
	var out []Opening
	var plain []rule.Rule
	for _, part := range d.parts() {
		var rules, had []rule.Rule
		var excepting []Opening
		length := 0
		for _, it := range part {
			o := Opening{Rule: d.from.rule(d.side, it)}
			rules = append(rules, o.Rule)
			if d.had != nil && len(d.had[it.id]) > 0 {
				had = append(had, d.had[it.id]...)
				o.Except = Of(d.had[it.id]...).Rules()
			}
			excepting = append(excepting, o)
			length += 1 + len(o.Except)
		}
		if len(had) == 0 {
			plain = append(plain, rules...)
		} else if left, ok := remainder(d.side, rules, had, length); ok {
			plain = append(plain, left...)
		} else {
			out = append(out, excepting...)
		}
	}
	for _, r := range Of(plain...).Rules() {
		out = append(out, Opening{Rule: r})
	}
	return out
}

// parts is the listed rules, those together that one prime of the other cuts.
func (d *difference) parts() [][]item {
	leader := make([]int32, len(d.listed))
	for i := range leader {
		leader[i] = int32(i)
	}
	find := func(i int32) int32 {
		for leader[i] != i {
			leader[i] = leader[leader[i]]
			i = leader[i]
		}
		return i
	}
	for _, cut := range d.cuts {
		for _, id := range cut {
			x, y := find(cut[0]), find(id)
			leader[max(x, y)] = min(x, y)
		}
	}
	number := make([]int, len(d.listed))
	var parts [][]item
	for i, it := range d.listed {
		l := find(int32(i))
		if l == int32(i) {
			number[i] = len(parts)
			parts = append(parts, nil)
		}
		parts[number[l]] = append(parts[number[l]], it)
	}
	return parts
}
