package rule

// All packets of a family stand in a row, the line: port p of a protocol at place
// protocol<<17 | p, an ICMP type with a code at protocol<<17 | type<<8 | code, and a
// protocol without either has the 1<<16 places that ports would take. Bit 16 is a
// gap that no protocol reaches, and no rule can name protocol 0: so spans of
// neighbouring protocols never touch, and no union of protocols is ever equal to
// [AnyProtocol], which is the whole line.
const (
	protocolShift = 17
	gap           = 1 << 16
	portMask      = gap - 1
	codeMask      = 1<<8 - 1
)

// WholeLine is every packet of a family.
var WholeLine = Span{0, 1<<(protocolShift+8) - 1}

// Span is the places of the line from First to Last, both included.
type Span struct{ First, Last uint32 }

// Span is the places of the match, which has a family's protocol with ports that fit
// it. Nobody can name port 0, yet "all ports" has it, so port 1 takes its place too.
func (m Match) Span() Span {
	if m.Protocol == AnyProtocol {
		return WholeLine
	}
	base := uint32(m.Protocol) << protocolShift
	lo, hi := uint32(m.Ports.lo), uint32(m.Ports.hi)
	switch m.Ports.kind {
	case portRange:
		if lo == 1 {
			lo = 0
		}
		return Span{base | lo, base | hi}
	case icmpType:
		return Span{base | lo<<8, base | lo<<8 | codeMask}
	case icmpTypeCode:
		return Span{base | lo<<8 | hi, base | lo<<8 | hi}
	}
	return Span{base, base | portMask}
}

// Span is the places of the rule's packets, whoever is at the other end.
func (r Rule) Span() Span { return r.Match().Span() }

// Match is the inverse of [Match.Span] for spans that are one rule, see [Span.IsRule].
// One place of a protocol that has neither ports nor types is all of it.
func (s Span) Match(f Family) Match {
	p := s.Protocol()
	m := Match{f, p, p.WholeProtocol()}
	switch lo, hi := s.First&portMask, s.Last&portMask; {
	case lo == 0 && hi == portMask:
	case p.HasPorts():
		m.Ports = PortRange(uint16(max(lo, 1)), uint16(max(hi, 1)))
	case p.IsICMP() && lo == hi:
		m.Ports = ICMPTypeCode(uint8(lo>>8), uint8(lo))
	case p.IsICMP():
		m.Ports = ICMPType(uint8(lo >> 8))
	}
	return m
}

// At is the packets of one place: one port, one ICMP type with its code, or a protocol
// that has neither.
func At(f Family, x uint32) Match { return Span{x, x}.Match(f) }

// Protocol is that of all its places, or [AnyProtocol].
func (s Span) Protocol() Protocol {
	if p := s.First >> protocolShift; p == s.Last>>protocolShift {
		return Protocol(p)
	}
	return AnyProtocol
}

func (s Span) Contains(x uint32) bool { return s.First <= x && x <= s.Last }
func (s Span) Covers(t Span) bool     { return s.First <= t.First && t.Last <= s.Last }
func (s Span) Overlaps(t Span) bool   { return s.First <= t.Last && t.First <= s.Last }

// Meet is the places of both, which overlap. Where both are one rule, so is this.
func (s Span) Meet(t Span) Span { return Span{max(s.First, t.First), min(s.Last, t.Last)} }

// Gap says whether a place is between two protocols.
func Gap(x uint32) bool { return x&gap != 0 }

// IsRule says of places that rules make up, without a gap between them, whether
// one rule does. Ports always are; ICMP has single codes, whole types and the
// whole protocol, never ranges.
func (s Span) IsRule() bool {
	if !s.Protocol().IsICMP() || s.First == s.Last || s.Last-s.First == portMask {
		return true
	}
	return s.First&codeMask == 0 && s.Last-s.First == codeMask
}

// Block is the largest rule around x inside s, which is part of an ICMP's places, and
// not all of them.
func (s Span) Block(x uint32) Span {
	if t := (Span{x &^ codeMask, x | codeMask}); s.Covers(t) {
		return t
	}
	return Span{x, x}
}

// Blocks cuts a span into the fewest that are rules each; ok is false where
// there are none because the span ends in a gap, or has protocol 0.
func (s Span) Blocks() (blocks []Span, ok bool) {
	if s != WholeLine && (s.Protocol() == 0 || s.Protocol() == AnyProtocol || Gap(s.First|s.Last)) {
		return nil, false
	}
	if s.IsRule() {
		return []Span{s}, true
	}
	for x := s.First; x <= s.Last; x = blocks[len(blocks)-1].Last + 1 {
		blocks = append(blocks, s.Block(x))
	}
	return blocks, true
}
