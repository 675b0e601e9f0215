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

	MaxErrors int // how many errors a text shows before it counts the others; 0 is all
}

// Format is a way to write a report.
type Format uint8

const (
	Text   Format = iota + 1 // file:line:col: warning: message [SGC001]
	JSON                     // a Document
	SARIF                    // SARIF 2.1.0, as code scanners take it in
	GitHub                   // workflow commands, which GitHub Actions shows beside the lines
)

// Formats is the names of the formats, for help texts.
func Formats() []string { return []string{"text", "json", "sarif", "github"} }

// ParseFormat is the format of a name.
func ParseFormat(name string) (Format, error) {
	for i, n := range Formats() {
		if n == name {
			return Text + Format(i), nil
		}
	}
	return 0, fmt.Errorf("unknown format %q: text, json, sarif or github", name)
}

func (f Format) String() string {
	if f < Text || f > GitHub {
		return fmt.Sprintf("Format(%d)", uint8(f))
	}
	return Formats()[f-Text]
}

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
	return fmt.Errorf("no format: %s", f)
}

// stdin is the file of a position in a policy that was read from standard input.
const stdin = "-"

// isPlace says whether a position lies in a file or on standard input, and not in
// a flag, which errors name in a file's stead ("-t") and which has no lines.
func isPlace(p rule.Pos) bool { return p.File != "" && (p.Line > 0 || p.File[0] != '-') }
