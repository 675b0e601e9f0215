package rule

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Printable is a text of a policy as people may be shown it: what a terminal
// could take for a command, or hide, is a Go escape: control characters, line
// ends, marks that change the direction of text. So is the mark of what a runner of GitHub or
// Azure takes for a command in its log: "::" where the text begins so, "##[" anywhere.
func Printable(s string) string {
	if strings.Contains(s, "##") {
		s = logCommands.Replace(s)
	}
	if name := strings.TrimLeft(s, " "); beginsCommand(name) {
		s = s[:len(s)-len(name)] + `\x3a` + name[1:]
	}
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

var logCommandsJSON = strings.NewReplacer("##[", `#\u0023[`, "##vso[", `#\u0023vso[`)

var logCommands = strings.NewReplacer("##[", `#\x23[`, "##vso[", `#\x23vso[`)

// beginsCommand says whether a text is like "::name::" or "::name key=value::" at its
// beginning, as no address of IPv6 is.
func beginsCommand(s string) bool {
	name, ok := strings.CutPrefix(s, "::")
	return ok && name != "" && unicode.IsLetter(rune(name[0])) && strings.Contains(name, "::")
}

// PrintableJSON passes JSON on to w and spells as \uXXXX what [Printable] escapes: to
// programs it is the same text, to terminals none of their commands. It is written
// whole characters, as by an encoder, which has escaped what is below U+0020 itself.
func PrintableJSON(w io.Writer) io.Writer { return printableJSON{w} }

type printableJSON struct{ w io.Writer }

func (p printableJSON) Write(text []byte) (int, error) {
	hidden := func(r rune) bool { return r >= 0x7f && !unicode.IsPrint(r) }
	spelled := text
	if bytes.Contains(text, []byte("##")) {
		spelled = []byte(logCommandsJSON.Replace(string(text)))
	}
	if allBelow(text, 0x7f) || !bytes.ContainsFunc(text, hidden) {
		if _, err := p.w.Write(spelled); err != nil {
			return 0, err
		}
		return len(text), nil
	}
	var b []byte
	for _, r := range string(spelled) {
		if !hidden(r) {
			b = utf8.AppendRune(b, r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			b = fmt.Appendf(b, `\u%04x`, unit)
		}
	}
	if _, err := p.w.Write(b); err != nil {
		return 0, err
	}
	return len(text), nil
}

func allBelow(text []byte, limit byte) bool {
	for _, c := range text {
		if c >= limit {
			return false
		}
	}
	return true
}
