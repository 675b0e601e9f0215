package schema

import (
	"net/netip"

	"sgc.dev/sgc/rule"
)

// A Policy is one CUE package, read, checked against the schema and with every
// reference resolved. All lists are sorted by name (rules by direction and key),
// whatever the order of files and fields; peers and ports keep the author's order.
type Policy struct {
	Name          string
	Pos           rule.Pos // of the name field
	Package       string   // in CUE; "" without a package clause
	Families      Families // of every rule, unless its tier or itself says otherwise
	Addresses     []AddressSet
	Services      []Service // the policy's own; catalog services stand in the rules that use them
	Tiers         []Tier
	Servers       []Server
	Networks      []Address  // of the servers without addresses of their own
	Groups        []External // security groups that the policy names but does not own
	AddressGroups []External
	Asserts       []Assertion
	Waive         []Waiver
	LeftOut       []LeftOut
	Indented      []Indented
	Differences   []Difference
	Conditionals  []Conditional
}

// AddressSet is a named list of networks.
type AddressSet struct {
	Name       string
	Pos        rule.Pos
	Items      []Address      // its own, as written
	Sets       []string       // that it is made of, also by way of others
	Prefixes   []netip.Prefix // of all of these, its own first
	MayBeEmpty bool           // else Prefixes has some
	Waive      []Waiver

	Referenced bool // by an expression of the policy's own, such as addresses.office
}

// Address is one network as written: a CIDR, or a bare address for itself.
type Address struct {
	Prefix netip.Prefix // masked
	Text   string
	Pos    rule.Pos
}

// Service is a named list of what to open.
type Service struct {
	Name     string
	Pos      rule.Pos // zero for a catalog service
	Includes []string // other services, also by way of others of the policy
	Matches  []Match  // its own first, then what those have that it lacks
	Waive    []Waiver

	Referenced bool // by an expression of the policy's own
}

// Match is one protocol with one range of ports or one ICMP type.
type Match struct {
	Protocol rule.Protocol
	Ports    rule.Ports
	Families Families // those in which the protocol exists
	Pos      rule.Pos
}

// Families is a set of IP versions. The zero value is none.
type Families struct{ IPv4, IPv6 bool }

// Has says whether f is in the set.
func (s Families) Has(f rule.Family) bool {
	return f == rule.IPv4 && s.IPv4 || f == rule.IPv6 && s.IPv6
}

// Tier is one security group.
type Tier struct {
	Name        string
	Pos         rule.Pos
	Group       string // the group's name in the cloud; the tier's name unless the policy says otherwise
	Description string
	Stateful    bool
	Tags        []string
	Families    Families // of its rules, unless they say otherwise
	Rules       []Rule
	Others      []Rule // what others may open beside them; their keys are reasons
	Waive       []Waiver
}

// All yields the tier's rules, then what others may open.
func (t *Tier) All(yield func(*Rule) bool) {
	for _, rules := range [][]Rule{t.Rules, t.Others} {
		for i := range rules {
			if !yield(&rules[i]) {
				return
			}
		}
	}
}

// Rule opens a service from or to peers.
type Rule struct {
	Key              string
	Path             string // "tiers.app.ingress.http"
	Pos              rule.Pos
	Direction        rule.Direction
	Service          Service  // resolved: the policy's, the catalog's, or the rule's own ports under its key
	OwnPorts         bool     // the rule has ports of its own; Service.Name is then its key
	Named            *Service // what its key is the name of, where it has ports of its own or says another service; nil for nothing
	Any              bool     // the service is "any": every protocol
	Peers            []Peer
	Except           []Peer   // address sets and prefixes, which its Peers are without
	Families         Families // the effective ones: of the rule, else the tier, else the policy, else both
	FamiliesExplicit bool     // the rule itself says which
	Description      string
	Owner            string
	Ticket           string
	Expires          string // last valid day, "2027-01-31", or ""
	ExpiresPos       rule.Pos
	Waive            []Waiver
}

// Peer is one item of from or to. In a rule a tier is whoever carries it, and "public" is every
// address; servers are in assertions alone.
type Peer struct {
	Kind     rule.EndKind
	Text     string         // as written
	Name     string         // of the tier, address set, group or address group; "self" is resolved to its tier
	Prefixes []netip.Prefix // of an address set and a literal one, masked, in order of writing, or in their own where Except has taken some; then of everyone too
	Except   string         // whom the rule has taken away from it, "" for nobody
	Pos      rule.Pos
}

// String is the peer as messages name it.
func (p Peer) String() string {
	if p.Except == "" {
		return p.Text
	}
	return p.Text + " except " + p.Except
}

// Server is a kind of server and the tiers it carries.
type Server struct {
	Name      string
	Pos       rule.Pos
	Tiers     []string
	Addresses []Address
	Waive     []Waiver
}

// External names a security group or an address group that the policy does not own.
type External struct {
	rule.External
	Waive []Waiver

	Referenced bool // by an expression of the policy's own
}

// Assertion is something that the policy demands of itself. Names are checked
// when it is read; whether it holds is judged elsewhere.
type Assertion struct {
	Title    string
	Pos      rule.Pos
	Kind     rule.AssertionKind
	From     []Peer // "every tier" is resolved to servers and tiers, all at its place
	To       []Peer
	Service  *Service // nil: every service
	Families Families // those that it is about
}

// Waiver is an author's "yes, on purpose" to one lint.
type Waiver struct {
	Code   string // "SGC012"
	Reason string
	Pos    rule.Pos
}
