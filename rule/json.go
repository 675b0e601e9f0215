package rule

import (
	"encoding/json"
	"fmt"
	"net/netip"
)

// shape is a rule as plans and snapshots keep it. Only what applies is there.
type shape struct {
	Direction string      `json:"direction"`
	Ethertype string      `json:"ethertype"`
	Protocol  string      `json:"protocol"`
	Ports     *portsShape `json:"ports,omitempty"` // without it, all of them
	ICMP      *icmpShape  `json:"icmp,omitempty"`  // without it, all types
	Remote    remoteShape `json:"remote"`
}

type portsShape struct {
	From uint16 `json:"from"`
	To   uint16 `json:"to"`
}

type icmpShape struct {
	Type uint8  `json:"type"`
	Code *uint8 `json:"code,omitempty"` // without it, every code
}

type remoteShape struct {
	Kind   string `json:"kind"` // "anyone", "prefix", "tier", "group" or "addressGroup"
	Prefix string `json:"prefix,omitempty"`
	Name   string `json:"name,omitempty"`
}

// MarshalJSON writes the rule as an object of words; the zero Rule is null.
func (r Rule) MarshalJSON() ([]byte, error) {
	if r == (Rule{}) {
		return []byte("null"), nil
	}
	if err := r.Check(); err != nil {
		return nil, err
	}
	s := shape{
		Direction: r.Direction.String(),
		Ethertype: r.Family.String(),
		Protocol:  r.Protocol.String(),
		Remote:    remoteShape{Name: r.Remote.name},
	}
	if lo, hi, ok := r.Ports.Range(); ok {
		s.Ports = &portsShape{lo, hi}
	}
	if t, ok := r.Ports.Type(); ok {
		s.ICMP = &icmpShape{Type: t}
		if code, ok := r.Ports.Code(); ok {
			s.ICMP.Code = &code
		}
	}
	switch r.Remote.kind {
	case RemoteAnyone:
		s.Remote.Kind = "anyone"
	case RemotePrefix:
		s.Remote.Kind, s.Remote.Prefix = "prefix", r.Remote.prefix.String()
	case RemoteTier:
		s.Remote.Kind = "tier"
	case RemoteGroup:
		s.Remote.Kind = "group"
	case RemoteAddressGroup:
		s.Remote.Kind = "addressGroup"
	}
	return json.Marshal(s)
}

// UnmarshalJSON reads what MarshalJSON writes, and refuses what is no canonical rule.
func (r *Rule) UnmarshalJSON(data []byte) error {
	*r = Rule{}
	if string(data) == "null" {
		return nil
	}
	var s shape
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	read := Rule{Direction: Ingress, Family: IPv4, Protocol: AnyProtocol}
	if s.Direction != Ingress.String() {
		read.Direction = Egress
	}
	if s.Ethertype != IPv4.String() {
		read.Family = IPv6
	}
	if s.Protocol != AnyProtocol.String() {
		protocol, err := ParseProtocol(s.Protocol)
		if err != nil {
			return err
		}
		read.Protocol = protocol
	}
	read.Ports = read.Protocol.WholeProtocol()
	switch {
	case s.Ports != nil:
		read.Ports = PortRange(s.Ports.From, s.Ports.To)
	case s.ICMP != nil && s.ICMP.Code != nil:
		read.Ports = ICMPTypeCode(s.ICMP.Type, *s.ICMP.Code)
	case s.ICMP != nil:
		read.Ports = ICMPType(s.ICMP.Type)
	}
	switch s.Remote.Kind {
	case "anyone":
		read.Remote = Anyone()
	case "prefix":
		prefix, err := netip.ParsePrefix(s.Remote.Prefix)
		if err != nil {
			return err
		}
		read.Remote = Prefix(prefix)
	case "tier":
		read.Remote = Tier(s.Remote.Name)
	case "group":
		read.Remote = ForeignGroup(s.Remote.Name)
	case "addressGroup":
		read.Remote = AddressGroup(s.Remote.Name)
	}
	if err := read.Check(); err != nil {
		return err
	}
	// What reading left out or took for something else shows in writing it again.
	if read.Direction.String() != s.Direction || read.Family.String() != s.Ethertype {
		return fmt.Errorf("not a rule: direction %q, ethertype %q", s.Direction, s.Ethertype)
	}
	if s.Ports != nil && s.ICMP != nil {
		return fmt.Errorf("not a rule: both ports and an ICMP type")
	}
	*r = read
	return nil
}

// entryShape is an entry as plans keep it.
type entryShape struct {
	Rule        Rule     `json:"rule"`
	Description string   `json:"description"` // as in the cloud; follows from the origins
	Origins     []Origin `json:"origins"`
}

// MarshalJSON writes the rule and what it comes from.
func (e Entry) MarshalJSON() ([]byte, error) {
	return json.Marshal(entryShape{e.Rule, e.Description(), e.Origins})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (e *Entry) UnmarshalJSON(data []byte) error {
	var s entryShape
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	*e = Entry{s.Rule, s.Origins}
	if e.Description() != s.Description {
		return fmt.Errorf("the description is %q, where the rule's origins make it %q", s.Description, e.Description())
	}
	return e.Check()
}
