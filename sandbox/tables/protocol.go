package tables

import (
	"slices"
	"strconv"
	"strings"

	"sgc.dev/sgc/sandbox/api"
)

// A protocolName is a name that Neutron knows a protocol's number by.
type protocolName struct {
	name   string
	number int
}

// protocolNames are IP_PROTOCOL_MAP of neutron-lib, in its order: of two names
// for one number the later is the one that the number means.
func protocolNames() []protocolName {
	return []protocolName{{"ah", 51}, {"dccp", 33}, {"egp", 8}, {"esp", 50}, {"gre", 47}, {"hopopt", 0}, {"icmp", 1}, {"igmp", 2},
		{"ip", 0}, {"ipip", 4}, {"ipv6-encap", 41}, {"ipv6-frag", 44}, {"ipv6-icmp", 58}, {"icmpv6", 58}, {"ipv6-nonxt", 59},
		{"ipv6-opts", 60}, {"ipv6-route", 43}, {"ospf", 89}, {"pgm", 113}, {"rsvp", 46}, {"sctp", 132}, {"tcp", 6}, {"udp", 17},
		{"udplite", 136}, {"vrrp", 112}}
}

// toProtocol takes a name, in any case, or a number; 2025.1 also takes "any",
// in lower case, for none. Some of what it lets pass the database does not take.
func toProtocol(v any) (any, error) {
	if v == nil || v == "any" {
		return nil, nil
	}
	if n, ok := api.Integer(v); ok {
		if n < 0 || n > 255 {
			return nil, unknownProtocol(v)
		}
		return api.Text(v), nil
	}
	s, ok := v.(string)
	if !ok {
		return nil, api.Crash()
	}
	lower := strings.ToLower(s)
	if lower != "any" && !named(lower) {
		return nil, unknownProtocol(v)
	}
	return lower, nil
}

func named(protocol string) bool {
	return slices.ContainsFunc(protocolNames(), func(p protocolName) bool { return p.name == protocol })
}

func unknownProtocol(v any) error {
	values := []any{nil, "any"}
	for _, p := range protocolNames() {
		values = append(values, p.name)
	}
	list := api.ListRepr(values)
	return api.Invalid("SecurityGroupRuleInvalidProtocol",
		"Security group rule protocol %s not supported. Only protocol values (%s) and integer representations [0 to 255] are supported.",
		api.Text(v), list[1:len(list)-1])
}

// protocolStorable reports whether the database takes the protocol: none, a
// name, or the plain digits of a number.
func protocolStorable(protocol string) bool {
	n, err := strconv.Atoi(protocol)
	return protocol == "" || named(protocol) || err == nil && strconv.Itoa(n) == protocol
}

func protocolNumber(protocol string) (int, bool) {
	for _, p := range protocolNames() {
		if p.name == protocol {
			return p.number, true
		}
	}
	return api.Integer(protocol)
}

// protocolKey is a name and its number, or the number alone: _get_ip_proto_name_and_num.
// So 0 is ip and not hopopt.
func protocolKey(protocol string) string {
	if protocol == "" {
		return ""
	}
	key := protocol + "/" + protocol
	for _, p := range protocolNames() {
		number := strconv.Itoa(p.number)
		if p.name == protocol {
			return p.name + "/" + number
		}
		if number == protocol && p.name != "icmpv6" {
			key = p.name + "/" + number
		}
	}
	return key
}

// onlyIPv6 reports whether the protocol, by this name or number, is one of IPv6 alone.
func onlyIPv6(protocol string) bool {
	return slices.Contains([]string{"ipv6-encap", "ipv6-frag", "ipv6-icmp", "icmpv6", "ipv6-nonxt", "ipv6-opts", "ipv6-route",
		"41", "44", "58", "59", "60", "43"}, protocol)
}
