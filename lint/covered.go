package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// coveredRules is SGC005: a rule of which everything is opened by other rules of
// its tier, and a peer of a rule that has no effect beside others. Of two equal
// ones the later is found. What stays open for ever is never covered by what
// expires; what expires is covered by what stays, and by what ends on the same day.
func coveredRules(v *view) []found {
	var list []found
	for rules := range byTier(v.rules) {
		if meet(v.written[rules[0].tier.Name]) {
			list = append(list, v.coveredIn(rules)...)
		}
	}
	return list
}

// meet is false where concrete rules have no place in common on any side, so that none
// covers another. It is certain of that only where their places are in order.
func meet(entries []rule.Entry) bool {
	end := map[side]uint32{} // of the places so far
	for i := range entries {
		at, s := side{entries[i].Direction, entries[i].Family}, entries[i].Span()
		if s.First < end[at] {
			return true
		}
		end[at] = s.Last + 1
	}
	return false
}

// coveredIn judges the rules of one tier.
func (v *view) coveredIn(rules []liveRule) []found {
	c := newCovers(rules)
	var list []found
	for i, r := range rules {
		if by, ok := c.rulesAround(i); ok {
			f := v.fire("SGC005", r, r.Pos, fmt.Sprintf(
				"has no effect: all that it opens is already open through %s; remove it, or narrow the other", places(by)))
			for _, b := range by {
				f.Related = append(f.Related, Related{b.Pos, "covered by " + b.Path})
			}
			list = append(list, f)
			continue
		}
		for _, peer := range c.peers[i] {
			by, ok := c.peersAround(peer)
			if !ok {
				continue
			}
			message := fmt.Sprintf("%q has no effect: all that it opens is already open to %s; remove it, or narrow the other", peer.text, quotedPlaces(by))
			if len(by) == 1 && by[0].Peer == peer.text && by[0].Path == r.Path {
				message = fmt.Sprintf("%q is there twice: remove one", peer.text)
			}
			f := v.fire("SGC005", r, peer.pos, message)
			for _, b := range by {
				f.Related = append(f.Related, Related{b.PeerPos, fmt.Sprintf("covered by %q in %s", b.Peer, b.Path)})
			}
			list = append(list, f)
		}
	}
	return list
}

// coverable is one concrete rule with whose it is.
type coverable struct {
	*rule.Entry
	span   rule.Span
	rule   int // index among the tier's rules
	peer   int // a number of its own for each peer of each rule
	bucket int
}

// where is what a rule and those that can cover it by their ports have in common.
type where struct {
	direction rule.Direction
	family    rule.Family
	protocol  rule.Protocol
	remote    rule.Remote
	expires   string
}

// covers finds, for each concrete rule of a tier, another that allows all of it:
// one whose remote and protocol are the same or wider, and whose ports go from no
// later to no earlier.
type covers struct {
	all      []coverable
	peers    [][]peerRange         // by rule
	buckets  map[where]int         // numbers
	starts   []int                 // of each bucket in order; the end of the last
	order    []int                 // of all, by bucket, first port, then the widest, then by line
	places   []int                 // of each of all in order
	furthest []int                 // for each in order, the first of its bucket up to it that goes to the last port
	lengths  map[rule.Family][]int // of the prefixes that occur, the longest first
}

// peerRange is a peer of a rule: all[from:to].
type peerRange struct {
	text     string
	pos      rule.Pos
	from, to int
}

func newCovers(rules []liveRule) *covers {
	c := &covers{
		peers:   make([][]peerRange, len(rules)),
		buckets: map[where]int{},
		lengths: map[rule.Family][]int{},
	}
	peers := 0
	for i := range rules {
		entries := slices.Clone(rules[i].entries)
		slices.SortStableFunc(entries, func(a, b rule.Entry) int { return comparePeers(&a, &b) })
		for j := range entries {
			e := &entries[j]
			if j == 0 || comparePeers(e, &entries[j-1]) != 0 {
				peers++
				c.peers[i] = append(c.peers[i], peerRange{e.Origins[0].Peer, e.Origins[0].PeerPos, len(c.all), len(c.all)})
			}
			c.all = append(c.all, coverable{e, e.Span(), i, peers, c.bucket(e)})
			c.peers[i][len(c.peers[i])-1].to++
		}
	}
	c.fill()
	return c
}

func comparePeers(a, b *rule.Entry) int {
	return cmp.Or(
		rule.ComparePos(a.Origins[0].PeerPos, b.Origins[0].PeerPos),
		strings.Compare(a.Origins[0].Peer, b.Origins[0].Peer),
	)
}

// bucket is the number of the bucket in which an entry is.
func (c *covers) bucket(e *rule.Entry) int {
	at := placeOf(e)
	n, ok := c.buckets[at]
	if ok {
		return n
	}
	n = len(c.buckets)
	c.buckets[at] = n
	if bits := e.Remote.Prefix().Bits(); e.Remote.Kind() == rule.RemotePrefix && !slices.Contains(c.lengths[e.Family], bits) {
		c.lengths[e.Family] = append(c.lengths[e.Family], bits)
	}
	return n
}

func placeOf(e *rule.Entry) where {
	return where{e.Direction, e.Family, e.Protocol, e.Remote, e.Origins[0].Expires}
}

func (c *covers) fill() {
	c.order, c.places, c.furthest = make([]int, len(c.all)), make([]int, len(c.all)), make([]int, len(c.all))
	for i := range c.order {
		c.order[i] = i
	}
	slices.SortFunc(c.order, func(i, j int) int {
		a, b := &c.all[i], &c.all[j]
		if n := cmp.Or(cmp.Compare(a.bucket, b.bucket), cmp.Compare(a.span.First, b.span.First), cmp.Compare(b.span.Last, a.span.Last)); n != 0 {
			return n
		}
		return cmp.Or(
			rule.ComparePos(a.Origins[0].Pos, b.Origins[0].Pos),
			strings.Compare(a.Origins[0].Path, b.Origins[0].Path),
			comparePeers(a.Entry, b.Entry),
			cmp.Compare(i, j),
		)
	})
	for n, i := range c.order {
		c.places[i], c.furthest[n] = n, i
		if x := &c.all[i]; x.bucket == len(c.starts) {
			c.starts = append(c.starts, n)
		} else if last := c.furthest[n-1]; c.all[last].span.Last >= x.span.Last {
			c.furthest[n] = last
		}
	}
	c.starts = append(c.starts, len(c.order))
	for _, bits := range c.lengths {
		slices.SortFunc(bits, func(a, b int) int { return cmp.Compare(b, a) })
	}
}

// rulesAround is the origins in other rules that cover all of a rule.
func (c *covers) rulesAround(i int) ([]rule.Origin, bool) {
	peers := c.peers[i]
	by, ok := c.around(peers[0].from, peers[len(peers)-1].to, func(x *coverable) int { return x.rule })
	return slices.CompactFunc(by, func(a, b rule.Origin) bool { return a.Pos == b.Pos && a.Path == b.Path }), ok
}

// peersAround is the origins in other peers, of this rule or of others, that
// cover all of a peer.
func (c *covers) peersAround(p peerRange) ([]rule.Origin, bool) {
	return c.around(p.from, p.to, func(x *coverable) int { return x.peer })
}

func (c *covers) around(from, to int, owner func(*coverable) int) ([]rule.Origin, bool) {
	var by []rule.Origin
	for i := from; i < to; i++ {
		x, ok := c.one(i, owner)
		if !ok {
			return nil, false
		}
		by = append(by, x.Origins[0])
	}
	slices.SortFunc(by, compareOrigins)
	return slices.CompactFunc(by, func(a, b rule.Origin) bool { return compareOrigins(a, b) == 0 }), true
}

func compareOrigins(a, b rule.Origin) int {
	return cmp.Or(
		rule.ComparePos(a.Pos, b.Pos),
		strings.Compare(a.Path, b.Path),
		rule.ComparePos(a.PeerPos, b.PeerPos),
		strings.Compare(a.Peer, b.Peer),
	)
}

// one is what covers a single concrete rule, the nearest remote first. Only what
// goes to the last port is looked at, although it may be the owner's own, with
// another's behind it: whatever covers the owner's own covers x as well and goes
// as far, and if nothing does, not all of the owner is covered anyway.
func (c *covers) one(i int, owner func(*coverable) int) (*coverable, bool) {
	x := &c.all[i]
	at := placeOf(x.Entry)
	expires := at.expires
	for _, at.remote = range c.wider(x) {
		for _, at.protocol = range distinct(x.Protocol, rule.AnyProtocol) {
			for _, at.expires = range distinct("", expires) {
				bucket, ok := c.buckets[at]
				if !ok {
					continue
				}
				before := c.places[i]
				if bucket != x.bucket {
					// An equal rule that never expires is no later one, wherever it stands.
					n, _ := slices.BinarySearchFunc(c.order[c.starts[bucket]:c.starts[bucket+1]], x.span.First+1, func(j int, first uint32) int { return cmp.Compare(c.all[j].span.First, first) })
					before = c.starts[bucket] + n
				}
				if before == c.starts[bucket] {
					continue
				}
				if y := &c.all[c.furthest[before-1]]; y.span.Last >= x.span.Last && owner(y) != owner(x) {
					return y, true
				}
			}
		}
	}
	return nil, false
}

// distinct is two things, or one where they are the same.
func distinct[T comparable](a, b T) []T {
	if a == b {
		return []T{a}
	}
	return []T{a, b}
}

// wider is the remotes that contain x's: itself, the prefixes around it, anyone.
// What addresses a tier or a group has is not known, so anyone alone contains it.
func (c *covers) wider(x *coverable) []rule.Remote {
	list := []rule.Remote{x.Remote}
	if x.Remote.Kind() == rule.RemotePrefix {
		own := x.Remote.Prefix()
		for _, bits := range c.lengths[x.Family] {
			if bits < own.Bits() {
				p, _ := own.Addr().Prefix(bits)
				list = append(list, rule.Prefix(p))
			}
		}
	}
	if x.Remote.Kind() != rule.RemoteAnyone {
		list = append(list, rule.Anyone())
	}
	return list
}

// places names rules with their lines.
func places(by []rule.Origin) string {
	list := make([]string, len(by))
	for i, o := range by {
		list[i] = fmt.Sprintf("%s (%s)", o.Path, o.Pos)
	}
	return some(list)
}

// quotedPlaces names peers with their lines.
func quotedPlaces(by []rule.Origin) string {
	list := make([]string, len(by))
	for i, o := range by {
		list[i] = fmt.Sprintf("%q (%s)", o.Peer, o.PeerPos)
	}
	return some(list)
}
