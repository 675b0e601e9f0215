package lint

import (
	"fmt"
	"slices"
	"strconv"

	"sgc.dev/sgc/rule"
)

// openToTheWorld is SGC001, SGC002 and SGC003. A rule that opens every protocol
// opens every port too, so it is told that alone.
func openToTheWorld(v *view) []found {
	admin, data := administration(), databases()
	var list []found
	for rules := range v.byTier {
		list = append(list, inPieces(v, rules)...)
	}
	for _, r := range v.rules {
		if r.Direction != rule.Ingress {
			continue
		}
		var peers, whole []string
		var named []rule.Rule
		for _, e := range r.entries {
			if !isWorld(e.Remote) {
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
				"opens %s to the world (from %s); list the services that strangers need", some(whole), some(peers))))
			continue
		}
		if hit := among(admin, named); len(hit) > 0 {
			list = append(list, v.fire("SGC001", r, r.Pos, fmt.Sprintf(
				"opens %s to the world (from %s); name the networks of the administrators", some(hit), some(peers))))
		}
		if hit := among(data, named); len(hit) > 0 {
			list = append(list, v.fire("SGC002", r, r.Pos, fmt.Sprintf(
				"opens %s to the world (from %s); name the tiers that use the database", some(hit), some(peers))))
		}
	}
	return list
}

// among is the listeners that the rules open, in the listeners' order.
func among(listeners []listener, rules []rule.Rule) []string {
	var hit []string
	for _, l := range listeners {
		if slices.ContainsFunc(rules, l.in) {
			hit = append(hit, l.String())
		}
	}
	return hit
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

// add appends an item that is not there yet.
func add(items *[]string, item string) {
	if !slices.Contains(*items, item) {
		*items = append(*items, item)
	}
}
