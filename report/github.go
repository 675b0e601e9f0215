package report

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"sgc.dev/sgc/lint"
	"sgc.dev/sgc/rule"
)

// writeGitHub writes a workflow command for each error and finding. GitHub finds
// the file by its path from the top of the repository, so sgc should run there,
// and shows ten annotations of each kind a step; the rest stays in the log.
func writeGitHub(w io.Writer, r Report) error {
	var b strings.Builder
	for _, e := range r.Errors {
		lines := []string{message(e.Path, e.Message)}
		if e.Hint != "" {
			lines = append(lines, e.Hint)
		}
		b.WriteString(command("error", e.Pos, "sgc", lines))
	}
	for _, f := range r.Findings {
		kind, title := "warning", f.Code
		if f.Level == lint.Note {
			kind = "notice"
		}
		if l, ok := lint.Find(f.Code); ok {
			title += ": " + l.Title
		}
		lines := []string{message(f.Path, f.Message)}
		for _, related := range f.Related {
			lines = append(lines, fmt.Sprintf("%s: %s", related.Pos, related.Message))
		}
		b.WriteString(command(kind, f.Pos, title, lines))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// command is one workflow command. Property values end at a comma, and the list
// of them at a colon; the text ends with the line. What would end them early is
// written as %XX, and so is % itself, as actions/toolkit does
// (packages/core/src/command.ts). The log is shown as a terminal shows it, so the
// values are made printable first.
func command(kind string, p rule.Pos, title string, lines []string) string {
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	var properties []string
	inFile := isPlace(p) && p.File != stdin
	if inFile {
		properties = append(properties, "file="+property.Replace(rule.Printable(filepath.ToSlash(p.File))))
	}
	if inFile && p.Line > 0 {
		properties = append(properties, fmt.Sprintf("line=%d,col=%d", p.Line, p.Column))
	}
	properties = append(properties, "title="+property.Replace(rule.Printable(title)))
	text := make([]string, len(lines))
	for i, line := range lines {
		text[i] = rule.Printable(line)
	}
	if p.File == stdin && p.Line > 0 {
		text[0] = p.String() + ": " + text[0] // GitHub has no such file to show it beside
	}
	return "::" + kind + " " + strings.Join(properties, ",") + "::" + data.Replace(strings.Join(text, "\n")) + "\n"
}
