package export

import (
	"fmt"
	"strings"
	"unicode/utf16"

	"al.essio.dev/pkg/shellescape"
)

// quote makes s one word of a POSIX shell: the word's value is s, byte for byte.
func quote(s string) string { return shellescape.Quote(s) }

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
