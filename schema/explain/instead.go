package explain

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"cuelang.org/go/cue"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/value"
)

// instead puts what the author most likely meant, by the author's own value,
// into the definitions' message about it.
func (x *explainer) instead(path []string, at rule.Pos, message string) string {
	own := value.Within(x.own, cuePath(path))
	if !own.Exists() {
		return message
	}
	text, _ := own.String()
	number, err := own.Int64()
	switch {
	case len(path) > 1 && isPorts(path[len(path)-2]):
		if strings.Contains(message, "empty disjunction") {
			message = `this is no port: write 8080, or "8000-8100" for a range`
		}
		if q, ok := quotelessOf(own); ok && q.section == "services" {
			return fmt.Sprintf("a service is no port: write service: %q in place of %s", q.name, path[len(path)-2])
		}
		if t, meant := x.rangeAt(at); meant != "" {
			return fmt.Sprintf("CUE reads %s as a difference: write %q", t.text, meant)
		}
		if meant := portsMeant(text, false); meant != "" {
			return meant
		}
	case strings.HasPrefix(message, "a family is "):
		if family := familyOf(own); family != "" {
			return fmt.Sprintf("%s: write %q", message, family)
		}
	case strings.HasPrefix(message, "a protocol is ") && err == nil && number == 0:
		return ProtocolZero("0")
	}
	return message
}

// portsElsewhere is what other tools take as ports, and what to write for it: <…> is an item
// of a list.
var portsElsewhere = fault.NewSayings(
	`^0*([1-9][0-9]*)$`, `a port is a number, without quotes: write <$1>`,
	`^[0-9]+-[0-9]+$`, `a list belongs here: write <"$0">`,
	`^(?i:all|any|every|\*|-1)$`, `for every port write <"1-65535">`,
	`^([0-9]+)\s*(?::|–|\.\.|-|to)\s*([0-9]+)$`, `a range of ports has a "-": write <"$1-$2">`,
	`^([0-9]+)-$`, `a range has two ends: write <"$1-65535">`,
	`^-([0-9]+)$`, `a range has two ends: write <"1-$1">`,
	`^([0-9]+)/(?:tcp|udp|sctp)$|^(?:tcp|udp|sctp)[/:]([0-9]+)$`, `the field says the protocol: write <$1$2>`,
	`^([a-z][a-z0-9-]*)$`, `a port is a number: write it, or make the service "$1" the rule's key, without ports`,
)

// portsMeant says what to write for a text that other tools take as ports, as a list or
// as an item of one; "" for a text that is not understood.
func portsMeant(text string, list bool) string {
	brackets := strings.NewReplacer("<", "", ">", "")
	if list {
		brackets = strings.NewReplacer("<", "[", ">", "]")
	}
	if each := eachPort(text); each != "" {
		return "each port is an item of the list: write " + brackets.Replace("<"+each+">")
	}
	return brackets.Replace(portsElsewhere.Of(text))
}

// eachPort is a text of several ports and ranges as items of a list, "" for any other.
func eachPort(text string) string {
	items := strings.FieldsFunc(text, func(c rune) bool { return c == ',' || unicode.IsSpace(c) })
	for i, item := range items {
		first, last, isRange := strings.Cut(item, "-")
		switch {
		case !isIndex(first) || isRange && !isIndex(last):
			return ""
		case isRange:
			items[i] = strconv.Quote(item)
		}
	}
	if len(items) < 2 {
		return ""
	}
	return strings.Join(items, ", ")
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

// ProtocolZero says why a protocol that is number 0 by any name is refused.
func ProtocolZero(name string) string {
	return fmt.Sprintf("protocol %s is every protocol to some clouds and hop-by-hop options to others: for every protocol use the service \"any\"", name)
}
