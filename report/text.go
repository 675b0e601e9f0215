package report

import (
	"fmt"
	"io"
	"strings"

	"sgc.dev/sgc/rule"
)

// writeText writes a line for each error and finding, as compilers do, so that
// editors can jump to it. Hints and related places follow on lines of their own,
// indented by four spaces.
func writeText(w io.Writer, r Report) error {
	var b strings.Builder
	shown := r.Errors
	if r.MaxErrors > 0 && len(shown) > r.MaxErrors {
		shown = shown[:r.MaxErrors]
	}
	for _, e := range shown {
		head := *e
		head.Hint = ""
		b.WriteString(rule.Printable(head.Error()) + "\n")
		if e.Hint != "" {
			b.WriteString("    " + rule.Printable(e.Hint) + "\n")
		}
	}
	if more := len(r.Errors) - len(shown); more > 0 {
		fmt.Fprintf(&b, "and %d more: sgc vet --all-errors shows them\n", more)
	}
	for _, f := range r.Findings {
		b.WriteString(rule.Printable(fmt.Sprintf("%s: %s: %s [%s]", f.Pos, f.Level, message(f.Path, f.Message), f.Code)) + "\n")
		for _, related := range f.Related {
			b.WriteString("    " + rule.Printable(fmt.Sprintf("%s: %s", related.Pos, related.Message)) + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// message is what a finding or an error says, with the place in the policy first.
func message(path, message string) string {
	if path == "" {
		return message
	}
	return path + ": " + message
}
