package clouds

import (
	"regexp"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
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
	// The parser quotes the beginning of a value that is not of its type, keys, and an anchor,
	// which is how it reads a password that begins with an asterisk.
	quoted := regexp.MustCompile("(?s)`.*`|(anchor )'.*'|(mapping key )\"(?:[^\"\\\\]|\\\\.)*\"|(map key: ).*|!+[^! ]+")
	return "yaml: " + strings.Join(strings.Fields(quoted.ReplaceAllString(why, "${1}${2}${3}…")), " ")
}

// word is what a key looks like.
var word = regexp.MustCompile("^[a-z_-]+$")

// shownKey is a key as people may be shown it. Without a blank behind its colon a password is part
// of its key: what is not like a key that there is can be seen where it is short alone.
func shownKey(key string) string {
	const short = 7 // characters of a secret may be seen
	if word.MatchString(key) && (len(key) <= short || rule.Closest(key, slices.Concat(authNames(), overlaid, disputed, []string{"regions", "values"})) != "") {
		return key
	}
	return "…"
}
