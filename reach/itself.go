package reach

import "sgc.dev/sgc/rule"

// ByItself says whether packets pass whatever the rules say, between ends that
// are servers of the policy or are not: those by which neighbours on one link find each other (neutron/agent/firewall.py,
// ICMPV6_ALLOWED_INGRESS_TYPES and ICMPV6_ALLOWED_EGRESS_TYPES; the "nd" flows of
// northd's build_acls in OVN). A router's advertisement comes to servers, and
// their solicitation goes out, not the other way round.
func ByItself(q rule.Match, fromServer, toServer bool) bool {
	t, ok := q.Ports.Type()
	if q.Protocol != rule.ICMPv6 || !ok {
		return false
	}
	switch t {
	case 133: // router solicitation
		return fromServer && !toServer
	case 134: // router advertisement
		return !fromServer && toServer
	case 135, 136: // neighbour solicitation and advertisement
		return true
	}
	return false
}

// RoutersNote is the note of an answer about what routers and servers say to find each other.
const RoutersNote = "router solicitations and advertisements always pass with OVN; with Open vSwitch and iptables they need rules, and this answer is about those"

// remarks is what a question should know that rules do not decide.
func remarks(service rule.Service, pairs [][2]*member) []string {
	var notes []string
	for _, pair := range pairs {
		for _, q := range service.Matches {
			switch {
			case ByItself(q, pair[0].guarded, pair[1].guarded):
				notes = append(notes, "neighbour discovery always passes on its own link, whatever the rules say")
			case pair[0].guarded && isDHCP(q):
				notes = append(notes, "DHCP always passes with Open vSwitch and iptables; with OVN it needs rules, and this answer is about those")
			case (pair[0].guarded || pair[1].guarded) && isRouterDiscovery(q):
				notes = append(notes, RoutersNote)
			}
		}
	}
	return unique(notes)
}

// isDHCP says whether the match is a server's question for its address, alone.
func isDHCP(q rule.Match) bool {
	port := map[rule.Family]uint16{rule.IPv4: 67, rule.IPv6: 547}[q.Family]
	return q.Protocol == rule.UDP && q.Ports == rule.PortRange(port, port)
}

// isRouterDiscovery says whether the match is a router's advertisements or what
// asks for them, alone.
func isRouterDiscovery(q rule.Match) bool {
	t, ok := q.Ports.Type()
	return ok && q.Protocol == rule.ICMPv6 && (t == 133 || t == 134)
}

func unique(list []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}
