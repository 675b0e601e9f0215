package lint

import (
	"cmp"
	"slices"

	"sgc.dev/sgc/rule"
)

// span is what a rule allows inside its protocol, as the numbers from lo to hi:
// ports, or ICMP type × 256 + code. All of a protocol is 0 to 65535.
type span struct{ lo, hi int }

func spanOf(r rule.Rule) span {
	if lo, hi, ok := r.Ports.Range(); ok {
		return span{int(lo), int(hi)}
	}
	if t, ok := r.Ports.Type(); ok {
		if code, ok := r.Ports.Code(); ok {
			return span{int(t)<<8 | int(code), int(t)<<8 | int(code)}
		}
		return span{int(t) << 8, int(t)<<8 | 255}
	}
	return span{0, 65535}
}

func (s span) overlaps(t span) bool { return s.lo <= t.hi && t.lo <= s.hi }

// services is a set of protocols and ports, without regard to who is at the
// other end. Spans of a protocol are sorted and apart, once sealed.
type services map[rule.Protocol][]span

func (s services) add(r rule.Rule) { s[r.Protocol] = append(s[r.Protocol], spanOf(r)) }

func (s services) merge(t services) {
	for protocol, spans := range t {
		s[protocol] = append(s[protocol], spans...)
	}
}

// seal sorts and joins; overlaps may be asked afterwards.
func (s services) seal() {
	for protocol, spans := range s {
		slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.lo, b.lo) })
		joined := spans[:1]
		for _, next := range spans[1:] {
			if last := &joined[len(joined)-1]; next.lo <= last.hi {
				last.hi = max(last.hi, next.hi)
			} else {
				joined = append(joined, next)
			}
		}
		s[protocol] = joined
	}
}

// overlaps says whether anything of r's protocol and ports is in the set.
func (s services) overlaps(r rule.Rule) bool {
	if len(s) == 0 {
		return false
	}
	if r.Protocol == rule.AnyProtocol || len(s[rule.AnyProtocol]) > 0 {
		return true
	}
	spans, want := s[r.Protocol], spanOf(r)
	i, _ := slices.BinarySearchFunc(spans, want.lo, func(s span, lo int) int { return cmp.Compare(s.hi, lo) })
	return i < len(spans) && spans[i].overlaps(want)
}
