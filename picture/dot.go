package picture

import (
	"fmt"
	"io"
	"strings"

	"sgc.dev/sgc/reach"
)

// WriteDOT writes a graph for Graphviz.
func WriteDOT(w io.Writer, g *reach.Graph) error {
	var b strings.Builder
	s := newSketch(g, false)
	fmt.Fprintf(&b, "digraph %s {\n", dotString(s.policy))
	b.WriteString("\trankdir=LR\n" +
		"\tnode [shape=box, style=rounded, fontname=\"sans-serif\"]\n" +
		"\tedge [fontname=\"sans-serif\", fontsize=11]\n")
	b.WriteString("\tsubgraph {\n\t\trank=source\n")
	s.writeNodes(&b, left, "\t\t")
	b.WriteString("\t}\n")
	s.writeNodes(&b, middle, "\t")
	b.WriteString("\tsubgraph {\n\t\trank=sink\n")
	s.writeNodes(&b, right, "\t\t")
	b.WriteString("\t}\n")
	for _, a := range s.arrows {
		fmt.Fprintf(&b, "\tn%d -> n%d [label=%s", a.from, a.to, dotString(a.said()))
		switch a.class {
		case worldly:
			b.WriteString(", color=red, fontcolor=red, penwidth=2, tooltip=\"open to the whole world\"")
		case partly, perhaps:
			b.WriteString(", style=dashed")
		case others:
			b.WriteString(", style=dotted, tooltip=\"others may open it\"")
		}
		b.WriteString("]\n")
	}
	b.WriteString("}\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func (s sketch) writeNodes(b *strings.Builder, side side, indent string) {
	shapes := map[kind]string{world: "doubleoctagon", addresses: "ellipse", foreign: "component", server: "box"}
	for i, box := range s.boxes {
		if box.side == side {
			fmt.Fprintf(b, "%sn%d [label=%s, tooltip=%s, shape=%s]\n", indent, i, dotString(box.name), dotString(box.about), shapes[box.kind])
		}
	}
}

// dotString quotes a text for Graphviz, which reads escapes such as \n and \N
// and entities such as &lt; in it.
func dotString(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `&`, `&amp;`).Replace(s) + `"`
}
