package diff

import (
	"fmt"
	"io"
	"strings"

	"sgc.dev/sgc/rule"
)

// Markdown writes the differences as a table, for the comment of a pull request.
// All that a policy says stands in spans of code, in which a forge looks for no
// markup, links, mentions or commands.
func Markdown(w io.Writer, p Policy) error {
	var b strings.Builder
	rows := p.Rows()
	counts := map[Verb]int{}
	for _, r := range rows {
		counts[r.Verb]++
	}
	fmt.Fprintf(&b, "**%s**", code(p.Title()))
	for i, v := range []Verb{Opens, Grants, Closes, Revokes, Becomes} {
		switch {
		case v == Becomes && counts[v] > 0:
			fmt.Fprintf(&b, "; what else changes: %d", counts[v])
		case counts[v] > 0 || v == Opens || v == Closes:
			fmt.Fprintf(&b, "%s %s: %d", [...]string{":", ","}[min(i, 1)], v, counts[v])
		}
	}
	b.WriteByte('\n')
	if rows != nil {
		b.WriteString("\n| | Tier | What | By |\n| --- | --- | --- | --- |\n")
	}
	for _, r := range rows {
		lines := make([]string, len(r.Origins))
		for i, o := range r.Origins {
			lines[i] = code(o.Pos.String() + ": " + o.Path)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", marks[r.Verb], code(r.Tier), code(r.Text), strings.Join(lines, "<br>"))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// marks are verbs in a table that has no colours of its own: what opens is red,
// what closes is grey.
var marks = [...]string{
	Opens: "🔴 **opens**", Grants: "🟠 **others may open**", Closes: "⚪ closes", Revokes: "⚪ others may no longer open", Becomes: "changes",
}

// code is a text as a span of code in a cell, where nothing but its end and the
// cell's has a meaning.
func code(text string) string {
	if text == "" {
		return ""
	}
	return "`" + strings.NewReplacer("`", `\x60`, "|", `\x7c`).Replace(rule.Printable(text)) + "`"
}
