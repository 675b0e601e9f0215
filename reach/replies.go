package reach

import (
	"slices"

	"go4.org/netipx"

	"sgc.dev/sgc/rule"
)

// Replies says whether what comes back passes, too.
type Replies struct {
	Verdict   Verdict    // 0 where nothing passes that is answered
	Stateless []rule.End // the servers whose groups do not let replies pass by themselves
}

// replies judges what comes back to what passes. Stateful groups let it through.
// At a stateless server the reply is a packet like any other, to the port from
// which the question came, which may be any.
func replies(crossings []crossing) Replies {
	var r Replies
	all, some := true, false
	for i := range crossings {
		c := &crossings[i]
		for _, m := range []*member{c.from, c.to} {
			if m.guarded && !m.stateful && !slices.Contains(r.Stateless, m.end) {
				r.Stateless = append(r.Stateless, m.end)
			}
		}
		if c.itself {
			some = true
			continue
		}
		for _, p := range c.passes {
			back, asks := p.match.Reply()
			if !asks {
				continue
			}
			whole, part := c.back(p, back)
			all, some = all && whole, some || part
		}
	}
	switch {
	case some && all:
		r.Verdict = Yes
	case some:
		r.Verdict = InPart
	case !all:
		r.Verdict = No
	}
	return r
}

// back says whether the reply to a pass comes through wholly, and whether any
// does: it is a packet the other way round, which only stateless servers judge.
func (c *crossing) back(p pass, reply rule.Match) (whole, part bool) {
	from, to := c.to.answering(reply.Family, p.out), c.from.answering(reply.Family, p.in)
	r := cross(from, to, reply)
	_, _, lacks := r.lack()
	return !lacks, !r.none()
}

// answering is the member as a reply meets it: with the addresses that the rule
// at the other end is about, and with its rules where they judge replies.
func (m *member) answering(f rule.Family, h *hold) *member {
	a := *m
	a.guarded = m.guarded && !m.stateful
	a.addresses = map[rule.Family]*netipx.IPSet{f: m.addresses[f]}
	if h.in.IsValid() {
		a.addresses[f] = common(m.addresses[f], h.in)
	}
	a.memberOf = h.group
	return &a
}
