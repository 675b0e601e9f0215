// Package rule is the vocabulary of sgc: canonical, comparable security group
// rules, the groups they make up, and where each came from. It is pure: no
// files, no network, no clock.
//
// Everything is normalised where it enters (a masked prefix, 1-65535 = all
// ports, /0 = anyone, tcp = 6), so that two rules which Neutron would call
// duplicates, and two which mean the same, are ==. No zero value opens
// anything: the zero Direction, Family, Protocol, Ports and Remote are invalid,
// and [Rule.Check] refuses them.
package rule

import (
	"cmp"
	"fmt"
)

// Direction is the side of a server that a rule guards.
type Direction uint8

const (
	Ingress Direction = iota + 1
	Egress
)

func (d Direction) String() string {
	switch d {
	case Ingress:
		return "ingress"
	case Egress:
		return "egress"
	}
	return fmt.Sprintf("Direction(%d)", uint8(d))
}

// Family is the IP version of a rule, Neutron's ethertype. A rule has exactly one.
type Family uint8

const (
	IPv4 Family = 4
	IPv6 Family = 6
)

// String is Neutron's spelling of the ethertype.
func (f Family) String() string {
	switch f {
	case IPv4:
		return "IPv4"
	case IPv6:
		return "IPv6"
	}
	return fmt.Sprintf("Family(%d)", uint8(f))
}

// Bits is the length of an address of the family.
func (f Family) Bits() int {
	if f == IPv4 {
		return 32
	}
	return 128
}

// A Rule allows packets; there are no rules that deny. Rules are compared with ==.
type Rule struct {
	Direction Direction
	Family    Family
	Protocol  Protocol
	Ports     Ports
	Remote    Remote
}

// Compare orders rules as people read them: by direction, protocol, ports,
// kind of remote, family, remote. It is 0 for equal rules alone.
func Compare(a, b Rule) int {
	return cmp.Or(
		cmp.Compare(a.Direction, b.Direction),
		cmp.Compare(a.Protocol, b.Protocol),
		a.Ports.compare(b.Ports),
		cmp.Compare(a.Remote.kind, b.Remote.kind),
		cmp.Compare(a.Family, b.Family),
		a.Remote.compare(b.Remote),
	)
}

// Check says what is wrong with a rule that was not built from this package's
// constructors alone, or that puts parts together which do not fit: a prefix of
// the other family, ports on a protocol without ports.
func (r Rule) Check() error {
	if r.Direction != Ingress && r.Direction != Egress {
		return fmt.Errorf("no direction")
	}
	if r.Family != IPv4 && r.Family != IPv6 {
		return fmt.Errorf("no family")
	}
	if err := r.Protocol.check(r.Family); err != nil {
		return err
	}
	if err := r.Ports.check(r.Protocol); err != nil {
		return err
	}
	return r.Remote.check(r.Family)
}

// String is the rule in words, for messages: "ingress IPv4 tcp/80 from anyone".
func (r Rule) String() string {
	preposition := "from"
	if r.Direction == Egress {
		preposition = "to"
	}
	return fmt.Sprintf("%s %s %s %s %s", r.Direction, r.Family, r.Service(), preposition, r.Remote)
}

// Service is the protocol with its ports, as sgc writes it everywhere: "tcp/80",
// "udp/8000-8100", "icmp/3:4" (type 3, code 4), "esp", "any".
func (r Rule) Service() string {
	switch r.Ports.kind {
	case noPorts, allPorts:
		return r.Protocol.String()
	}
	return r.Protocol.String() + "/" + r.Ports.String()
}
