package reach

import "sgc.dev/sgc/rule"

// The services of a family in a row, as in package access: port p of a protocol
// stands at protocol<<17 | p, an ICMP type with a code at
// protocol<<17 | type<<8 | code, and a protocol without either fills the places
// that ports would take. Bit 16 is a gap, which any protocol alone has; so is
// protocol 0, which no rule can name.
const (
	protocolShift = 17
	gap           = 1 << 16
	lineEnd       = 1<<(protocolShift+8) - 1
)

// span is the places from lo to hi, both included.
type span struct{ lo, hi uint32 }

func (s span) contains(x uint32) bool { return s.lo <= x && x <= s.hi }
func (s span) covers(t span) bool     { return s.lo <= t.lo && t.hi <= s.hi }
func (s span) overlaps(t span) bool   { return s.lo <= t.hi && t.lo <= s.hi }

// spanOf is where a service stands. "All ports" has port 0, which no rule can
// name, so port 1 takes its place too.
func spanOf(p rule.Protocol, ports rule.Ports) span {
	if p == rule.AnyProtocol {
		return span{0, lineEnd}
	}
	base := uint32(p) << protocolShift
	if lo, hi, ok := ports.Range(); ok {
		if lo == 1 {
			lo = 0
		}
		return span{base | uint32(lo), base | uint32(hi)}
	}
	if t, ok := ports.Type(); ok {
		first := base | uint32(t)<<8
		if code, ok := ports.Code(); ok {
			return span{first | uint32(code), first | uint32(code)}
		}
		return span{first, first | 0xff}
	}
	return span{base, base | gap - 1}
}

// at is the packets of one place: one port, or one ICMP type with one code.
func at(f rule.Family, x uint32) rule.Match {
	m := rule.Match{Family: f, Protocol: rule.Protocol(x >> protocolShift), Ports: rule.NoPorts()}
	switch value := uint16(x); {
	case m.Protocol.HasPorts():
		m.Ports = rule.PortRange(max(value, 1), max(value, 1))
	case m.Protocol.IsICMP():
		m.Ports = rule.ICMPTypeCode(uint8(value>>8), uint8(value))
	}
	return m
}

// meet is the packets of both matches, which are of one family and overlap: of
// two services that do, what they have in common is one service.
func meet(a, b rule.Match) rule.Match {
	if a.Protocol == rule.AnyProtocol {
		return b
	}
	s, t := spanOf(a.Protocol, a.Ports), spanOf(b.Protocol, b.Ports)
	switch {
	case t.covers(s):
		return a
	case s.covers(t):
		return b
	}
	// Types and codes nest, so these are ports.
	a.Ports = rule.PortRange(uint16(max(s.lo, t.lo, uint32(a.Protocol)<<protocolShift|1)), uint16(min(s.hi, t.hi)))
	return a
}
