package picture

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"sgc.dev/sgc/reach"
	"sgc.dev/sgc/rule"
)

// WriteText writes a matrix for the terminal: who sends stands at the side, who
// receives on top, as a number; below it each arrow with its services.
func WriteText(w io.Writer, g *reach.Graph) error {
	var b strings.Builder
	s := newSketch(g, false)
	fmt.Fprintf(&b, "%s: %s\n", s.policy, s.about)
	if len(s.arrows) == 0 {
		b.WriteString("\nnobody reaches anybody\n")
	} else {
		writeMatrix(&b, g)
		writeArrows(&b, s)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeMatrix(b *strings.Builder, g *reach.Graph) {
	cells, names := map[[2]int]string{}, titles(g)
	for i, name := range names {
		names[i] = rule.Printable(name)
	}
	sends, receives := make([]bool, len(g.Nodes)), make([]bool, len(g.Nodes))
	for i := range g.Others {
		e := &g.Others[i]
		sends[e.From], receives[e.To] = true, true
		cells[[2]int{e.From, e.To}] = signs[others]
	}
	for i := range g.Edges {
		e := &g.Edges[i]
		sends[e.From], receives[e.To] = true, true
		cells[[2]int{e.From, e.To}] = signs[classOf(e)]
	}
	width := 0
	for i := range g.Nodes {
		if sends[i] {
			width = max(width, utf8.RuneCountInString(names[i]))
		}
	}
	var columns []int
	for i := range g.Nodes {
		if receives[i] {
			columns = append(columns, i)
		}
	}
	fmt.Fprintf(b, "\n%*s", width, "")
	for n := range columns {
		fmt.Fprintf(b, "%3d", n+1)
	}
	b.WriteByte('\n')
	for i := range g.Nodes {
		if !sends[i] {
			continue
		}
		fmt.Fprintf(b, "%-*s", width, names[i])
		for _, j := range columns {
			fmt.Fprintf(b, "%3s", cmp.Or(cells[[2]int{i, j}], "."))
		}
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
	for n, j := range columns {
		fmt.Fprintf(b, "%3d  %s\n", n+1, names[j])
	}
	b.WriteString("\n  x  reaches it\n  p  reaches it in part: only from or to some addresses\n  ?  may reach it, " + reach.Depending + "\n  W  open to the whole world\n")
	if g.Others != nil {
		b.WriteString("  o  reaches it once others open it, who may\n")
	}
	b.WriteByte('\n')
}

// writeArrows writes what passes, in one line for all who send the same to the same.
func writeArrows(b *strings.Builder, s sketch) {
	for _, f := range s.flows() {
		if f.class == perhaps {
			continue
		}
		fmt.Fprintf(b, "%s → %s: %s", s.named(f.froms), s.named(f.tos), f.words)
		if f.class == worldly {
			b.WriteString(" [world]")
		}
		b.WriteByte('\n')
	}
	var pairs []string
	for _, a := range s.arrows {
		if a.class == perhaps {
			pairs = append(pairs, s.boxes[a.from].name+" → "+s.boxes[a.to].name)
		}
	}
	if pairs != nil {
		fmt.Fprintf(b, "%s: %s\n", reach.Depending, reach.Few(pairs))
	}
}

func (s sketch) named(boxes []int) string {
	var names []string
	for _, i := range boxes {
		names = append(names, s.boxes[i].name)
	}
	return strings.Join(names, ", ")
}
