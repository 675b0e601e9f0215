package report

import (
	"encoding/json"
	"io"

	"sgc.dev/sgc/lint"
	"sgc.dev/sgc/rule"
)

// Document is the JSON form of a report. Later versions of sgc may add fields;
// Version grows when one changes its meaning or goes.
type Document struct {
	Version  int       `json:"version"` // 1
	Errors   []Error   `json:"errors"`
	Findings []Finding `json:"findings"`
	Judged   []Judged  `json:"judged,omitzero"` // by sgc test
}

// Error is one fault of a policy.
type Error struct {
	Position *Position `json:"position,omitempty"` // absent where the fault is in no file
	Path     string    `json:"path,omitempty"`     // tiers.app.ingress.ssh
	Message  string    `json:"message"`
	Hint     string    `json:"hint,omitempty"`
}

// Finding is one finding of a lint; sgc explain CODE says more about it.
type Finding struct {
	Code     string    `json:"code"`
	Level    string    `json:"level"` // warning or note
	Position *Position `json:"position,omitempty"`
	Path     string    `json:"path,omitempty"`
	Message  string    `json:"message"`
	Related  []Related `json:"related,omitempty"`
}

// Related is another place that a finding is about.
type Related struct {
	Position *Position `json:"position,omitempty"`
	Message  string    `json:"message"`
}

// Judged is a policy with the verdicts on its assertions.
type Judged struct {
	Policy     string    `json:"policy"`
	Assertions []Verdict `json:"assertions"`
}

// Verdict is whether an assertion holds.
type Verdict struct {
	Position Position `json:"position"`
	Title    string   `json:"title"`
	Holds    bool     `json:"holds"`
	// Networks says that the verdict would be another if "networks" did not say where servers live.
	Networks bool `json:"restsOnNetworks,omitempty"`
}

// Position is a place in a file, as the user would name the file. Lines and
// columns count from 1, columns in bytes; both are absent where the whole file
// is meant.
type Position struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

func writeJSON(w io.Writer, r Report) error {
	e := json.NewEncoder(rule.PrintableJSON(w))
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(document(r))
}

func document(r Report) Document {
	d := Document{Version: 1, Errors: []Error{}, Findings: []Finding{}, Judged: r.Judged}
	for _, e := range r.Errors {
		d.Errors = append(d.Errors, Error{position(e.Pos), e.Path, e.Message, e.Hint})
	}
	for _, f := range r.Findings {
		d.Findings = append(d.Findings, Finding{f.Code, f.Level.String(), position(f.Pos), f.Path, f.Message, related(f.Related)})
	}
	return d
}

func related(list []lint.Related) []Related {
	var out []Related
	for _, r := range list {
		out = append(out, Related{position(r.Pos), r.Message})
	}
	return out
}

func position(p rule.Pos) *Position {
	if p.File == "" {
		return nil
	}
	return &Position{p.File, p.Line, p.Column}
}
