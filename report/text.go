package report

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// writeText writes a line for each error and finding, as compilers do, so that
// editors can jump to it. Hints and related places follow on lines of their own,
// indented by four spaces.
func writeText(w io.Writer, r Report) error {
	var b strings.Builder
	for _, e := range r.Errors {
		head := *e
		head.Hint = ""
		b.WriteString(printable(head.Error()) + "\n")
		if e.Hint != "" {
			b.WriteString("    " + printable(e.Hint) + "\n")
		}
	}
	for _, f := range r.Findings {
		b.WriteString(printable(fmt.Sprintf("%s: %s: %s [%s]", f.Pos, f.Level, message(f.Path, f.Message), f.Code)) + "\n")
		for _, related := range f.Related {
			b.WriteString("    " + printable(fmt.Sprintf("%s: %s", related.Pos, related.Message)) + "\n")
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

// printable writes what a terminal could take for a command, or hide, as a Go
// escape: control characters, line ends, marks that change the direction of text.
func printable(s string) string {
	clean := true
	for _, r := range s {
		clean = clean && unicode.IsPrint(r) && r != utf8.RuneError
	}
	if clean {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			quoted := fmt.Sprintf("%+q", r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
		s = s[size:]
	}
	return b.String()
}
