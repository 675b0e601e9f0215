// Package report writes what is wrong with policies, and what the lints found in
// them, for people, for programs, for code scanners and for GitHub's pages.
//
// Errors and findings share the formats: an error has no code and stops the
// policy; a finding has a code, is a warning or a note, and stops nothing. Texts
// may hold whatever a stranger put into a policy, so each format keeps them from
// being read as anything but text.
package report

import (
	"fmt"
	"io"

	"sgc.dev/sgc/lint"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// Report is what one run has to say, each list in the order in which it shall stand.
type Report struct {
	Version  string // of sgc, for formats that name their tool
	Errors   schema.Errors
	Findings []lint.Finding
	Judged   []Judged // for JSON; nil where assertions are not what was asked for

	MaxErrors int // how many errors a text shows before it counts the others; 0 is all
}

// Format is a way to write a report.
type Format string

const (
	Text   Format = "text"   // file:line:col: warning: message [SGC001]
	JSON   Format = "json"   // a Document
	SARIF  Format = "sarif"  // SARIF 2.1.0, as code scanners take it in
	GitHub Format = "github" // workflow commands, which GitHub Actions shows beside the lines
)

// Formats is all formats.
func Formats() []Format { return []Format{Text, JSON, SARIF, GitHub} }

// Write writes r. An empty report is nothing as text and for GitHub, and a
// document with empty lists in the others.
func Write(w io.Writer, f Format, r Report) error {
	switch f {
	case Text:
		return writeText(w, r)
	case JSON:
		return writeJSON(w, r)
	case SARIF:
		return writeSARIF(w, r)
	case GitHub:
		return writeGitHub(w, r)
	}
	return fmt.Errorf("unknown format %q", f)
}

// stdin is the file of a position in a policy that was read from standard input.
const stdin = "-"

// isPlace says whether a position lies in a file or on standard input, and not in
// a flag, which errors name in a file's stead ("-t") and which has no lines.
func isPlace(p rule.Pos) bool { return p.File != "" && (p.Line > 0 || p.File[0] != '-') }
