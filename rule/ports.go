package rule

import (
	"cmp"
	"fmt"
)

type portsKind uint8

const (
	noPorts portsKind = iota + 1
	allPorts
	portRange
	icmpType
	icmpTypeCode
)

// Ports is what a rule says inside its protocol: nothing, where the protocol has
// neither ports nor types; all of them; a range of ports; an ICMP type with one
// code or with any. 0 is an ICMP type and a code like any other.
type Ports struct {
	kind   portsKind
	lo, hi uint16 // first and last port, or type and code
}

// NoPorts is for [AnyProtocol] and every protocol without ports or types.
func NoPorts() Ports { return Ports{kind: noPorts} }

// AllPorts is every port of tcp, udp and sctp, or every type of the ICMPs.
func AllPorts() Ports { return Ports{kind: allPorts} }

// PortRange is the ports from lo to hi, both included; 1 to 65535 is [AllPorts],
// as Neutron stores it. [Rule.Check] refuses port 0 and lo > hi.
func PortRange(lo, hi uint16) Ports {
	if lo == 1 && hi == 65535 {
		return AllPorts()
	}
	return Ports{portRange, lo, hi}
}

// ICMPType is an ICMP type with any code.
func ICMPType(t uint8) Ports { return Ports{icmpType, uint16(t), 0} }

// ICMPTypeCode is an ICMP type with one code.
func ICMPTypeCode(t, code uint8) Ports { return Ports{icmpTypeCode, uint16(t), uint16(code)} }

// WholeProtocol is the Ports of a rule that allows all of a protocol.
func (p Protocol) WholeProtocol() Ports {
	if p.HasPorts() || p.IsICMP() {
		return AllPorts()
	}
	return NoPorts()
}

// Whole says whether the ports are no restriction.
func (p Ports) Whole() bool { return p.kind == noPorts || p.kind == allPorts }

// Range is the first and last port; ok only where there is a range of its own,
// not for all ports.
func (p Ports) Range() (lo, hi uint16, ok bool) { return p.lo, p.hi, p.kind == portRange }

// Type is the ICMP type; ok only where one is named.
func (p Ports) Type() (t uint8, ok bool) {
	return uint8(p.lo), p.kind == icmpType || p.kind == icmpTypeCode
}

// Code is the ICMP code; ok only where one is named.
func (p Ports) Code() (code uint8, ok bool) { return uint8(p.hi), p.kind == icmpTypeCode }

// String is "22", "8000-8100", "3:4" (ICMP type and code), "8" (ICMP type), "all" or "".
func (p Ports) String() string {
	switch p.kind {
	case allPorts:
		return "all"
	case portRange:
		if p.lo == p.hi {
			return fmt.Sprint(p.lo)
		}
		return fmt.Sprintf("%d-%d", p.lo, p.hi)
	case icmpType:
		return fmt.Sprint(p.lo)
	case icmpTypeCode:
		return fmt.Sprintf("%d:%d", p.lo, p.hi)
	}
	return ""
}

func (p Ports) compare(q Ports) int {
	return cmp.Or(cmp.Compare(p.kind, q.kind), cmp.Compare(p.lo, q.lo), cmp.Compare(p.hi, q.hi))
}

func (p Ports) check(proto Protocol) error {
	switch p.kind {
	case noPorts:
		if proto.HasPorts() || proto.IsICMP() {
			return fmt.Errorf("%s needs ports or all of them", proto)
		}
	case allPorts:
		if !proto.HasPorts() && !proto.IsICMP() {
			return fmt.Errorf("%s has no ports", proto)
		}
	case portRange:
		if !proto.HasPorts() {
			return fmt.Errorf("%s has no ports", proto)
		}
		if p.lo == 0 || p.lo > p.hi {
			return fmt.Errorf("%d-%d is not a range of ports", p.lo, p.hi)
		}
		if p.lo == 1 && p.hi == 65535 {
			return fmt.Errorf("1-65535 is not canonical")
		}
	case icmpType, icmpTypeCode:
		if !proto.IsICMP() {
			return fmt.Errorf("%s has no types", proto)
		}
	default:
		return fmt.Errorf("no ports")
	}
	return nil
}
