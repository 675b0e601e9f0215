package explain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"cuelang.org/go/cue"

	"sgc.dev/sgc/schema/value"
)

// A foreign word is a field that other tools have, or that says the thing at
// another place, with what is written here instead.
type foreign struct {
	in    string // the places of the structs in which it is typed
	names string // the field, as it is called elsewhere: an expression
	means string // the field that it stands for, "" where it stands for none
	say   string
}

// Places, and names of fields, that several foreign words share.
const (
	inRules     = "ingress.* egress.*"
	inOpening   = inRules + " services.*"
	inDescribed = inOpening + " tiers.* addresses.* servers.* groups.* addressGroups.*"
	peerWords   = `.*(?:cidr|prefix|network|address|peer|range).*|(?:.*_)?ips?|remote`
	groupWords  = `.*(?:group|tier).*`
)

var foreignWords = []foreign{
	{inOpening, `(?:s|src_|source_)ports?(?:_.*)?`, "tcp", "a security group does not look at source ports: leave %[1]q out if any will do"},
	{inOpening, `(?:.*_|d)?ports?(?:_.*)?`, "tcp", `ports stand under their protocol: write tcp or udp, as in tcp: [8080] or tcp: ["8000-8100"]`},
	{"ingress.*", "to", "from", `an ingress rule says who sends: write "from", or put the rule under egress`},
	{"egress.*", "from", "to", `an egress rule says who is reached: write "to", or put the rule under ingress`},
	{"ingress.*", groupWords, "from", `who may send goes in "from": write from: ["app"], with a tier or one of the groups`},
	{"egress.*", groupWords, "to", `who may be reached goes in "to": write to: ["app"], with a tier or one of the groups`},
	{"ingress.*", "(?:dest|dst).*", "from", `an ingress rule says who sends, and what is reached is its tier: write from: ["192.0.2.0/24"]`},
	{"egress.*", "(?:source|src).*", "to", `an egress rule says who is reached, and what sends is its tier: write to: ["192.0.2.0/24"]`},
	{"ingress.*", peerWords + "|sources?|src", "from", `who may send goes in "from": write from: ["192.0.2.0/24"]`},
	{"egress.*", peerWords + "|(?:dest|dst|target).*", "to", `who may be reached goes in "to": write to: ["192.0.2.0/24"]`},
	{inOpening, "protocol|proto|ip_protocol", "tcp", `a protocol has its ports beside it: write tcp: [8080] or udp: [53]; for whole protocols write protocols: ["esp"]`},
	{inOpening, "icmp", "tcp", "ICMP is written by IP version: icmp4, icmp6, or both"},
	{inOpening, "icmpv6|ipv6-icmp", "tcp", "write icmp6"},
	{inOpening, "icmpv4", "tcp", "write icmp4"},
	{inOpening, "dccp|udplite", "tcp", `%[1]s takes no ports: clouds ignore them and open the whole protocol; for that write protocols: [%[1]q]`},
	{inOpening, "esp|ah|gre|vrrp|ospf|igmp|ipip|pgm|rsvp|egp", "tcp", `%[1]s has no ports: write protocols: [%[1]q]`},
	{inRules, "services|includes", "service", `a rule opens one service: define one of several, as in services: web: includes: ["http", "https"], and name that`},
	{"services.*", "include|uses|use|service|services", "includes", `what other services open goes in "includes": write includes: ["http", "https"]`},
	{inRules, "exclude|excludes|excluding|excluded|exception|exceptions|not|but|unless|without", "except", `who is left out goes in "except": write except: ["198.51.100.7"]`},
	{inRules, "until|valid_until|expiry|expire|expiration", "", "unknown field %[1]q: write expires"},
	{"tiers.*", "stateless", "", "unknown field %[1]q: the field is stateful, and says the opposite"},
	{"addresses.*", "networks|network|addresses|items|members|cidr_blocks", "cidrs", "unknown field %[1]q: write cidrs"},
	{"^", "assertions|asserts|tests", "", "unknown field %[1]q: write assert"},
	{inRules, "direction|inbound|outbound", "", `a rule's direction is where it is, in ingress or egress: leave %[1]q out`},
	{inRules, "ethertype|ether_type|ip_version|family", "", `IP versions stand in families, and are both by default: write families: ["ipv4"] for one`},
	{inRules, "action|allow|deny|policy|priority|state|enabled|log|logging", "", "a rule allows, and what none allows is denied, in no order: leave %[1]q out"},
	{inDescribed, "comment|comments|desc|note|notes|remark", "", "unknown field %[1]q: write description"},
	{"tiers.*", "inbound|incoming|input", "ingress", "unknown field %[1]q: write ingress"},
	{"tiers.*", "outbound|outgoing|output", "egress", "unknown field %[1]q: write egress"},
	{"tiers.*", "rule|rules|security_group_rules", "ingress", `rules stand under ingress or egress, by service: write ingress: https: from: ["public"]`},
	{"tiers.*", "name", "", "a tier is called by its key, and its security group by another name if you write group"},
	{"^", "ingress|egress|inbound|outbound|rules", "", `rules belong to a tier: write tiers: web: ingress: https: from: ["public"]`},
	{"^", "security_groups|securityGroups", "", `security groups are tiers: write tiers: web: ingress: https: from: ["public"]`},
	{"assert.*", "from|to|except|service|families", "never", nameless},
}

// foreignNames are the expressions of the names of foreignWords.
var foreignNames = sync.OnceValue(func() (all []*regexp.Regexp) {
	for _, f := range foreignWords {
		all = append(all, regexp.MustCompile("(?i)^(?:"+f.names+")$"))
	}
	return all
})

// elsewhere finds the foreign word that a field of a struct is.
func elsewhere(path []string, name string) (foreign, bool) {
	for i, f := range foreignWords {
		if isAt(path, f.in) && foreignNames()[i].MatchString(name) {
			if strings.Contains(f.say, "%") {
				f.say = fmt.Sprintf(f.say, name)
			}
			return f, true
		}
	}
	return foreign{}, false
}

// misplaced explains an unknown field by what it holds: a rule or a policy that
// belongs elsewhere. own is the field's value.
func misplaced(path []string, own cue.Value) string {
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return value.Within(own, cue.MakePath(cue.Str(name))).Exists() })
	}
	parent, name := path[:len(path)-1], path[len(path)-1]
	inTier := isAt(parent, "tiers.* others")
	switch {
	case inTier && (has("from") || own.Kind() == cue.ListKind):
		return fmt.Sprintf("a rule belongs under ingress or egress: write ingress: %s: from: …", name)
	case inTier && has("to"):
		return fmt.Sprintf("a rule belongs under ingress or egress: write egress: %s: to: …", name)
	case len(parent) == 0 && has("tiers", "servers", "addresses"):
		return fmt.Sprintf("a policy is at the top of the file: write its fields there, without %s", name)
	}
	return ""
}

// nameless is what to write in place of an assertion that lacks its sentence or its demand.
const nameless = `an assertion has a sentence and a demand: write "the world does not reach db": never: {from: ["public"], to: ["db"]}`
