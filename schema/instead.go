package schema

import (
	"fmt"
	"regexp"
	"strings"

	"cuelang.org/go/cue"
)

// instead puts what the author most likely meant, by the author's own value,
// into the definitions' message about it.
func (x *explainer) instead(path []string, message string) string {
	own := x.own.LookupPath(cuePath(path))
	if !own.Exists() {
		return message
	}
	text, _ := own.String()
	number, err := own.Int64()
	switch {
	case strings.HasPrefix(message, "a port is "):
		if n := strings.TrimLeft(text, "0"); isIndex(n) {
			return fmt.Sprintf("a port is a number, without quotes: write %s", n)
		}
		if r := regexp.MustCompile(`^([0-9]+)\s*(?::|–|\.\.|-|to)\s*([0-9]+)$`).FindStringSubmatch(text); r != nil {
			return fmt.Sprintf("a range of ports has a \"-\": write \"%s-%s\"", r[1], r[2])
		}
	case strings.HasPrefix(message, "a family is "):
		if family := familyOf(own); family != "" {
			return fmt.Sprintf("%s: write %q", message, family)
		}
	case strings.HasPrefix(message, "a protocol is ") && err == nil && number == 0:
		return protocolZero("0")
	}
	return message
}

// familyOf is the IP version that somebody means who writes 4, "4" or "IPv4".
func familyOf(v cue.Value) string {
	s, _ := v.String()
	if n, err := v.Int64(); err == nil {
		s = fmt.Sprint(n)
	}
	switch strings.ToLower(s) {
	case "4", "ipv4", "v4", "inet":
		return "ipv4"
	case "6", "ipv6", "v6", "inet6":
		return "ipv6"
	}
	return ""
}
