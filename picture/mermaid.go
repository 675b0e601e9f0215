package picture

import (
	"fmt"
	"io"
	"strings"

	"sgc.dev/sgc/reach"
)

// WriteMermaid writes a flowchart for Mermaid, as forges show it in Markdown.
func WriteMermaid(w io.Writer, g *reach.Graph) error {
	var b strings.Builder
	s := newSketch(g, false)
	fmt.Fprintf(&b, "flowchart LR\n\taccTitle: %s\n", mermaidText("who reaches whom under "+s.policy))
	shapes := map[kind][2]string{world: {"((", "))"}, addresses: {"([", "])"}, foreign: {"[[", "]]"}, server: {"[", "]"}}
	for i, box := range s.boxes {
		shape := shapes[box.kind]
		fmt.Fprintf(&b, "\tn%d%s\"%s\"%s\n", i, shape[0], mermaidText(box.name), shape[1])
	}
	var open []string
	for i, a := range s.arrows {
		line := "-->"
		if a.class != reaches && a.class != worldly {
			line = "-.->"
		}
		fmt.Fprintf(&b, "\tn%d %s|\"%s\"| n%d\n", a.from, line, mermaidText(a.said()), a.to)
		if a.class == worldly {
			open = append(open, fmt.Sprint(i))
		}
	}
	if open != nil {
		fmt.Fprintf(&b, "\tlinkStyle %s stroke:#d1242f,stroke-width:3px\n", strings.Join(open, ","))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// mermaidText is a text between quotes: all that Mermaid, its Markdown or HTML
// could read as more than text is a character code.
func mermaidText(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < 0x80 && !strings.ContainsRune(" .,:/()-", r) && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			fmt.Fprintf(&b, "#%d;", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
