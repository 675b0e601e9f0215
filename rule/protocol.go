package rule

import (
	"fmt"
	"strconv"
)

// Protocol is an IP protocol number, 1 to 255, or [AnyProtocol]. Number 0 is no
// protocol here: backends disagree whether Neutron's 0 means any or hop-by-hop.
type Protocol uint16

const (
	ICMP    Protocol = 1
	TCP     Protocol = 6
	UDP     Protocol = 17
	DCCP    Protocol = 33
	ICMPv6  Protocol = 58
	SCTP    Protocol = 132
	UDPLite Protocol = 136

	// AnyProtocol is every protocol, also those without a name; Neutron's null.
	AnyProtocol Protocol = 256
)

// name is the name under which Neutron accepts the protocol since Zed
// (neutron_lib.constants.IP_PROTOCOL_MAP), or "".
func (p Protocol) name() string {
	switch p {
	case ICMP:
		return "icmp"
	case 2:
		return "igmp"
	case 4:
		return "ipip"
	case TCP:
		return "tcp"
	case 8:
		return "egp"
	case UDP:
		return "udp"
	case DCCP:
		return "dccp"
	case 41:
		return "ipv6-encap"
	case 43:
		return "ipv6-route"
	case 44:
		return "ipv6-frag"
	case 46:
		return "rsvp"
	case 47:
		return "gre"
	case 50:
		return "esp"
	case 51:
		return "ah"
	case ICMPv6:
		return "ipv6-icmp"
	case 59:
		return "ipv6-nonxt"
	case 60:
		return "ipv6-opts"
	case 89:
		return "ospf"
	case 112:
		return "vrrp"
	case 113:
		return "pgm"
	case SCTP:
		return "sctp"
	case UDPLite:
		return "udplite"
	case AnyProtocol:
		return "any"
	}
	return ""
}

// String is Neutron's name of the protocol, else its number; "any" for [AnyProtocol].
func (p Protocol) String() string {
	if name := p.name(); name != "" {
		return name
	}
	return strconv.Itoa(int(p))
}

// ParseProtocol reads a name or a number from 1 to 255. "any" is not among the
// names: it is a word of the policy, not a protocol.
func ParseProtocol(s string) (Protocol, error) {
	switch s {
	case "icmpv6":
		return ICMPv6, nil
	case "any", "":
		return 0, fmt.Errorf("unknown protocol %q", s)
	}
	if n, err := strconv.ParseUint(s, 10, 16); err == nil {
		if n == 0 || n > 255 {
			return 0, fmt.Errorf("a protocol number is 1 to 255, not %s", s)
		}
		return Protocol(n), nil
	}
	for p := Protocol(1); p < AnyProtocol; p++ {
		if p.name() == s {
			return p, nil
		}
	}
	return 0, fmt.Errorf("unknown protocol %q", s)
}

// HasPorts says whether rules of the protocol may name ports. DCCP and UDP-Lite
// have ports on the wire, but OVS and OVN ignore them and would open the whole
// protocol, so sgc takes them without.
func (p Protocol) HasPorts() bool { return p == TCP || p == UDP || p == SCTP }

// IsICMP says whether rules of the protocol may name a type and a code.
func (p Protocol) IsICMP() bool { return p == ICMP || p == ICMPv6 }

// In says whether Neutron takes the protocol in rules of a family. IPv6's own
// protocols are refused with IPv4, to which it counts 41, IPv6 in a tunnel that is
// mostly IPv4's; ICMP of IPv4 is turned into ICMPv6.
func (p Protocol) In(f Family) bool {
	switch p {
	case 41, 43, 44, ICMPv6, 59, 60:
		return f == IPv6
	case ICMP:
		return f == IPv4
	}
	return true
}

func (p Protocol) check(f Family) error {
	if p == 0 || p > AnyProtocol {
		return fmt.Errorf("no protocol")
	}
	if !p.In(f) {
		return fmt.Errorf("%s does not exist in %s", p, f)
	}
	return nil
}
