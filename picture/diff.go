package picture

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"sgc.dev/sgc/diff"
	"sgc.dev/sgc/rule"
)

// WriteDiff writes the page of what opens and what closes between two policies: the
// drawing, with what opens in red and what closes in grey, and the changes with their
// lines.
func WriteDiff(w io.Writer, p diff.Policy, place Placer) error {
	s, nodes, rows := newDiffSketch(p)
	drawn, err := drawings(place, s.folded(true), s)
	if err != nil {
		return err
	}
	page := page{Title: s.policy + ": " + s.about, Drawings: drawn, Changes: rows, Data: data{Nodes: nodes}}
	changes := p.Rows()
	slices.SortStableFunc(changes, func(a, b diff.Row) int {
		return cmp.Or(length(a.Flow.Rule)-length(b.Flow.Rule), int(a.Flow.Rule.Direction)-int(b.Flow.Rule.Direction))
	})
	for _, r := range changes {
		switch r.Verb {
		case diff.Closes:
			page.Closes++
		case diff.Opens:
			page.Opens++
		}
	}
	const most = 4
	widest := alike(changes, diff.Opens)
	page.Open, page.Rest = widest[:min(most, len(widest))], len(widest) > most
	return page.write(w)
}

// alike is what changes by a verb, in one text for all tiers where the same does.
func alike(changes []diff.Row, verb diff.Verb) []string {
	var flows []diff.Flow
	tiers := map[string][]string{} // by the text without them
	own := func(f *diff.Flow) *string {
		if f.Rule.Direction == rule.Egress {
			return &f.From
		}
		return &f.To
	}
	text := func(f diff.Flow, tier string) string {
		*own(&f) = tier
		return f.String()
	}
	for _, r := range changes {
		if r.Verb != verb {
			continue
		}
		key := text(r.Flow, "")
		if tiers[key] == nil {
			flows = append(flows, r.Flow)
		}
		tiers[key] = append(tiers[key], *own(&r.Flow))
	}
	var texts []string
	for _, f := range flows {
		names := tiers[text(f, "")]
		name := names[0]
		if more := len(names) - 1; more > 0 {
			name = fmt.Sprintf("%s and %d more", name, more)
		}
		texts = append(texts, rule.Printable(text(f, name)))
	}
	return texts
}

// length is how long the prefix of a rule's remote is, the shorter the wider; who is no
// network is narrower than each.
func length(r rule.Rule) int {
	switch r.Remote.Kind() {
	case rule.RemoteAnyone:
		return -1
	case rule.RemotePrefix:
		return r.Remote.Prefix().Bits()
	}
	return 129
}

// changeRow is a change in the list of the page.
type changeRow struct {
	Verb       diff.Verb
	Class      class // of its arrow
	Tier, Text string
	Lines      []string
	From, To   string // nodes, as a script can take them apart
}

// newDiffSketch draws each change as the groups have it: between the tier and the
// remote of the rules.
func newDiffSketch(p diff.Policy) (s sketch, list []dataNode, rows []changeRow) {
	s = sketch{policy: rule.Printable(p.Title()), about: "what opens and what closes"}
	type end struct {
		kind kind
		name string
	}
	nodes := map[end]int{}
	boxes := map[[2]int]int{} // by node and side
	status := map[string]string{}
	for _, g := range p.Groups {
		status[g.Tier] = "tier, " + string(g.Status)
	}
	place := func(e end, about string, side side) (node, at int) {
		node, ok := nodes[e]
		if !ok {
			node = len(nodes)
			nodes[e] = node
			list = append(list, dataNode{Name: e.name})
		}
		key := [2]int{node, int(side)}
		at, ok = boxes[key]
		if !ok {
			at = len(s.boxes)
			boxes[key] = at
			s.boxes = append(s.boxes, box{nodes: []int{node}, kind: e.kind, side: side, name: rule.Printable(e.name), shown: rule.Printable(e.name), about: about})
		}
		return node, at
	}
	tier := func(name string) (end, string) {
		about := status[name]
		if about == "" {
			about = "tier"
		}
		return end{server, name}, about
	}
	drawn := map[arrow]int{} // without words
	for _, r := range p.Rows() {
		row := changeRow{Verb: r.Verb, Class: verbs[r.Verb], Tier: rule.Printable(r.Tier), Text: rule.Printable(r.Text)}
		for _, o := range r.Origins {
			row.Lines = append(row.Lines, rule.Printable(o.Pos.String()+": "+o.Path))
		}
		if r.Verb != diff.Becomes {
			own, about := tier(r.Tier)
			n, at := place(own, about, middle)
			var other end
			beside := left
			if r.Flow.Rule.Direction == rule.Egress {
				beside = right
			}
			other, about = end{addresses, r.Flow.Rule.Remote.String()}, "network"
			switch r.Flow.Rule.Remote.Kind() {
			case rule.RemoteAnyone:
				other.kind, about = world, "every address"
			case rule.RemoteTier:
				other, about = tier(r.Flow.Rule.Remote.Name())
				beside = middle
			case rule.RemoteGroup:
				other.kind, about = foreign, "security group of others"
			case rule.RemoteAddressGroup:
				about = "address group"
			}
			m, otherAt := place(other, about, beside)
			a := arrow{from: otherAt, to: at, class: row.Class}
			row.From, row.To = strconv.Itoa(m), strconv.Itoa(n)
			if r.Flow.Rule.Direction == rule.Egress {
				a.from, a.to, row.From, row.To = a.to, a.from, row.To, row.From
			}
			words := rule.Printable(r.Flow.Service)
			if len(r.Flow.Families) == 1 {
				words += " (" + r.Flow.Families[0] + ")"
			}
			i, ok := drawn[a]
			if !ok {
				i = len(s.arrows)
				drawn[a] = i
				s.arrows = append(s.arrows, a)
			}
			s.arrows[i].words = strings.TrimPrefix(s.arrows[i].words+"; "+words, "; ")
		}
		rows = append(rows, row)
	}
	for i := range s.arrows {
		s.arrows[i].label = s.arrows[i].words
	}
	return s, list, rows
}

// verbs are the classes of their arrows.
var verbs = map[diff.Verb]class{diff.Opens: opens, diff.Grants: others, diff.Closes: closes, diff.Revokes: closes}
