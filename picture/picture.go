// Package picture draws who reaches whom under a policy: as a matrix for the
// terminal, and for Mermaid and Graphviz. It is pure.
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
)

var formats = [...]string{Text: "text", Mermaid: "mermaid", DOT: "dot"}

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
// sends and on the right where it receives, so that arrows go one way.
type sketch struct {
	title  string
	boxes  []box
	arrows []arrow
}

// box is a node in one of its places.
type box struct {
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
}

func newSketch(g *reach.Graph) sketch {
	s := sketch{title: rule.Printable(g.Policy)}
	sends, receives := make([]bool, len(g.Nodes)), make([]bool, len(g.Nodes))
	for _, e := range g.Edges {
		sends[e.From], receives[e.To] = true, true
	}
	at := make([][2]int, len(g.Nodes)) // the boxes of a node as sender and as receiver
	for i, n := range g.Nodes {
		b := boxOf(n)
		at[i] = [2]int{len(s.boxes), len(s.boxes)}
		switch {
		case n.Guarded:
			s.boxes = append(s.boxes, b)
			continue
		case sends[i] || !receives[i]:
			b.side = left
			s.boxes = append(s.boxes, b)
		}
		if receives[i] {
			b.side = right
			at[i][1] = len(s.boxes)
			s.boxes = append(s.boxes, b)
		}
	}
	for i := range g.Edges {
		e := &g.Edges[i]
		s.arrows = append(s.arrows, arrow{from: at[e.From][0], to: at[e.To][1], label: services(e), world: e.World, partial: partial(e)})
	}
	return s
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

// services is what stands on an arrow: "http, ping (IPv4); in part: ssh".
func services(e *reach.Edge) string {
	var whole, partly []string
	for _, p := range e.Services {
		word := rule.Printable(p.Name)
		if len(p.Families) < len(e.Families) {
			word += fmt.Sprintf(" (%s)", p.Families[0])
		}
		if p.Partial {
			partly = append(partly, word)
		} else {
			whole = append(whole, word)
		}
	}
	text := strings.Join(whole, ", ")
	if partly == nil {
		return text
	}
	if whole != nil {
		text += "; "
	}
	return text + "in part: " + strings.Join(partly, ", ")
}

func partial(e *reach.Edge) bool {
	return !slices.ContainsFunc(e.Services, func(p reach.Passing) bool { return !p.Partial })
}
