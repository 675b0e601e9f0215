package clouds

import (
	"regexp"
	"strings"
)

// Shown is an address as people may be shown it, be it one or not: without the user
// and the password that it may have in it, and without a query.
func Shown(address string) string {
	address, _, _ = strings.Cut(address, "?")
	start := 0
	if at := strings.Index(address, "//"); at >= 0 {
		start = at + len("//")
	}
	// A password may have slashes, where it is not written as it should be.
	if at := strings.LastIndex(address, "@"); at >= start {
		return address[:start] + address[at+1:]
	}
	return address
}

// unreadable is why a file of clouds cannot be read, in one line and without what stands
// in it.
func unreadable(why string) string {
	// The parser quotes the beginning of a value that is not of its type, or an anchor,
	// which is how it reads a password that begins with an asterisk.
	quoted := regexp.MustCompile("(?s)`.*`|(anchor )'.*'|!+[^! ]+")
	return "yaml: " + strings.Join(strings.Fields(quoted.ReplaceAllString(why, "${1}…")), " ")
}
