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
	s := newSketch(g)
	fmt.Fprintf(&b, "%s: who reaches whom\n", s.policy)
	if len(g.Edges) == 0 {
		b.WriteString("\nnobody reaches anybody\n")
	} else {
		writeMatrix(&b, g)
		writeArrows(&b, s)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeMatrix(b *strings.Builder, g *reach.Graph) {
	signs := map[[2]int]string{}
	sends, receives := make([]bool, len(g.Nodes)), make([]bool, len(g.Nodes))
	for i := range g.Edges {
		e := &g.Edges[i]
		sends[e.From], receives[e.To] = true, true
		signs[[2]int{e.From, e.To}] = sign(e)
	}
	width := 0
	for i, n := range g.Nodes {
		if sends[i] {
			width = max(width, utf8.RuneCountInString(rule.Printable(n.End.Name)))
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
	for i, n := range g.Nodes {
		if !sends[i] {
			continue
		}
		fmt.Fprintf(b, "%-*s", width, rule.Printable(n.End.Name))
		for _, j := range columns {
			fmt.Fprintf(b, "%3s", cmp.Or(signs[[2]int{i, j}], "."))
		}
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
	for n, j := range columns {
		fmt.Fprintf(b, "%3d  %s\n", n+1, rule.Printable(g.Nodes[j].End.Name))
	}
	b.WriteString("\n  x  reaches it\n  p  reaches it in part: from or to some addresses alone\n  ?  reaches it perhaps, " + reach.Depending + "\n  W  open to all of the world\n\n")
}

// sign is an edge in one letter.
func sign(e *reach.Edge) string {
	switch {
	case e.World:
		return "W"
	case perhaps(e):
		return "?"
	case partial(e):
		return "p"
	}
	return "x"
}

func writeArrows(b *strings.Builder, s sketch) {
	var perhaps []string
	for _, a := range s.arrows {
		pair := s.boxes[a.from].name + " → " + s.boxes[a.to].name
		if a.perhaps {
			perhaps = append(perhaps, pair)
			continue
		}
		fmt.Fprintf(b, "%s: %s", pair, a.label)
		if a.world {
			b.WriteString(" [world]")
		}
		b.WriteByte('\n')
	}
	if perhaps != nil {
		fmt.Fprintf(b, "%s: %s\n", reach.Depending, reach.Few(perhaps))
	}
}
