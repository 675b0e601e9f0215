package reach

import (
	"math/rand/v2"
	"slices"
	"testing"

	"sgc.dev/sgc/internal/rounds"
	"sgc.dev/sgc/rule"
)

// TestGraphLikeAnswers looks answers up in the graphs of random policies, as a
// page does that has nothing else, and compares them with those of Ask.
func TestGraphLikeAnswers(t *testing.T) {
	n := rounds.Of(300)
	seen := map[Verdict]int{}
	for seed := range n {
		r := rand.New(rand.NewPCG(uint64(seed), 6))
		set := randomSet(r)
		set.Services = []rule.Service{randomService(r)}
		v := New(set)
		g := v.Graph()
		for range 20 {
			from, to, service := pick(r, g.Names), pick(r, g.Names), randomService(r)
			fromEnd, _ := v.End(from.Text)
			toEnd, _ := v.End(to.Text)
			a, err := v.Ask(Question{fromEnd, toEnd, service})
			got := g.lookUp(from, to, service.Matches)
			if (err != nil) != (got == 0) || err == nil && got != a.Verdict {
				t.Fatalf("seed %d: %s to %s, %v: %v (%v), in the graph %v\n%s", seed, from.Text, to.Text, service, a.Verdict, err, got, show(set))
			}
			seen[got]++
		}
	}
	t.Logf("%v", seen)
	for _, v := range []Verdict{0, Yes, No, InPart} {
		if seen[v] < n/20 {
			t.Errorf("only %d answers %v: the test tries too little", seen[v], v)
		}
	}
}

// lookUp is the verdict by the graph alone; 0 where nothing is asked.
func (g *Graph) lookUp(from, to Name, matches []rule.Match) Verdict {
	var list, beside []Verdict
	for _, i := range from.Nodes {
		for _, j := range to.Nodes {
			a, b := g.node(i), g.node(j)
			if !a.Guarded && !b.Guarded {
				continue
			}
			for _, m := range matches {
				if !slices.Contains(a.Families, m.Family) || !slices.Contains(b.Families, m.Family) {
					continue
				}
				if v := g.passes(i, j, m); v == No && !slices.Contains(g.Families, m.Family) {
					beside = append(beside, v)
				} else {
					list = append(list, v)
				}
			}
		}
	}
	if list == nil {
		list = beside
	}
	if list == nil {
		return 0
	}
	slices.Sort(list)
	if list = slices.Compact(list); len(list) == 1 {
		return list[0]
	}
	return InPart
}

// node is one of the nodes or shares.
func (g *Graph) node(n int) Node {
	if n < len(g.Nodes) {
		return g.Nodes[n]
	}
	return g.Shares[n-len(g.Nodes)]
}

// passes is how much of a match passes between two nodes.
func (g *Graph) passes(from, to int, m rule.Match) Verdict {
	if ByItself(m, g.node(from).Guarded, g.node(to).Guarded) {
		return Yes
	}
	edges := g.Edges
	if max(from, to) >= len(g.Nodes) {
		edges = g.ShareEdges
	}
	i := slices.IndexFunc(edges, func(e Edge) bool { return e.From == from && e.To == to })
	if i < 0 {
		return No
	}
	asked := m.Span()
	verdict := No
	for _, s := range edges[i].Segments {
		switch {
		case s.Family != m.Family || !s.Overlaps(asked):
		case s.Covers(asked) && s.Whole:
			return Yes
		default:
			verdict = InPart
		}
	}
	return verdict
}

// TestGraphNamesWhatPasses asks for every word on every arrow.
func TestGraphNamesWhatPasses(t *testing.T) {
	n := rounds.Of(100)
	whole, partial, world := 0, 0, 0
	for seed := range n {
		r := rand.New(rand.NewPCG(uint64(seed), 7))
		set := randomSet(r)
		set.Services = []rule.Service{{Name: "a", Matches: randomService(r).Matches}, {Name: "b", Matches: randomService(r).Matches}}
		v := New(set)
		g := v.Graph()
		for _, e := range slices.Concat(g.Edges, g.ShareEdges) {
			var told []Segment
			for _, p := range e.Services {
				service := g.meaning(e, p.Name)
				for _, f := range p.Families {
					one := rule.Service{Name: p.Name, Matches: slices.DeleteFunc(slices.Clone(service.Matches), func(m rule.Match) bool { return m.Family != f })}
					crossings, _ := v.crossAll(g.members[e.From:e.From+1], g.members[e.To:e.To+1], one)
					a := v.answer(Question{g.node(e.From).End, g.node(e.To).End, one}, crossings)
					if a.Verdict == No || (a.Verdict == InPart) != p.Partial || a.Perhaps != p.Perhaps {
						t.Fatalf("seed %d: %s to %s: %+v, and the answer is %v\n%s", seed, a.From.Name, a.To.Name, p, a.Verdict, show(set))
					}
					for _, m := range one.Matches {
						told = append(told, Segment{Family: f, Span: m.Span()})
					}
				}
				if p.Partial {
					partial++
				} else {
					whole++
				}
				if p.World {
					world++
					if g.node(e.From).End.Kind != rule.EndPublic || p.Partial {
						t.Fatalf("seed %d: %+v is no service for all of the world", seed, p)
					}
				}
			}
			for _, s := range e.Segments {
				if !lineOf(told, s.Family, func(Segment) bool { return true }).Covers(s.Span) {
					t.Fatalf("seed %d: %+v passes, and no word says so: %+v\n%s", seed, s, e.Services, show(set))
				}
			}
		}
	}
	t.Logf("%d whole, %d partial, %d from all of the world", whole, partial, world)
	if min(whole, partial, world) < n/10 {
		t.Error("the test tries too little")
	}
}

// meaning is what a word on an arrow stands for.
func (g *Graph) meaning(e Edge, word string) rule.Service {
	for _, s := range g.Services {
		if s.Name == word {
			return s
		}
	}
	s, err := rule.ParseService(word)
	if err != nil {
		return rule.Service{}
	}
	return s
}
