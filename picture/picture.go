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
	"strings"

	"sgc.dev/sgc/reach"
	"sgc.dev/sgc/rule"
)

// Format is how a graph is drawn. The zero Format is invalid.
type Format uint8

const (
	Text Format = iota + 1
	Mermaid
	DOT
	SVG
	HTML
)

var formats = [...]string{Text: "text", Mermaid: "mermaid", DOT: "dot", SVG: "svg", HTML: "html"}

func (f Format) String() string { return formats[f] }

// Formats is the names of all formats.
func Formats() []string { return formats[Text:] }

// ParseFormat reads the name of a format.
func ParseFormat(name string) (Format, error) {
	if i := slices.Index(formats[:], name); i > 0 {
		return Format(i), nil
	}
	return 0, fmt.Errorf("unknown format %q: %s", name, strings.Join(Formats(), ", "))
}

// sketch is a graph as it is drawn. What is no server stands on the left where it
// sends and on the right where it receives, so that arrows go one way. Arrows
// between outsiders do not exist: no rule judges them.
type sketch struct {
	policy string
	boxes  []box
	arrows []arrow
}

// box is a node in one of its places.
type box struct {
	nodes []int // in the graph: several where the same passes
	kind  kind
	side  side
	name  string
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
	label    string // the services on it
	world    bool   // open to all of the world
	partial  bool   // nothing on it passes whatever the addresses
	perhaps  bool   // that is partial, and all on it depends on addresses that the policy does not know
}

func newSketch(g *reach.Graph) sketch {
	s := sketch{policy: rule.Printable(g.Policy)}
	sent, received := ways(g)
	at := make([][2]int, len(g.Nodes)) // the boxes of a node as sender and as receiver
	alike := map[string]int{}          // boxes by what passes there
	place := func(i int, side side, ways string) int {
		b := boxOf(g.Nodes[i])
		b.nodes, b.side = []int{i}, side
		key := fmt.Sprint(side, b.kind, ways)
		if n, ok := alike[key]; ok && b.kind != world && b.kind != server {
			s.boxes[n].nodes = append(s.boxes[n].nodes, i)
			s.boxes[n].name += ", " + b.name
			return n
		}
		alike[key] = len(s.boxes)
		s.boxes = append(s.boxes, b)
		return len(s.boxes) - 1
	}
	for i, n := range g.Nodes {
		switch {
		case n.Guarded:
			n := place(i, middle, "")
			at[i] = [2]int{n, n}
			continue
		case sent[i] != "" || received[i] == "":
			at[i][0] = place(i, left, sent[i])
		}
		if received[i] != "" {
			at[i][1] = place(i, right, received[i])
		}
	}
	drawn := map[[2]int]bool{}
	for i := range g.Edges {
		e := &g.Edges[i]
		a := arrow{from: at[e.From][0], to: at[e.To][1], label: services(e), world: e.World, partial: partial(e), perhaps: perhaps(e)}
		if pair := [2]int{a.from, a.to}; !drawn[pair] {
			drawn[pair] = true
			s.arrows = append(s.arrows, a)
		}
	}
	return s
}

// ways says of each node what leaves it and what comes to it, and by whom: of
// ends alike in that, one box stands for all.
func ways(g *reach.Graph) (sent, received []string) {
	sent, received = make([]string, len(g.Nodes)), make([]string, len(g.Nodes))
	for i := range g.Edges {
		e := &g.Edges[i]
		label := services(e)
		sent[e.From] += fmt.Sprintf("%d %q;", e.To, label)
		received[e.To] += fmt.Sprintf("%d %q;", e.From, label)
	}
	return sent, received
}

func boxOf(n reach.Node) box {
	b := box{name: rule.Printable(n.End.Name)}
	switch n.End.Kind {
	case rule.EndPublic:
		b.kind, b.about = world, "every other address"
	case rule.EndAddresses:
		b.kind, b.about = addresses, "address set"
	case rule.EndAddressGroup:
		b.kind, b.about = addresses, "address group"
	case rule.EndGroup:
		b.kind, b.about = foreign, "security group of others"
	case rule.EndTier:
		b.kind, b.about = server, "tier that no server carries"
	case rule.EndServer:
		b.kind, b.about = server, "carries "+rule.Printable(strings.Join(n.Tiers, ", "))
		if n.Tiers == nil {
			b.about = "carries no tier"
		}
	}
	return b
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

func partial(e *reach.Edge) bool {
	return !slices.ContainsFunc(e.Services, func(p reach.Passing) bool { return !p.Partial })
}

func perhaps(e *reach.Edge) bool {
	return !slices.ContainsFunc(e.Services, func(p reach.Passing) bool { return !p.Perhaps })
}
