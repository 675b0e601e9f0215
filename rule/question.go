package rule

import (
	"cmp"
	"fmt"
	"net/netip"
)

// EndKind tells the ends of a flow, and the peers of a rule, apart.
type EndKind uint8

const (
	EndPublic       EndKind = iota + 1 // everyone; of a flow, every address in no address set of the policy
	EndPrefix                          // a network or an address
	EndAddresses                       // an address set
	EndTier                            // the servers that carry a tier
	EndServer                          // a kind of server
	EndGroup                           // the servers of a security group that the policy does not own
	EndAddressGroup                    // the addresses of a Neutron address group
)

// String is what an end of the kind is, as in "a server".
func (k EndKind) String() string {
	return [...]string{"", "every other address", "network", "address set", "tier that no server carries", "server", "security group of others", "address group"}[k]
}

// End is who stands at one end of a flow, as a question or an assertion names it.
type End struct {
	Kind   EndKind
	Name   string       // as written: "public", "10.0.0.0/8", or the name in the policy
	Prefix netip.Prefix // of EndPrefix, masked
	Pos    Pos          // zero where no policy names it
}

// Titles are the names of ends, with what each is where two have the same.
func Titles(ends []End) []string {
	count := map[string]int{}
	for _, e := range ends {
		count[e.Name]++
	}
	titles := make([]string, len(ends))
	for i, e := range ends {
		titles[i] = e.Name
		if count[e.Name] > 1 {
			titles[i] += " (" + e.Kind.String() + ")"
		}
	}
	return titles
}

// Match is packets of one family: those of a protocol with some ports or types.
type Match struct {
	Family   Family
	Protocol Protocol
	Ports    Ports
}

// String is the service of the match, as [Rule.Service] writes it.
func (m Match) String() string { return Rule{Protocol: m.Protocol, Ports: m.Ports}.Service() }

// Match is the packets of a rule, whoever is at the other end.
func (r Rule) Match() Match { return Match{r.Family, r.Protocol, r.Ports} }

// CompareMatch orders by protocol, ports and family.
func CompareMatch(a, b Match) int {
	return cmp.Or(cmp.Compare(a.Protocol, b.Protocol), a.Ports.compare(b.Ports), cmp.Compare(a.Family, b.Family))
}

// Service is a name for packets.
type Service struct {
	Name    string
	Matches []Match
}

// AnyService is every packet of both families.
func AnyService() Service {
	return Service{"any", []Match{{IPv4, AnyProtocol, NoPorts()}, {IPv6, AnyProtocol, NoPorts()}}}
}

// AssertionKind tells assertions apart.
type AssertionKind uint8

const (
	Never  AssertionKind = iota + 1 // no packet of the flow may pass
	Always                          // every packet of the flow must pass
	Only                            // packets of the service reach To from From alone
)

func (k AssertionKind) String() string {
	switch k {
	case Never:
		return "never"
	case Always:
		return "always"
	case Only:
		return "only"
	}
	return fmt.Sprintf("AssertionKind(%d)", uint8(k))
}

// Assertion is something that a policy demands of itself.
type Assertion struct {
	Title    string
	Pos      Pos
	Kind     AssertionKind
	From, To []End
	Service  Service // in the IP versions that it is about
}
