package lint

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strconv"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// openToTheWorld is SGC003 and the lints of [kinds]. A rule that opens every protocol
// opens every port too, so it is told that alone.
func openToTheWorld(v *view) []found {
	var list []found
	for rules := range byTier(v.may) {
		list = append(list, inPieces(v, rules)...)
	}
	for _, r := range v.may {
		if r.Direction != rule.Ingress {
			continue
		}
		var peers, whole []string
		var named []rule.Rule
		for _, e := range r.entries {
			if !r.toWorld(e) {
				continue
			}
			add(&peers, strconv.Quote(e.Origins[0].Peer))
			switch {
			case e.Protocol == rule.AnyProtocol:
				add(&whole, "every protocol")
			case e.Protocol.HasPorts() && e.Ports.Whole():
				add(&whole, "every "+e.Protocol.String()+" port")
			case e.Protocol.HasPorts():
				named = append(named, e.Rule)
			}
		}
		if len(whole) > 0 {
			list = append(list, v.fire("SGC003", r, r.Pos, fmt.Sprintf(
				"%s %s to the world (from %s); list the services that strangers need", r.opens, some(whole), some(peers))))
			continue
		}
		hits := hitsOf(r, named)
		for _, k := range kinds {
			names, sure := k.among(hits)
			if names == nil {
				continue
			}
			what, advice := k.say(names, sure)
			f := v.fire(k.code, r, r.Pos, fmt.Sprintf("%s %s to the world (from %s); %s", r.opens, what, some(peers), advice))
			f.Level = level(k.code, sure)
			list = append(list, f)
		}
	}
	return list
}

// hit is ports that a rule opens to a listener.
type hit struct {
	listener
	open  rule.Span
	whole rule.Rule // that the rule opens
	meant bool      // most likely
}

// hitsOf is the listeners that concrete rules of r open, in the listeners' order, and
// those that r is called like where it opens few ports on which nothing else listens.
func hitsOf(r liveRule, opened []rule.Rule) []hit {
	var list []hit
	called := calledLike(r)
	for _, o := range opened {
		known := false
		for _, l := range near(o) {
			if part, ok := l.part(o); ok && l.is(warnedOf) {
				known = true
				list = append(list, hit{l, part, o, l.meant(r, o)})
			}
		}
		if known || portsIn(o) > few {
			continue
		}
		for _, l := range called {
			if l.protocol == o.Protocol {
				list = append(list, hit{l, o.Span(), o, true})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b hit) int { return cmp.Compare(a.lo, b.lo) })
	return list
}

// among is the names of what a kind has among hits: of those that are meant, or else of
// all where one is not unlikely.
func (k kind) among(hits []hit) (names []string, sure bool) {
	likely := false
	for _, h := range hits {
		if h.is(k.trait) {
			sure, likely = sure || h.meant, likely || h.meant || !h.unlikely(h.whole)
		}
	}
	for _, h := range hits {
		if h.is(k.trait) && likely && h.meant == sure {
			h.addTo(&names, h.open)
		}
	}
	return names, sure
}

// isWorld says whether a remote is everyone, or so much of everyone that it makes
// no difference: in IPv4 a prefix shorter than /8, in IPv6 one shorter than /16,
// since all that is routed there is 2000::/3. Private, link-local and multicast
// space is nobody's world.
func isWorld(r rule.Remote) bool {
	switch r.Kind() {
	case rule.RemoteAnyone:
		return true
	case rule.RemotePrefix:
		a, bits := r.Prefix().Addr(), r.Prefix().Bits()
		if a.Is4() {
			return bits < 8 && !a.IsMulticast()
		}
		return bits < 16 && !a.IsPrivate() && !a.IsLinkLocalUnicast() && !a.IsMulticast()
	}
	return false
}

// toWorld says whether one of the rule's entries is for the world, or for all of it
// but those that the rule excepts.
func (r liveRule) toWorld(e rule.Entry) bool {
	return isWorld(e.Remote) || r.worldly[e.Origins[0].Peer]
}

// worldlyPeers is the peers of a rule that were the world before it excepted anybody.
func (v *view) worldlyPeers(r *schema.Rule) map[string]bool {
	if r.Except == nil {
		return nil
	}
	worldly := map[string]bool{}
	for _, p := range r.Peers {
		if slices.ContainsFunc(v.whole(p), func(prefix netip.Prefix) bool { return isWorld(rule.Prefix(prefix)) }) {
			worldly[p.String()] = true
		}
	}
	return worldly
}

// add appends an item that is not there yet.
func add(items *[]string, item string) {
	if !slices.Contains(*items, item) {
		*items = append(*items, item)
	}
}
