package reach

import (
	"cmp"
	"slices"

	"sgc.dev/sgc/rule"
)

// Block is the side of a server that lets nothing of a question through, and
// which of its rules come nearest.
type Block struct {
	Direction rule.Direction
	Server    rule.End // whose rules; its other end stands in the question
	Rules     int      // how many it has in this direction
	Nearest   []Near   // at most three
}

// Near is a rule that comes near a question: it opens the service to others, or
// other services to the one who asks.
type Near struct {
	Origin  rule.Origin
	Service bool // it opens something of the service that was asked for
	Match   rule.Match
}

// most is how many rules a Block names.
const most = 3

// blocks says of crossings that let nothing pass which side blocks.
func (v *View) blocks(crossings []crossing) []Block {
	type side struct {
		direction rule.Direction
		server    rule.End
	}
	var list []Block
	seen := map[side]bool{}
	for i := range crossings {
		c := &crossings[i]
		for _, d := range []rule.Direction{rule.Egress, rule.Ingress} {
			own, other := c.from, c.to
			if d == rule.Ingress {
				own, other = c.to, c.from
			}
			if !own.guarded || seen[side{d, own.end}] {
				continue
			}
			// Where each side opens something of the question, and nothing in
			// common, both block.
			if holds := own.holds(d, other, c.asked); len(holds) > 0 && c.blockedElsewhere(d) {
				continue
			}
			seen[side{d, own.end}] = true
			list = append(list, own.block(d, other, c.asked))
		}
	}
	return list
}

// blockedElsewhere says whether the side other than d lets nothing through.
func (c *crossing) blockedElsewhere(d rule.Direction) bool {
	if d == rule.Egress {
		return c.to.guarded && len(c.to.holds(rule.Ingress, c.from, c.asked)) == 0
	}
	return c.from.guarded && len(c.out) == 0
}

func (m *member) block(d rule.Direction, other *member, q rule.Match) Block {
	b := Block{Direction: d, Server: m.end}
	asked := q.Span()
	var near []Near
	for _, g := range m.groups {
		for _, e := range g.entries(d) {
			b.Rules++
			_, about := other.under(e)
			fits := e.Span().Overlaps(asked)
			if e.Family == q.Family && (about || fits) {
				near = append(near, Near{e.Origins[0], fits, e.Match()})
			}
		}
	}
	slices.SortStableFunc(near, func(a, b Near) int {
		return cmp.Or(-compareBool(a.Service, b.Service), rule.ComparePos(a.Origin.Pos, b.Origin.Pos), rule.ComparePos(a.Origin.PeerPos, b.Origin.PeerPos))
	})
	near = slices.CompactFunc(near, func(a, b Near) bool { return a.Origin == b.Origin })
	b.Nearest = near[:min(most, len(near))]
	return b
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}
