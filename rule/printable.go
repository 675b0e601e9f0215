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
// ends, marks that change the direction of text.
func Printable(s string) string {
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

// PrintableJSON passes JSON on to w and spells as \uXXXX what [Printable] escapes: to
// programs it is the same text, to terminals none of their commands. It is written
// whole characters, as by an encoder, which has escaped what is below U+0020 itself.
func PrintableJSON(w io.Writer) io.Writer { return printableJSON{w} }

type printableJSON struct{ w io.Writer }

func (p printableJSON) Write(text []byte) (int, error) {
	hidden := func(r rune) bool { return r >= 0x7f && !unicode.IsPrint(r) }
	if allBelow(text, 0x7f) || !bytes.ContainsFunc(text, hidden) {
		return p.w.Write(text)
	}
	var b []byte
	for _, r := range string(text) {
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
