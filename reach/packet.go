package reach

import (
	"fmt"
	"net/netip"

	"sgc.dev/sgc/rule"
)

// Packet is one packet: an example of what passes, or of what does not.
type Packet struct {
	Match    rule.Match // one port, one ICMP type with its code, or a protocol without either
	From, To Spot
}

// Spot is one end of a Packet.
type Spot struct {
	End          rule.End
	Addr         netip.Addr // invalid where any address of the end will do
	AddressGroup string     // the address group in which the address has to be, or ""
}

// spot is the member at an address, or at one of its own where addr is invalid.
func (m *member) spot(f rule.Family, addr netip.Addr) Spot {
	if !addr.IsValid() && (!m.unknown[f] || m.partly(f)) {
		addr = sample(m.addresses[f])
	}
	return Spot{End: m.end, Addr: addr}
}

// String is "app", "203.0.113.1 (public)" or "app at 10.0.0.1".
func (s Spot) String() string {
	name := s.End.Name
	switch {
	case s.AddressGroup != "":
		return fmt.Sprintf("%s at an address of %s", name, s.AddressGroup)
	case !s.Addr.IsValid() || s.Addr.String() == name:
		return name
	}
	switch s.End.Kind {
	case rule.EndPublic, rule.EndPrefix, rule.EndAddresses:
		return fmt.Sprintf("%s (%s)", s.Addr, name)
	}
	return fmt.Sprintf("%s at %s", name, s.Addr)
}

// String is "tcp/5432 from 203.0.113.1 (public) to db (IPv4)".
func (p Packet) String() string {
	return fmt.Sprintf("%s (%s)", p.flow(), p.Match.Family)
}

// flow is the packet without its family.
func (p Packet) flow() string {
	return fmt.Sprintf("%s from %s to %s", serviceOf(p.Match), p.From, p.To)
}

// serviceOf is the service of a packet. No rule can name protocol 0, so it
// stands for whatever no rule names.
func serviceOf(m rule.Match) string {
	if m.Protocol == 0 {
		return "protocol 0"
	}
	return m.String()
}

// example is one packet of a pass.
func (c *crossing) example(p pass) Packet {
	f := c.asked.Family
	m := p.match
	if m.Protocol == rule.AnyProtocol {
		m = anyTCP
	}
	return Packet{rule.At(f, m.Span().First), c.from.spotUnder(f, p.in), c.to.spotUnder(f, p.out)}
}

// spotUnder is the member where a rule at the other end is about it.
func (m *member) spotUnder(f rule.Family, h *hold) Spot {
	if h.in.IsValid() {
		return Spot{End: m.end, Addr: sample(common(m.addresses[f], h.in))}
	}
	s := m.spot(f, netip.Addr{})
	s.AddressGroup = h.group
	return s
}
