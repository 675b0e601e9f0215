package reach

import (
	"cmp"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// names finds words for what passes.
type names []named

type named struct {
	name  string
	spans map[rule.Family][]rule.Span
}

// newNames starts with "any", beside which nothing has to be said.
func newNames(services []rule.Service) names {
	var list names
	for _, s := range slices.Concat([]rule.Service{rule.AnyService()}, services) {
		n := named{s.Name, map[rule.Family][]rule.Span{}}
		for _, m := range s.Matches {
			n.spans[m.Family] = append(n.spans[m.Family], m.Span())
		}
		list = append(list, n)
	}
	return list
}

// of names what passes on an edge: the services of which every port does, and
// what none of these has. What passes whole stands first.
func (ns names) of(segments []Segment, crossings []crossing) []Passing {
	var list []Passing
	for i := range crossings {
		c := &crossings[i]
		f := c.asked.Family
		w := wording{family: f,
			some:  lineOf(segments, f, func(Segment) bool { return true }),
			whole: lineOf(segments, f, func(s Segment) bool { return s.Whole }),

			perhaps: lineOf(segments, f, func(s Segment) bool { return s.Perhaps }),
		}
		if c.from.end.Kind == rule.EndPublic {
			w.world = lineOf(segments, f, func(s Segment) bool { return s.Whole })
		}
		for _, n := range ns {
			w.say(func() string { return n.name }, n.spans[f]...)
		}
		for _, m := range c.matches() {
			w.say(m.String, m.Span())
		}
		list = append(list, w.list...)
	}
	list = joinFamilies(list)
	slices.SortFunc(list, func(a, b Passing) int {
		return cmp.Or(compareBool(a.Partial, b.Partial), compareBool(a.Perhaps, b.Perhaps), strings.Compare(a.Name, b.Name))
	})
	return list
}

// wording is the words found so far for what passes in one family.
type wording struct {
	family             rule.Family
	some, whole, world rule.Line
	perhaps            rule.Line
	told, toldWhole    rule.Line
	list               []Passing
}

// say adds a word where all of what it means passes and is not told yet.
func (w *wording) say(name func() string, spans ...rule.Span) {
	if len(spans) == 0 || !w.some.Covers(spans...) {
		return
	}
	whole := w.whole.Covers(spans...)
	if w.toldWhole.Covers(spans...) || !whole && w.told.Covers(spans...) {
		return
	}
	w.told = rule.NewLine(append(w.told, spans...))
	if whole {
		w.toldWhole = rule.NewLine(append(w.toldWhole, spans...))
	}
	w.list = append(w.list, Passing{name(), []rule.Family{w.family}, !whole, w.world.Covers(spans...), !whole && w.perhaps.Covers(spans...)})
}

// matches is what passes, match by match.
func (c *crossing) matches() []rule.Match {
	list := make([]rule.Match, len(c.passes))
	for i := range c.passes {
		list[i] = c.passes[i].match
	}
	slices.SortFunc(list, rule.CompareMatch)
	return slices.Compact(list)
}

// joinFamilies puts together what passes alike in both families.
func joinFamilies(list []Passing) []Passing {
	var out []Passing
	for _, p := range list {
		i := slices.IndexFunc(out, func(o Passing) bool { return o.Name == p.Name && o.Partial == p.Partial && o.Perhaps == p.Perhaps })
		if i < 0 {
			out = append(out, p)
			continue
		}
		out[i].Families = append(out[i].Families, p.Families...)
		out[i].World = out[i].World || p.World
	}
	return out
}
