package schema

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"go4.org/netipx"

	"sgc.dev/sgc/rule"
)

// everyone is all addresses there are.
var everyone = []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")}

// except takes away from the peers of a rule whom it excepts. What no longer says
// anything is a fault: somebody who takes nothing away, and a peer of whom nothing
// is left. Tiers and groups stay whole, for the cloud alone knows their addresses.
func (r *reader) except(u *Rule, n node, side, tier string, peers []node) {
	in := u.Families
	if s := u.Service.families(); !s.none() {
		in = in.and(s)
	}
	var from, away netipx.IPSetBuilder
	groups := true
	for _, p := range u.Peers {
		add(&from, p.networks(), in)
		groups = groups && p.networks() == nil
	}
	whole, _ := from.IPSet()
	// Where a set is empty, as it may be, another environment has somebody to take away.
	idle := in.none() || u.Peers == nil || slices.ContainsFunc(u.Peers, Peer.empty)
	for _, item := range r.items(n) {
		p, ok := r.excepted(item, tier)
		if !ok {
			continue
		}
		u.Except = append(u.Except, p)
		if !idle && !p.empty() && !overlaps(whole, p.Prefixes) {
			why := fmt.Sprintf("none of it is in %q", side)
			switch {
			case groups:
				why = fmt.Sprintf("%q has tiers and groups alone, whose addresses only the cloud knows", side)
			case in != bothFamilies:
				why += fmt.Sprintf(", for a rule in %s alone", in)
			}
			r.fault(item, fmt.Sprintf("%q excludes nothing: %s; remove it", p.Text, why))
		}
		add(&away, p.Prefixes, bothFamilies)
	}
	taken, _ := away.IPSet()
	for i := range u.Peers {
		p := &u.Peers[i]
		if !overlaps(taken, p.networks()) {
			continue
		}
		var left netipx.IPSetBuilder
		add(&left, p.networks(), bothFamilies)
		left.RemoveSet(taken)
		rest, _ := left.IPSet()
		p.Prefixes, p.Except = rest.Prefixes(), someOf(u.Except)
		switch {
		case !slices.ContainsFunc(p.Prefixes, in.includes):
			r.fault(peers[i], fmt.Sprintf(`"except" excludes all of %q: remove it here, or except less`, p.Text))
		case slices.ContainsFunc(p.Prefixes, func(p netip.Prefix) bool { return p.Addr().Is4In6() }):
			r.fault(n, "this leaves ::ffff:0:0/96, which is IPv4 written as IPv6, and no rule can name: except ::/64 whole")
		}
	}
}

// add puts the networks of some IP versions into a set.
func add(set *netipx.IPSetBuilder, networks []netip.Prefix, in Families) {
	for _, p := range networks {
		if in.includes(p) {
			set.AddPrefix(p)
		}
	}
}

func overlaps(set *netipx.IPSet, networks []netip.Prefix) bool {
	return slices.ContainsFunc(networks, set.OverlapsPrefix)
}

// excepted reads one item of except.
func (r *reader) excepted(item node, tier string) (Peer, bool) {
	if _, peer := r.names.peers[item.Text]; r.names.servers[item.Text] && !peer {
		r.fault(item, fmt.Sprintf("%q is a kind of server, and rules leave out networks: name those that it has", item.Text))
		return Peer{}, false
	}
	p, ok := r.peer(item, tier)
	switch {
	case !ok || p.Kind == rule.EndAddresses || p.Kind == rule.EndPrefix:
		return p, ok
	case p.Kind == rule.EndPublic:
		r.fault(item, `"public" is everyone, and nobody would be left: remove the rule, or name networks here`)
	default:
		what := nouns[p.Kind]
		if p.Text == "self" {
			what = "the tier itself"
		}
		r.fault(item, fmt.Sprintf("%q is %s, whose addresses only the cloud knows, so it cannot be excluded: name networks, or a set of them", p.Text, what))
	}
	return p, false
}

// networks is what a peer has that can be taken away, nil for tiers and groups.
func (p Peer) networks() []netip.Prefix {
	if p.Kind == rule.EndPublic {
		return everyone
	}
	return p.Prefixes
}

// empty says whether a peer is a set in which there is nobody.
func (p Peer) empty() bool { return p.Kind == rule.EndAddresses && p.Prefixes == nil }

// someOf names the first of several peers.
func someOf(peers []Peer) string {
	const most = 3
	var names []string
	for _, p := range peers[:min(most, len(peers))] {
		names = append(names, p.Text)
	}
	if more := len(peers) - most; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names, ", "), more)
	}
	return strings.Join(names, ", ")
}
