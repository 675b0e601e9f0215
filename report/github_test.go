package report

import (
	"fmt"
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

// parse reads a line as GitHub's runner does: "::", the kind, a space, properties
// up to the next "::", the text; then it undoes the escapes, % last.
func parse(line string) (kind string, properties map[string]string, text string, err error) {
	rest, ok := strings.CutPrefix(line, "::")
	if !ok {
		return "", nil, "", fmt.Errorf("no command: %q", line)
	}
	head, text, ok := strings.Cut(rest, "::")
	if !ok {
		return "", nil, "", fmt.Errorf("no text: %q", line)
	}
	kind, list, _ := strings.Cut(head, " ")
	properties = map[string]string{}
	for item := range strings.SplitSeq(list, ",") {
		name, value, _ := strings.Cut(item, "=")
		properties[name] = unescape(value, "%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",")
	}
	return kind, properties, unescape(text, "%0D", "\r", "%0A", "\n"), nil
}

func unescape(s string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		s = strings.ReplaceAll(s, pairs[i], pairs[i+1])
	}
	return strings.ReplaceAll(s, "%25", "%")
}

func FuzzCommand(f *testing.F) {
	f.Add("a.cue", "SGC001: title", "message")
	f.Add("a,b:c%d.cue", "title, with: signs", "100%\r\n::error::owned")
	f.Add("-", "SGC004: title", "on standard input")
	f.Add("%0A", "%3A%25", "%250A")
	f.Add("x::y", "::", "::stop-commands::token")
	f.Fuzz(func(t *testing.T, file, title, text string) {
		got := command("warning", rule.Pos{File: file, Line: 3, Column: 5}, title, []string{text, "second"})
		line, rest, _ := strings.Cut(got, "\n")
		if rest != "" || strings.Contains(line, "\r") {
			t.Fatalf("more than one line: %q", got)
		}
		kind, properties, back, err := parse(line)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{"file": rule.Printable(file), "line": "3", "col": "5", "title": rule.Printable(title)}
		if file == "" || file == "-" {
			want = map[string]string{"title": rule.Printable(title)}
		}
		said := rule.Printable(text)
		if file == "-" {
			said = "-:3:5: " + said
		}
		if kind != "warning" || back != said+"\nsecond" || fmt.Sprint(properties) != fmt.Sprint(want) {
			t.Errorf("%q is read as %s %q %q, not %q %q", line, kind, properties, back, want, said)
		}
	})
}
