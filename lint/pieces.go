package lint

import (
	"cmp"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strconv"

	"sgc.dev/sgc/rule"
)

// inPieces is SGC003 and the lints of [kinds] for networks of which none is the world
// but which together come to as much: all that a tier's rules open of one port in
// one IP version counts. What one network opens to the world alone has been said.
func inPieces(v *view, rules []liveRule) []found {
	var list []found
	for _, family := range []rule.Family{rule.IPv4, rule.IPv6} {
		if p := newPieces(rules, family); p.share(p.all) >= worldShare(family) {
			list = append(list, p.judge(v)...)
		}
	}
	return list
}

// worldShare is how much of all addresses counts as the world, in pieces as in
// one: see [isWorld].
func worldShare(f rule.Family) float64 {
	if f == rule.IPv4 {
		return 1.0 / (1 << 7)
	}
	return 1.0 / (1 << 15)
}

// pieces is what the rules of one tier let in, in one IP version.
type pieces struct {
	rules  []liveRule
	family rule.Family
	world  []rule.Rule // from everyone
	all    []piece     // from networks that are not the world, sorted so that a network follows what it is inside of
}

// piece is one concrete rule from a network, with whose it is.
type piece struct {
	rule.Rule
	of   int // the number of the rule
	peer string
}

func newPieces(rules []liveRule, family rule.Family) pieces {
	p := pieces{rules: rules, family: family}
	for i, r := range rules {
		if r.Direction != rule.Ingress {
			continue
		}
		for _, e := range r.entries {
			switch {
			case e.Family != family:
			case r.toWorld(e):
				p.world = append(p.world, e.Rule)
			case e.Remote.Kind() == rule.RemotePrefix && !isSpecial(e.Remote.Prefix()):
				p.all = append(p.all, piece{e.Rule, i, e.Origins[0].Peer})
			}
		}
	}
	slices.SortStableFunc(p.all, func(a, b piece) int {
		x, y := a.Remote.Prefix(), b.Remote.Prefix()
		return cmp.Or(x.Addr().Compare(y.Addr()), cmp.Compare(x.Bits(), y.Bits()), cmp.Compare(a.of, b.of))
	})
	return p
}

// share is how much of all addresses the networks of sorted pieces make up.
func (p pieces) share(list []piece) float64 {
	sum := 0.0
	var last netip.Prefix
	for _, piece := range list {
		if prefix := piece.Remote.Prefix(); !last.IsValid() || !last.Contains(prefix.Addr()) {
			sum += math.Ldexp(1, -prefix.Bits())
			last = prefix
		}
	}
	return sum
}

// open is the pieces that together open something to the world, none inside
// another; nil where they do not, or where everyone may come anyway.
func (p pieces) open(opens func(rule.Rule) bool) []piece {
	if slices.ContainsFunc(p.world, opens) {
		return nil
	}
	var list []piece
	for _, piece := range p.all {
		if n := len(list); opens(piece.Rule) && (n == 0 || !list[n-1].Remote.Prefix().Contains(piece.Remote.Prefix().Addr())) {
			list = append(list, piece)
		}
	}
	if p.share(list) < worldShare(p.family) {
		return nil
	}
	return list
}

// judge finds what is open in pieces. As with single rules, who opens every
// protocol, or every port of one, is told that alone.
func (p pieces) judge(v *view) []found {
	var list []found
	if open := p.open(func(r rule.Rule) bool { return r.Protocol == rule.AnyProtocol }); open != nil {
		return []found{p.fire(v, "SGC003", "every protocol", "list the services that strangers need", open)}
	}
	told := map[rule.Protocol]bool{}
	for _, protocol := range []rule.Protocol{rule.TCP, rule.UDP, rule.SCTP} {
		whole := func(r rule.Rule) bool {
			return r.Protocol == rule.AnyProtocol || r.Protocol == protocol && r.Ports.Whole()
		}
		if open := p.open(whole); open != nil {
			told[protocol] = true
			list = append(list, p.fire(v, "SGC003", "every "+protocol.String()+" port", "list the services that strangers need", open))
		}
	}
	for _, k := range kinds {
		list = append(list, p.listeners(v, k, told)...)
	}
	return list
}

// heard is listeners of a kind that the same pieces open.
type heard struct {
	by    []piece
	sure  bool
	names []string
}

// listeners is a finding for all listeners that the same pieces open.
func (p pieces) listeners(v *view, k kind, told map[rule.Protocol]bool) []found {
	var all []heard
	for _, l := range listeners {
		if !l.is(k.trait) || told[l.protocol] {
			continue
		}
		for s := l.span(); s.First <= s.Last; s.First++ {
			h := heard{by: p.openAt(s.First)}
			if h.by == nil {
				continue
			}
			h.sure = slices.ContainsFunc(h.by, func(piece piece) bool { return l.meant(p.rules[piece.of], piece.Rule) })
			if !h.sure && l.private() {
				continue
			}
			same := rule.Span{First: s.First, Last: s.First} // the ports that the same pieces open
			for same.Last < s.Last && slices.EqualFunc(h.by, p.openAt(same.Last+1), samePiece) {
				same.Last++
			}
			i := slices.IndexFunc(all, func(other heard) bool {
				return other.sure == h.sure && slices.EqualFunc(other.by, h.by, samePiece)
			})
			if i < 0 {
				i, all = len(all), append(all, h)
			}
			l.addTo(&all[i].names, same)
			s.First = same.Last
		}
	}
	var list []found
	for _, h := range all {
		what, advice := k.say(h.names, h.sure)
		f := p.fire(v, k.code, what, advice, h.by)
		f.Level = level(k.code, h.sure)
		list = append(list, f)
	}
	return list
}

// openAt is the pieces that open a place of the line to the world.
func (p pieces) openAt(x uint32) []piece {
	return p.open(func(r rule.Rule) bool { return r.Span().Contains(x) })
}

func samePiece(a, b piece) bool { return a.of == b.of && a.Remote == b.Remote }

// fire makes one finding at the first of the rules that open something in pieces.
func (p pieces) fire(v *view, code, what, advice string, open []piece) found {
	seen := map[string]bool{}
	var peers []string
	var by []int
	for _, piece := range open {
		if !seen[piece.peer] {
			seen[piece.peer] = true
			peers = append(peers, strconv.Quote(piece.peer))
		}
		by = append(by, piece.of)
	}
	slices.SortFunc(by, func(a, b int) int { return rule.ComparePos(p.rules[a].Pos, p.rules[b].Pos) })
	by = slices.Compact(by)
	first, with := p.rules[by[0]], ""
	var others []rule.Origin
	for _, i := range by[1:] {
		others = append(others, rule.Origin{Path: p.rules[i].Path, Pos: p.rules[i].Pos})
	}
	if others != nil {
		with = "together with " + places(others) + " "
	}
	f := v.fire(code, first, first.Pos, fmt.Sprintf("%s%s %s to %s (from %s); %s",
		with, first.opens, what, p.size(open), some(peers), advice))
	for _, o := range others {
		f.Related = append(f.Related, Related{o.Pos, "opened in part by " + o.Path})
	}
	return f
}

// size is how much the networks of pieces come to, in words.
func (p pieces) size(open []piece) string {
	share := p.share(open)
	if share >= 0.01 {
		return fmt.Sprintf("%.3g%% of all %s addresses", 100*share, p.family)
	}
	return fmt.Sprintf("networks as large as an %s /%.0f together", p.family, math.Ceil(-math.Log2(share)))
}
