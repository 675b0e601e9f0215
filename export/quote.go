package export

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// logCommand is where a runner takes the log for its own: "::" at a line's beginning, "##[".
var logCommand = regexp.MustCompile(`(\n *|##)(::|\[|vso\[)`)

// quote makes s one word of a POSIX shell: the word's value is s, byte for byte. Who reads the
// script sees all of it, and a log no line or mark that its runner would take for a command.
func quote(s string) string {
	if s != "" && !strings.ContainsFunc(s, special) {
		return s
	}
	quoted := "'" + strings.ReplaceAll(s, "'", `'"'"'`) + "'"
	if strings.ContainsAny(s, "\n#") {
		quoted = logCommand.ReplaceAllString(quoted, `$1'""'$2`)
	}
	if !strings.ContainsFunc(quoted, hidden) {
		return quoted
	}
	var b strings.Builder
	for len(quoted) > 0 {
		r, size := utf8.DecodeRuneInString(quoted)
		if !hidden(r) {
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

// special says whether a shell may take a character for more than itself.
func special(r rune) bool {
	return (r < 'a' || 'z' < r) && (r < 'A' || 'Z' < r) && (r < '0' || '9' < r) && !strings.ContainsRune("_@%+=:,./-", r)
}

// hidden says whether a character is one that a terminal does not show.
func hidden(r rune) bool { return r != '\n' && !unicode.IsPrint(r) || r == utf8.RuneError }

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
