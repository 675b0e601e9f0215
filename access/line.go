package access

import (
	"slices"
	"sort"

	"sgc.dev/sgc/rule"
)

// The service line is every service of a family in a row: port p of a protocol
// stands at protocol<<17 | p, an ICMP type with a code at protocol<<17 | type<<8 | code,
// and a protocol without either fills the 1<<16 places that ports would take.
// Bit 16 is a gap that no protocol reaches, so spans of neighbouring protocols
// never touch, and no union of protocols is ever equal to AnyProtocol, which is
// the whole line.
const (
	protocolShift = 17
	portMask      = 1<<16 - 1
	typeMask      = 1<<8 - 1
	lineEnd       = 1<<(protocolShift+8) - 1
)

// span is the places from lo to hi, both included.
type span struct{ lo, hi uint32 }

func (s span) contains(t span) bool { return s.lo <= t.lo && t.hi <= s.hi }
func (s span) overlaps(t span) bool { return s.lo <= t.hi && t.lo <= s.hi }

// spanOf is a checked rule's place on the line. Rules cannot name port 0, yet
// "all ports" has it, so port 1 takes its place too.
func spanOf(r rule.Rule) span {
	if r.Protocol == rule.AnyProtocol {
		return span{0, lineEnd}
	}
	base := uint32(r.Protocol) << protocolShift
	if lo, hi, ok := r.Ports.Range(); ok {
		if lo == 1 {
			lo = 0
		}
		return span{base | uint32(lo), base | uint32(hi)}
	}
	if t, ok := r.Ports.Type(); ok {
		base |= uint32(t) << 8
		if code, ok := r.Ports.Code(); ok {
			return span{base | uint32(code), base | uint32(code)}
		}
		return span{base, base | typeMask}
	}
	return span{base, base | portMask}
}

// service is the inverse of spanOf, for spans that are one rule.
func (s span) service() (rule.Protocol, rule.Ports) {
	if s == (span{0, lineEnd}) {
		return rule.AnyProtocol, rule.NoPorts()
	}
	p, lo, hi := s.protocol(), s.lo&portMask, s.hi&portMask
	switch {
	case lo == 0 && hi == portMask:
		return p, p.WholeProtocol()
	case !p.IsICMP():
		return p, rule.PortRange(uint16(max(lo, 1)), uint16(hi))
	case lo == hi:
		return p, rule.ICMPTypeCode(uint8(lo>>8), uint8(lo))
	}
	return p, rule.ICMPType(uint8(lo >> 8))
}

// protocol is meaningless for the whole line.
func (s span) protocol() rule.Protocol { return rule.Protocol(s.lo >> protocolShift) }

// isRule says of places that rules make up, without a gap between them, whether
// one rule does. Ports always are; ICMP has single codes, whole types and the
// whole protocol, never ranges.
func (s span) isRule() bool {
	if s == (span{0, lineEnd}) || !s.protocol().IsICMP() || s.lo == s.hi || s.hi-s.lo == portMask {
		return true
	}
	return s.lo&typeMask == 0 && s.hi-s.lo == typeMask
}

// blocks cuts a span into the fewest that are rules each; ok is false where
// there are none because the span ends in a gap.
func (s span) blocks() (blocks []span, ok bool) {
	p := s.protocol()
	if s != (span{0, lineEnd}) && (p == 0 || p != (span{lo: s.hi}).protocol() || (s.lo|s.hi)&(portMask+1) != 0) {
		return nil, false
	}
	if s.isRule() {
		return []span{s}, true
	}
	for x := s.lo; x <= s.hi; {
		b := span{x, x}
		if t := (span{x, x | typeMask}); x&typeMask == 0 && s.contains(t) {
			b = t
		}
		blocks = append(blocks, b)
		x = b.hi + 1
	}
	return blocks, true
}

// line is a set of places: sorted spans, no two of which overlap or touch.
type line []span

// at is the span that has x.
func (l line) at(x uint32) (span, bool) {
	i := sort.Search(len(l), func(i int) bool { return l[i].hi >= x })
	if i < len(l) && l[i].lo <= x {
		return l[i], true
	}
	return span{}, false
}

// overlapping is the spans that have a place of s.
func (l line) overlapping(s span) line {
	from := sort.Search(len(l), func(i int) bool { return l[i].hi >= s.lo })
	to := sort.Search(len(l), func(i int) bool { return l[i].lo > s.hi })
	return l[from:max(from, to)]
}

// join appends a span that starts no earlier than the last one does.
func (l line) join(s span) line {
	if n := len(l); n > 0 && s.lo <= l[n-1].hi+1 {
		l[n-1].hi = max(l[n-1].hi, s.hi)
		return l
	}
	return append(l, s)
}

// union may return one of its operands.
func union(a, b line) line {
	if len(a) == 0 {
		return b
	}
	if len(b) == 0 {
		return a
	}
	out := make(line, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0].lo > b[0].lo {
			a, b = b, a
		}
		out = out.join(a[0])
		a = a[1:]
	}
	for _, s := range slices.Concat(a, b) {
		out = out.join(s)
	}
	return out
}

func intersect(a, b line) line {
	var out line
	for len(a) > 0 && len(b) > 0 {
		if a[0].overlaps(b[0]) {
			out = append(out, span{max(a[0].lo, b[0].lo), min(a[0].hi, b[0].hi)})
		}
		if a[0].hi < b[0].hi {
			a = a[1:]
		} else {
			b = b[1:]
		}
	}
	return out
}

// subtract is the places of a that b lacks.
func subtract(a, b line) line {
	var out line
	for _, s := range a {
		for len(b) > 0 && b[0].hi < s.lo {
			b = b[1:]
		}
		for _, t := range b {
			if t.lo > s.hi {
				break
			}
			if t.lo > s.lo {
				out = append(out, span{s.lo, t.lo - 1})
			}
			s.lo = t.hi + 1
		}
		if s.lo <= s.hi {
			out = append(out, s)
		}
	}
	return out
}
