package export

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"al.essio.dev/pkg/shellescape"
)

// logCommand is where a runner takes the log for its own: "::" at a line's beginning, "##[".
var logCommand = regexp.MustCompile(`(\n *|##)(::|\[|vso\[)`)

// quote makes s one word of a POSIX shell: the word's value is s, byte for byte. Who reads the
// script sees all of it, and a log no line or mark that its runner would take for a command.
func quote(s string) string {
	quoted := logCommand.ReplaceAllString(shellescape.Quote(s), `$1'""'$2`)
	var b strings.Builder
	for len(quoted) > 0 {
		r, size := utf8.DecodeRuneInString(quoted)
		if r == '\n' || unicode.IsPrint(r) && r != utf8.RuneError {
			b.WriteString(quoted[:size])
		} else {
			b.WriteString(`'"$(printf '`)
			for _, c := range []byte(quoted[:size]) {
				fmt.Fprintf(&b, `\%03o`, c)
			}
			b.WriteString(`')"'`)
		}
		quoted = quoted[size:]
	}
	return b.String()
}

// clientJSON is s as the openstack client prints it with -f json: Python's
// json.dump in its default setting, where everything outside ASCII is escaped.
func clientJSON(s string) string {
	return `"` + clientJSONBody(s) + `"`
}

func clientJSONBody(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\b':
			b.WriteString(`\b`)
		case r == '\f':
			b.WriteString(`\f`)
		case r >= ' ' && r <= '~':
			b.WriteRune(r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			hi, lo := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, hi, lo)
		}
	}
	return b.String()
}
