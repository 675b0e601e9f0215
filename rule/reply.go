package rule

// echo is the ICMP types of an echo's request and of its reply.
var echo = map[Protocol]struct{ request, reply uint8 }{ICMP: {8, 0}, ICMPv6: {128, 129}}

// Pings says whether echo requests are among the packets.
func (m Match) Pings() bool {
	e, ok := echo[m.Protocol]
	return ok && m.Span().Overlaps(Match{Protocol: m.Protocol, Ports: ICMPType(e.request)}.Span())
}

// Reply is what comes back to a match: the same protocol to some port; for ICMP the reply to
// an echo. asks is false for packets that nobody answers.
func (m Match) Reply() (reply Match, asks bool) {
	reply = Match{Family: m.Family, Protocol: m.Protocol, Ports: m.Protocol.WholeProtocol()}
	e, ok := echo[m.Protocol]
	if !ok {
		return reply, true
	}
	reply.Ports = ICMPType(e.reply)
	return reply, m.Pings()
}
