package schema

import (
	"cmp"
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"go4.org/netipx"

	"sgc.dev/sgc/schema/fault"
)

// networksElsewhere is what people write where a network or a name belongs, and what to
// write for it.
var networksElsewhere = fault.NewSayings(
	`^\s*(\S+)\s+$|^\s+(\S+)$`, `remove the spaces around it: write "$1$2"`,
	`(?i)(?:^|[,;]\s*)([!^~-])|^(not|no|except|without)\s|\s([-!]|except|excluding|but|without|minus|and not)\s`, `"$1$2$3" takes nobody away: a rule leaves out whom it names in except`,
	`^\[([^\]]+)\](/\d+)?$`, `an address has no brackets: write "$1$2"`,
	`^\[([^\]]+)\]:(\d+)$`, `ports stand in the rule, as in tcp: [$2]: write "$1"`,
	`^(\d+\.\d+\.\d+\.\d+(?:/\d+)?|[\w-]*[g-zG-Z][\w-]*):(\d+)$`, `ports stand in the rule, as in tcp: [$2]: write "$1"`,
	`^(?:[[:xdigit:]]{2}[:-]){5}[[:xdigit:]]{2}$`, "a security group knows no MAC addresses: write the IP address",
	`^[\w-]+(?:\.[\w-]+)+:\d+$`, "a rule knows no host names: write the addresses that it has, and the port as in tcp: [8080]",
	`^\w+://`, "a rule knows no URLs: write the addresses of the host",
	`^0(?:\.0)*/0$`, `everyone is "public"`,
	`^(?:tiers?|address(?:es)?|groups?|addressGroups?|servers?|sg|set)[.:/]([\w.-]+)$`, `expected the name alone: write "$1"`,
	`^[@$%&]\{?([\w.-]+)\}?$|^\{\{\s*([\w.-]+)\s*\}\}$`, `expected the name alone: write "$1$2"`,
	`^[[:xdigit:]]{8}-(?:[[:xdigit:]]{4}-){3}[[:xdigit:]]{12}$`, `a group of others has a name here: define groups: legacy: id: "$0", and write "legacy"`,
	`^([1-9][[:xdigit:]]{0,3}(?::[[:xdigit:]]{1,4}){1,6}):?(/\d+)$`, `an IPv6 network has "::" for the groups that are 0: write "$1::$2"`,
	`^[1-9][[:xdigit:]]{0,3}(?::[[:xdigit:]]{1,4}){1,6}:?$`, `an IPv6 network has "::" for the groups that are 0, and a length, as in "2001:db8::/32"`,
	`^(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3})(/\d+)?$`, `the numbers of an address have points between them: write "$1.$2.$3.$4$5"`,
	`^(?i:localhost)$`, "what a machine sends itself passes no security group: leave it out",
	`:::|::[^,;]*::`, `"::" may occur once in an address, for all groups that are 0`,
	`^(?:\d+\.)*0\d+(?:\.\d+)*(?:/\d+)?$`, "an address has no leading zeros: leave them out",
	`^\d+\.\d+\.\d+\.\d+(?:/\d+)?$`, "each number of an address is 0 to 255",
	`^\d+(?:\.\d+)+(?:/\d+)?$`, "an address has four numbers, as in 192.0.2.1, and a network a length as well, as in 192.0.2.0/24",
)

var (
	shortNetwork = regexp.MustCompile(`^(\d+(?:\.\d+){0,2})/(\d+)$`)
	wildcard     = regexp.MustCompile(`^(\d+(?:\.\d+){0,2})(?:\.[*xX])+$`)
	addressRange = regexp.MustCompile(`^([[:xdigit:].:]+)\s*(?:-|–|\.\.)\s*([[:xdigit:].:]+)$`)
	masked       = regexp.MustCompile(`^(\d+\.\d+\.\d+\.\d+)\s+(\d+\.\d+\.\d+\.\d+)$`)
	hostName     = regexp.MustCompile(`^[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}\.?$`)
)

// networkMeant says what to write for what is not a network, "" for what is not understood.
func networkMeant(s string) string {
	if m := masked.FindStringSubmatch(s); m != nil {
		if length, ok := maskLength(m[2]); ok {
			return fmt.Sprintf("a network has a length, not a mask: write \"%s/%d\"", m[1], length)
		}
	}
	if m := shortNetwork.FindStringSubmatch(s); m != nil && m[2] != "0" {
		if p, err := netip.ParsePrefix(padded(m[1]) + "/" + m[2]); err == nil && p == p.Masked() {
			return fmt.Sprintf("a network has all four numbers: write %q", p)
		}
	}
	if m := wildcard.FindStringSubmatch(s); m != nil {
		return fmt.Sprintf("a network has a length: write \"%s/%d\"", padded(m[1]), 8*(1+strings.Count(m[1], ".")))
	}
	if m := addressRange.FindStringSubmatch(s); m != nil {
		if networks := networksBetween(m[1], m[2]); networks != "" {
			return "a range of addresses is written as networks: write " + networks
		}
	}
	return cmp.Or(networksElsewhere.Of(s), listMeant(s))
}

// listMeant says what to write for several items in one text, "" for what is one.
func listMeant(s string) string {
	items := strings.FieldsFunc(s, func(c rune) bool { return c == ',' || c == ';' })
	var quoted []string
	for _, item := range items {
		quoted = append(quoted, strconv.Quote(strings.TrimSpace(item)))
	}
	switch list := strings.Join(quoted, ", "); {
	case len(items) == 0 || items[0] == s:
		return ""
	case len(items) == 1:
		return "a comma stands outside of the quotation marks: write " + list
	default:
		return "make each a list item: write " + list
	}
}

// hostMeant says what to write for a host name, "" for what is none.
func hostMeant(s string) string {
	if !hostName.MatchString(s) {
		return ""
	}
	return "a rule knows no host names: write the addresses that it has"
}

// padded is the first numbers of an IPv4 address with all others 0.
func padded(first string) string {
	return first + strings.Repeat(".0", 3-strings.Count(first, "."))
}

// networksBetween lists the networks from an address to another, or to one that has the
// last number alone; "" where there are none.
func networksBetween(first, last string) string {
	if !strings.ContainsAny(last, ".:") {
		last = first[:strings.LastIndexAny(first, ".:")+1] + last
	}
	a, err1 := netip.ParseAddr(first)
	b, err2 := netip.ParseAddr(last)
	if err1 != nil || err2 != nil {
		return ""
	}
	if b.Less(a) {
		a, b = b, a
	}
	var networks []string
	for _, p := range netipx.IPRangeFrom(a, b).Prefixes() {
		networks = append(networks, fmt.Sprintf("%q", p))
	}
	const most = 6
	if len(networks) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(networks[:most], ", "), len(networks)-most)
	}
	return strings.Join(networks, ", ")
}

// maskLength is the length that a netmask such as 255.255.255.0 means, or its opposite as
// routers write it, 0.0.0.255.
func maskLength(s string) (int, bool) {
	mask, err := netip.ParseAddr(s)
	if err != nil || !mask.Is4() {
		return 0, false
	}
	bytes := mask.As4()
	if bytes[0] == 0 {
		for i := range bytes {
			bytes[i] = ^bytes[i]
		}
	}
	ones, bits := net.IPMask(bytes[:]).Size()
	return ones, bits != 0
}
