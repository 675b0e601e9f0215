// Package picture draws who reaches whom under a policy: as a matrix for the
// terminal, for Mermaid and Graphviz, as an SVG drawing, and as one HTML page that
// needs nothing but itself. It is pure; whoever calls it brings the program that
// finds the places for a drawing.
//
// Names in a policy may be anything, so each format escapes what it is given, and
// what a terminal could take for a command is shown as [rule.Printable] does.
package picture

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sgc.dev/sgc/reach"
	"sgc.dev/sgc/rule"
)

// Format is how a graph is drawn.
type Format string

const (
	Text    Format = "text"
	Mermaid Format = "mermaid"
	DOT     Format = "dot"
	SVG     Format = "svg"
	HTML    Format = "html"
)

// Formats is all formats.
func Formats() []Format { return []Format{Text, Mermaid, DOT, SVG, HTML} }

// sketch is a graph as it is drawn. What is no server stands on the left where it
// sends and on the right where it receives, so that arrows go one way. Arrows
// between outsiders do not exist: no rule judges them.
type sketch struct {
	policy string
	about  string // what it is a picture of
	boxes  []box
	arrows []arrow
}

// box is a node in one of its places.
type box struct {
	nodes []int // in the graph: several where the same passes
	kind  kind
	side  side
	name  string
	shown string // what stands in it: the name, or the first of many
	about string // the tiers of a server; else what it is
}

type kind string

const (
	world     kind = "world"
	addresses kind = "addresses"
	foreign   kind = "foreign"
	server    kind = "server"
)

type side uint8

const (
	middle side = iota
	left
	right
)

// arrow is an edge.
type arrow struct {
	from, to int    // in boxes
	label    string // what stands on it
	words    string // all that passes, with what the label leaves out
	class    class
}

// flow is arrows that are alike, with all of their ends: who stands first reaches who
// stands second, each of them.
type flow struct {
	froms, tos []int // in boxes
	words      string
	class      class
}

// flows is each arrow once, with others that go to the same or come from the same.
func (s sketch) flows() []flow {
	type way struct {
		ends  string
		words string
		class class
	}
	froms := map[way][]int{} // by where they go
	for _, a := range s.arrows {
		w := way{strconv.Itoa(a.to), a.said(), a.class}
		froms[w] = append(froms[w], a.from)
	}
	var flows []flow
	at := map[way]int{} // by where they come from
	for _, a := range s.arrows {
		w := way{strconv.Itoa(a.to), a.said(), a.class}
		from := froms[w]
		delete(froms, w)
		if from == nil { // with another
			continue
		}
		key := way{fmt.Sprint(from), w.words, w.class}
		n, ok := at[key]
		if !ok {
			n = len(flows)
			at[key] = n
			flows = append(flows, flow{froms: from, words: w.words, class: w.class})
		}
		flows[n].tos = append(flows[n].tos, a.to)
	}
	return flows
}

// said is all that passes, and that others would have to open it.
func (a arrow) said() string {
	if a.class == others {
		return "others may open: " + a.words
	}
	return a.words
}

// class is what an arrow says beside its words. It is how drawings know which
// style it has, and which arrows may share a line.
type class string

const (
	reaches class = "arrow"
	worldly class = "arrow world"   // open to the whole world
	partly  class = "arrow partial" // nothing on it passes whatever the addresses
	perhaps class = "arrow perhaps" // that is partly, and all on it depends on addresses that the policy does not know
	others  class = "arrow others"  // others may open it, and nothing else does
	opens   class = "arrow opens"   // the new policy has it, and the old does not
	closes  class = "arrow closes"  // the old policy has it, and the new does not
)

// classes are in the order in which lines are shared.
var classes = []class{worldly, opens, reaches, partly, others, closes}

// signs are classes in one letter.
var signs = map[class]string{worldly: "W", reaches: "x", partly: "p", perhaps: "?", others: "o"}

func classOf(e *reach.Edge) class {
	all := func(is func(reach.Passing) bool) bool {
		return !slices.ContainsFunc(e.Services, func(p reach.Passing) bool { return !is(p) })
	}
	switch {
	case slices.ContainsFunc(e.Services, isWorldly):
		return worldly
	case all(func(p reach.Passing) bool { return p.Perhaps }):
		return perhaps
	case all(func(p reach.Passing) bool { return p.Partial }):
		return partly
	}
	return reaches
}

func isWorldly(p reach.Passing) bool { return p.World }

// parted is an edge as its arrows: what the whole world may use has one of its own.
func parted(e *reach.Edge) []reach.Edge {
	worldly, rest := *e, *e
	worldly.Services = slices.DeleteFunc(slices.Clone(e.Services), func(p reach.Passing) bool { return !p.World })
	rest.Services = slices.DeleteFunc(slices.Clone(e.Services), isWorldly)
	return slices.DeleteFunc([]reach.Edge{worldly, rest}, func(e reach.Edge) bool { return len(e.Services) == 0 })
}

// newSketch draws a graph; bundle has one box for servers that are alike, too.
func newSketch(g *reach.Graph, bundle bool) sketch {
	s := sketch{policy: rule.Printable(g.Policy), about: "who reaches whom"}
	names := titles(g)
	sends, receives := make([]bool, len(g.Nodes)), make([]bool, len(g.Nodes))
	for _, edges := range [][]reach.Edge{g.Edges, g.Others} {
		for i := range edges {
			sends[edges[i].From], receives[edges[i].To] = true, true
		}
	}
	at := make([][2]int, len(g.Nodes)) // the boxes of a node as sender and as receiver
	place := func(i int, side side) int {
		b := boxOf(g.Nodes[i], rule.Printable(names[i]))
		b.nodes, b.side = []int{i}, side
		s.boxes = append(s.boxes, b)
		return len(s.boxes) - 1
	}
	for i, n := range g.Nodes {
		switch {
		case n.Guarded:
			n := place(i, middle)
			at[i] = [2]int{n, n}
			continue
		case sends[i] || !receives[i]:
			at[i][0] = place(i, left)
		}
		if receives[i] {
			at[i][1] = place(i, right)
		}
	}
	add := func(e *reach.Edge, class class) {
		s.arrows = append(s.arrows, arrow{from: at[e.From][0], to: at[e.To][1], label: label(e), words: services(e), class: class})
	}
	for i := range g.Edges {
		for _, e := range parted(&g.Edges[i]) {
			add(&e, classOf(&e))
		}
	}
	for i := range g.Others {
		add(&g.Others[i], others)
	}
	return s.folded(bundle)
}

// folded has one box for those of a kind, other than the world, where the same goes to
// and comes from the same; for servers where bundle says so.
func (s sketch) folded(bundle bool) sketch {
	ways := make([][]string, len(s.boxes))
	for _, a := range s.arrows {
		ways[a.from] = append(ways[a.from], fmt.Sprintf("to %d %q %s", a.to, a.words, a.class))
		ways[a.to] = append(ways[a.to], fmt.Sprintf("from %d %q %s", a.from, a.words, a.class))
	}
	at := make([]int, len(s.boxes)) // where a box is now
	alike := map[string]int{}
	var boxes []box
	var first []string // of the names in a box
	for i, b := range s.boxes {
		slices.Sort(ways[i])
		key := fmt.Sprint(b.side, b.kind, ways[i])
		n, ok := alike[key]
		if !ok || b.kind == world || b.kind == server && !bundle {
			at[i], alike[key] = len(boxes), len(boxes)
			boxes, first = append(boxes, b), append(first, b.name)
			continue
		}
		at[i] = n
		have := &boxes[n]
		have.nodes = append(have.nodes, b.nodes...)
		have.name += ", " + b.name
		have.shown = have.name
		if more := len(have.nodes) - 1; more > 1 {
			have.shown = fmt.Sprintf("%s and %d more", first[n], more)
		}
		if have.about != b.about {
			have.about = strconv.Itoa(len(have.nodes)) + " alike"
		}
	}
	var arrows []arrow
	drawn := map[arrow]bool{}
	for _, a := range s.arrows {
		a.from, a.to = at[a.from], at[a.to]
		if !drawn[a] {
			drawn[a] = true
			arrows = append(arrows, a)
		}
	}
	s.boxes, s.arrows = boxes, arrows
	return s
}

func boxOf(n reach.Node, name string) box {
	b := box{name: name, shown: name, kind: kinds[n.End.Kind], about: n.End.Kind.String()}
	switch {
	case n.End.Kind != rule.EndServer:
	case n.Tiers == nil:
		b.about = "carries no tier"
	default:
		b.about = "carries " + rule.Printable(strings.Join(n.Tiers, ", "))
	}
	return b
}

var kinds = map[rule.EndKind]kind{
	rule.EndPublic: world, rule.EndAddresses: addresses, rule.EndAddressGroup: addresses, rule.EndGroup: foreign, rule.EndTier: server, rule.EndServer: server,
}

// services is what stands on an arrow: "http, ping (IPv4); in part: ssh; perhaps: ntp".
func services(e *reach.Edge) string {
	var whole, partly, perhaps []string
	for _, p := range e.Services {
		word := rule.Printable(p.Name)
		if len(p.Families) < len(e.Families) {
			word += fmt.Sprintf(" (%s)", p.Families[0])
		}
		switch {
		case p.Perhaps:
			perhaps = append(perhaps, word)
		case p.Partial:
			partly = append(partly, word)
		default:
			whole = append(whole, word)
		}
	}
	var parts []string
	for _, part := range []struct {
		said  string
		words []string
	}{{"", whole}, {"in part: ", partly}, {"perhaps: ", perhaps}} {
		if part.words != nil {
			parts = append(parts, part.said+strings.Join(part.words, ", "))
		}
	}
	return strings.Join(parts, "; ")
}

// label is the services without those that depend on what the policy does not know,
// if there are others.
func label(e *reach.Edge) string {
	known := *e
	known.Services = slices.DeleteFunc(slices.Clone(e.Services), func(p reach.Passing) bool { return p.Perhaps })
	switch len(known.Services) {
	case 0, len(e.Services):
		return services(e)
	}
	return services(&known) + "; perhaps more"
}

// titles are the names of a graph's nodes. They may be anything.
func titles(g *reach.Graph) []string {
	ends := make([]rule.End, len(g.Nodes))
	for i, n := range g.Nodes {
		ends[i] = n.End
	}
	return rule.Titles(ends)
}
