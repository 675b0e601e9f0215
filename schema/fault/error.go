// Package fault has what is wrong with a policy: errors at the author's line, and how
// far the policy came before them.
package fault

import (
	"strings"
	"unicode/utf8"

	"sgc.dev/sgc/rule"
)

// Error is one thing that is wrong with a policy, at the author's line.
type Error struct {
	Pos     rule.Pos
	Path    string // "tiers.web.ingress.http", or "" where the fault is in no field
	Message string // what is wrong and what to do: lower case, no full stop
	Hint    string // a further line, or ""

	Lacks string // the fields, separated by blanks, of which the struct at Path has none; "" where that is not the fault
}

// Error is "file:line:col: path: message", as compilers write it.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Pos.String() + ": ")
	if e.Path != "" {
		b.WriteString(e.Path + ": ")
	}
	b.WriteString(e.Message)
	if e.Hint != "" {
		b.WriteString("\n    " + e.Hint)
	}
	return b.String()
}

// maxShown is how much of a text a message shows, in bytes: a policy can have texts
// of gigabytes.
const maxShown = 4000

// shortened is a text cut to what a message shows of it.
func shortened(s string) string {
	if len(s) <= maxShown {
		return s
	}
	cut := maxShown
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

// Errors is every fault found in one run, sorted by position, each once.
type Errors []*Error

// Error is one line, or two with a hint, for each.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}
