package lint

import (
	"fmt"
	"net/netip"
	"strconv"

	"sgc.dev/sgc/rule"
)

// clearText is SGC021: a service of which everybody on the way can read the passwords. It is a note where the service may be upgraded to TLS, and
// where it is for some networks alone, which may after all be near. What the lints
// of [kinds] say of the world is not said again, and a wide range is there for
// something else.
func clearText(v *view) []found {
	var list []found
	for _, r := range v.may {
		if r.Direction != rule.Ingress {
			continue
		}
		var hit, instead, peers []string
		severe := false
		for _, e := range r.entries {
			for _, l := range near(e.Rule) {
				part, ok := l.part(e.Rule)
				if !ok || l.instead == "" || portsIn(e.Rule) > few || !v.isOutside(e.Remote) ||
					isWorld(e.Remote) && isKnown(e.Rule) {
					continue
				}
				l.addTo(&hit, part)
				add(&instead, l.instead)
				add(&peers, strconv.Quote(e.Origins[0].Peer))
				severe = severe || isWorld(e.Remote) && !l.is(upgrades)
			}
		}
		if hit == nil {
			continue
		}
		f := v.fire("SGC021", r, r.Pos, fmt.Sprintf(
			"lets in %s from outside (from %s), and everyone on the way can read it; use %s in its place",
			some(hit), some(peers), some(instead)))
		f.Level = level("SGC021", severe)
		list = append(list, f)
	}
	return list
}

// isOutside says whether packets from a remote come over networks of others, as
// far as a policy can tell: it is an address of the internet, and no server's.
func (v *view) isOutside(r rule.Remote) bool {
	if r.Kind() != rule.RemotePrefix {
		return r.Kind() == rule.RemoteAnyone
	}
	return !isSpecial(r.Prefix()) && !v.isServers(r.Prefix())
}

// isServers says whether a prefix lies in the addresses of a server of the policy.
func (v *view) isServers(p netip.Prefix) bool {
	for i := range v.Servers {
		for _, a := range v.Servers[i].Addresses {
			if a.Prefix.Bits() <= p.Bits() && a.Prefix.Contains(p.Addr()) {
				return true
			}
		}
	}
	return false
}
