package explain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/format"

	"sgc.dev/sgc/rule"
)

// A form is what people mean by a value of another type than belongs at a place, and what
// to write for it. The first one that fits counts.
type form struct {
	places string   // as placeOf has them, or how they end, separated by blanks; ^ is the top
	kinds  cue.Kind // of the value
	looks  string   // the value as it is written
	say    string   // with $1 and so on of the expression; $0 is the value, $* the items in its text, $% from or to, and <…> is a list, or its item
}

const anyKind = cue.TopKind

// inPorts are the places of ports, and of an item of them.
const inPorts = "tcp udp sctp tcp.# udp.# sctp.#"

const (
	oneText = `^\[("[^"]*")\]$|^\{\w+:\s*("[^"]*")\}$`
	all     = `^"(?i:all|any|\*)"$|^true$|^-1$`
	letter  = `[A-Za-z]`
	number  = `^"?(\d+)"?$`
)

// oneLine writes a struct or a list of few values as people do.
var oneLine = strings.NewReplacer("{\n\t", "{", "\n}", "}", "[\n\t", "[", "\n]", "]", ",\n\t", ", ", "\n\t", ", ")

var forms = []form{
	{"ingress.* egress.*", cue.StringKind, `^"(\w+):\s*[\["{]`, `expected fields, and a space is missing after "$1:"`},
	{"tiers.* ingress.* egress.* servers.* services.* groups.* addressGroups.*", cue.ListKind, `^\[?\{`, "expected fields, not a list of them: remove the brackets around them"},
	{"ingress.* egress.*", cue.StringKind, "", `expected fields: write {$%: [$0]}`},
	{"ingress.* egress.*", cue.ListKind, "", `expected fields: write {$%: $0}`},
	{"ingress.* egress.*", anyKind, "", `expected fields: write {$%: ["192.0.2.0/24"]}, or whoever is meant`},
	{"egress", cue.StringKind, all, `rules are fields, by their service: write {any: to: ["public"]}`},
	{"ingress egress", anyKind, "", `rules are fields, by their service: write {https: $%: ["public"]}`},
	{"tiers.*", anyKind, "", `expected fields: write {ingress: https: from: ["public"]}, or {} for a tier without rules`},
	{"servers.*", cue.ListKind, "", `expected fields: write {tiers: $0}`},
	{"servers.*", cue.StringKind, "", `expected fields: write {tiers: [$0]}`},
	{"servers.*", anyKind, "", `expected fields: write {tiers: ["web"]}`},
	{"services.*", cue.StringKind | cue.ListKind, `^\[?"(tcp|udp|sctp)/([1-9]\d*)"\]?$`, `expected fields: write {$1: [$2]}`},
	{"services.*", cue.StringKind | cue.ListKind, `^\[?"(tcp|udp|sctp)/(\d+-\d+)"\]?$`, `expected fields: write {$1: ["$2"]}`},
	{"services.*", cue.StringKind | cue.ListKind, `/`, `expected fields, by protocol, as in tcp: […] or icmp4: […]`},
	{"services.*", cue.ListKind, letter, `expected fields: write {includes: $0}`},
	{"services.*", cue.ListKind, "", `expected fields: write {tcp: $0}`},
	{"services.*", cue.StringKind, letter, `expected fields: write {includes: [$0]}`},
	{"services.*", cue.IntKind | cue.StringKind, `^\d+$|^"\d+-\d+"$`, `expected fields: write {tcp: [$0]}`},
	{"services.*", anyKind, "", `expected fields: write {tcp: [8080]}`},
	{"groups.* addressGroups.*", cue.StringKind, "", `expected fields: write {name: $0}`},
	{"groups.* addressGroups.*", anyKind, "", `expected fields: write {name: "legacy"}`},
	{"assert.*.never assert.*.always assert.*.only", anyKind, "", `expected fields: write {from: ["public"], to: ["db"]}`},
	{"assert.*", anyKind, "", nameless},
	{"^.assert", anyKind, "", nameless},
	{"^.tiers", anyKind, "", `tiers are fields, by their name: write {web: ingress: https: from: ["public"]}`},
	{"^.servers", anyKind, "", `servers are fields, by their name: write {web: tiers: ["web"]}`},
	{"^.addresses", anyKind, "", `address sets are fields, by their name: write {office: ["192.0.2.0/24"]}`},
	{"^.services", anyKind, "", `services are fields, by their name: write {mine: tcp: [8080]}`},
	{"^.groups ^.addressGroups", anyKind, "", `groups are fields, by their name: write {legacy: name: "legacy"}`},
	{"waive", anyKind, `"(SGC\d{3})"`, `a waiver has its reason: write {$1: "why it is meant"}`},
	{"waive", anyKind, "", `a waiver has its reason: write {SGC001: "why it is meant"}`},
	{"waive.*", anyKind, "", `the reason is a text: write "why it is meant"`},

	{"icmp4.# icmp6.#", anyKind, number, `expected fields: write {type: $1}`},
	{"icmp4.# icmp6.#", cue.StringKind, `^"(\d+)[/:](\d+)"$`, `expected fields: write {type: $1, code: $2}`},
	{"icmp4.# icmp4", anyKind, all, `for every type write protocols: ["icmp"] in place of icmp4`},
	{"icmp6.# icmp6", anyKind, all, `for every type write protocols: ["icmpv6"] in place of icmp6`},
	{"icmp4.# icmp6.#", anyKind, "", `expected fields, and a type is a number: {type: …}`},
	{"icmp4 icmp6", anyKind, number, `expected a list: write [{type: $1}]`},
	{"icmp4 icmp6", cue.StructKind, `type:`, `expected a list: write [$0]`},
	{"icmp4 icmp6", anyKind, "", `expected a list, and a type is a number: [{type: …}]`},

	{inPorts, cue.StringKind, `^"\s*0*([1-9][0-9]*)\s*"$`, `a port is a number, without quotes: write <$1>`},
	{inPorts, cue.StringKind, `^"[0-9]+-[0-9]+"$`, `expected a list: write <$0>`},
	{inPorts, anyKind, `^"(?i:all|any|every|\*|-1)"$|^-1$|^true$`, `for every port write <"1-65535">`},
	{inPorts, cue.StringKind, `^"\d+(?:-\d+)?(?:(?:,\s*|\s+)\d+(?:-\d+)?)+"$`, `make each port a list item: write <$*>`},
	{inPorts, cue.StringKind, `^"([0-9]+)\s*(?::|–|\.\.|-|to)\s*([0-9]+)"$`, `a range of ports has a "-": write <"$1-$2">`},
	{inPorts, cue.StringKind, `^"(?:>=)?\s*([0-9]+)\s*(?:-|\+|:|\.\.+)?"$`, `a range has two ends: write <"$1-65535">`},
	{inPorts, cue.StringKind, `^"(?:-|<=|:|\.\.+)\s*([0-9]+)"$`, `a range has two ends: write <"1-$1">`},
	{inPorts, cue.StringKind, `^"(?:([0-9]+)/(?:tcp|udp|sctp)|(?:tcp|udp|sctp)[/:]([0-9]+))"$`, `the field says the protocol: write <$1$2>`},
	{inPorts, cue.StringKind, `^"([a-z][a-z0-9-]*)"$`, `a port is a number: write it, or make the service "$1" the rule's key, without ports`},
	{inPorts, cue.FloatKind | cue.ListKind | cue.StructKind, `^(?:\[|\{\w+:\s*)?(\d+)(?:\.0*)?[\]}]?$`, `a port is a number: write <$1>`},
	{inPorts, cue.StructKind, `^\{\w+:\s*(\d+),\s*\w+:\s*(\d+)\}$`, `a range of ports has a "-": write <"$1-$2">`},
	{"tcp udp sctp", cue.IntKind, `^([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])$`, `expected a list: write [$1]`},
	{"tcp udp sctp", cue.IntKind, "", `expected a list of ports, and a port is 1 to 65535`},
	{"tcp udp sctp", anyKind, "", `expected a list: write [8080], or ["8000-8100"] for a range`},
	{"protocols", anyKind, all, `for every protocol make "any" the rule's service, without protocols`},
	{"families", anyKind, `(?i)^"(?:both|all|any|dual|ipv4\+ipv6|46)"$|^true$`, "both IP versions are the default: leave the field out"},
	{"families families.#", anyKind, `(?i)^"?(?:(?:ip)?v?4|inet)"?$`, `a family is "ipv4" or "ipv6": write <"ipv4">`},
	{"families families.#", anyKind, `(?i)^"?(?:ip|inet)?v?6"?$`, `a family is "ipv4" or "ipv6": write <"ipv6">`},
	{"protocols.#", cue.IntKind, `^0$`, ProtocolZero},
	{"from to except cidrs addresses addresses.* networks tiers includes tags protocols", cue.StringKind, `^"[^",]+(?:,[^",]+)+"$`, `expected a list: write [$*]`},
	{"from to except cidrs addresses addresses.* networks tiers includes tags protocols families", cue.StringKind, "", `expected a list: write [$0]`},
	{"from to except cidrs addresses addresses.* networks", cue.StructKind, oneText, `expected a list: write [$2]`},
	{"from to except cidrs addresses addresses.* networks", anyKind, "", `expected a list: write ["192.0.2.0/24"]`},
	{"protocols", anyKind, "", `expected a list: write ["esp"]`},
	{"tiers", anyKind, "", `expected a list: write ["web"]`},
	{"tags", anyKind, "", `expected a list: write ["blue"]`},
	{"families", anyKind, "", `expected a list: write ["ipv4"]`},

	{"assert.*.never.service assert.*.always.service assert.*.only.service", cue.IntKind, number, `expected text: write "tcp/$1" or "udp/$1"`},
	{"service", cue.IntKind, number, `a port is not a service: write tcp: [$1] in place of service`},
	{"service", cue.ListKind, oneText, `expected one service: write $1`},
	{"service", cue.ListKind, "", `expected one service: give each other a rule of its own`},
	{"expires", cue.IntKind, `^(\d{4})(\d\d)(\d\d)$`, `a day is a text: write "$1-$2-$3"`},
	{"expires", anyKind, "", `a day is a text, in quotes: "YYYY-MM-DD"`},
	{"from.# to.# except.# owner ticket description group", cue.StructKind | cue.ListKind, oneText, `expected text: write $1$2`},
	{"from.# to.# except.#", anyKind, "", `expected a name or a network, in quotes, as in "self" or "192.0.2.0/24"`},
	{"addresses.*.# addresses.# cidrs.# networks.#", anyKind, "", `expected a network, in quotes, as in "192.0.2.0/24"`},
	{"includes.#", cue.IntKind, number, `a port is not a service: write tcp: [$1] beside includes`},
	{"stateful", anyKind, `^"(?i:true|yes|on|1)"$|^1$`, "expected true or false: write true"},
	{"stateful", anyKind, `^"(?i:false|no|off|0)"$|^0$`, "expected true or false: write false"},
}

// icmpTypes are the numbers of types by their names, as IANA has them.
var icmpTypes = map[string]map[string]int{
	"icmp4": {
		"ping": 8, "echo": 8, "echo-request": 8, "echo-reply": 0, "destination-unreachable": 3, "source-quench": 4, "redirect": 5, "router-advertisement": 9, "router-solicitation": 10,
		"time-exceeded": 11, "parameter-problem": 12, "timestamp": 13, "timestamp-request": 13, "timestamp-reply": 14,
	},
	"icmp6": {
		"ping": 128, "echo": 128, "echo-request": 128, "destination-unreachable": 1, "packet-too-big": 2, "time-exceeded": 3, "parameter-problem": 4, "echo-reply": 129, "router-solicitation": 133,
		"router-advertisement": 134, "neighbor-solicitation": 135, "neighbor-advertisement": 136, "redirect": 137,
	},
}

// formAt is what to write in place of a value at a path, "" where that is not known.
func formAt(path []string, own cue.Value) string {
	text := ""
	if v, err := format.Node(own.Syntax(cue.Final())); err == nil {
		if s := oneLine.Replace(string(v)); len(s) <= rule.MaxName && !strings.Contains(s, "\n") {
			text = s
		}
	}
	peers := "from"
	if slices.Contains(path, "egress") {
		peers = "to"
	}
	kind := own.IncompleteKind()
	typeName := strings.ReplaceAll(strings.ToLower(strings.Trim(text, `"`)), "_", "-")
	for _, field := range path[max(0, len(path)-2):] {
		if n, ok := icmpTypes[field][typeName]; ok {
			return bracketed(path, fmt.Sprintf("a type is a number: write <{type: %d}>", n))
		}
	}
	for _, f := range forms {
		if f.kinds&kind == 0 || !isAt(path, f.places) || strings.Contains(f.say, "$0") && text == "" {
			continue
		}
		say := strings.NewReplacer("$%", peers, "$0", strings.ReplaceAll(text, "$", "$$"), "$*", strings.ReplaceAll(itemsIn(text, portsIn(path) != ""), "$", "$$")).Replace(f.say)
		looks := regexp.MustCompile(f.looks)
		if m := looks.FindStringSubmatchIndex(text); m != nil {
			return bracketed(path, string(looks.ExpandString(nil, say, text, m)))
		}
	}
	return ""
}

// itemsIn is the items of a list that are written in one text: ports are numbers, and
// their ranges texts.
func itemsIn(text string, ports bool) string {
	items := strings.FieldsFunc(strings.Trim(text, `"`), func(c rune) bool { return c == ',' || ports && unicode.IsSpace(c) })
	for i, item := range items {
		if items[i] = strings.TrimSpace(item); !ports || !isIndex(items[i]) {
			items[i] = `"` + items[i] + `"`
		}
	}
	return strings.Join(items, ", ")
}

// bracketed is a text in which <…> is what a list has, with the brackets where all of the
// list stands at the path, and without where an item does.
func bracketed(path []string, say string) string {
	if isIndex(path[len(path)-1]) {
		return strings.NewReplacer("<", "", ">", "").Replace(say)
	}
	return strings.NewReplacer("<", "[", ">", "]").Replace(say)
}

// ProtocolZero says why a protocol that is number 0 by any name, $0, is refused.
const ProtocolZero = `protocol $0 is every protocol to some clouds and hop-by-hop options to others: for every protocol use the service "any"`

// isAt says whether a path leads to one of some places.
func isAt(path []string, places string) bool {
	place := strings.TrimSuffix(".^."+placeOf(path), ".")
	return slices.ContainsFunc(strings.Fields(places), func(p string) bool { return strings.HasSuffix(place, "."+p) })
}

// placeOf is a path with * for the names that a policy gives, and # for the numbers of a
// list's items.
func placeOf(path []string) string {
	names := slices.Clone(path)
	for i, name := range names {
		switch {
		case isIndex(name) && (i > 1 || path[0] == "networks" || path[0] == "families"):
			names[i] = "#"
		case i == 1, i > 2 && slices.Contains([]string{"ingress", "egress", "waive"}, path[i-1]):
			names[i] = "*"
		}
	}
	return strings.Join(names, ".")
}
