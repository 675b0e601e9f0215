package schema

import (
	"fmt"
	"net/netip"
	"strings"

	"sgc.dev/sgc/rule"
)

// names is the one namespace of peers, and what stands beside it.
type names struct {
	peers    map[string]*declared
	servers  map[string]node
	services map[string]*Service
}

// declared is what a name in from or to means.
type declared struct {
	kind     PeerKind
	prefixes []netip.Prefix // of an address set
	node     node
}

// noun is how messages speak of a kind of peer.
func (k PeerKind) noun() string {
	switch k {
	case PeerTier:
		return "a tier"
	case PeerAddresses:
		return "an address set"
	case PeerGroup:
		return "a group"
	case PeerAddressGroup:
		return "an address group"
	case PeerServer:
		return "a server"
	}
	return "a peer"
}

// reserved names are words of the language.
func reserved(name string) bool { return name == "public" || name == "self" || name == "any" }

// declare collects the names of a policy whose address sets, services and
// groups have been read.
func (r *reader) declare(p *Policy, tiers, servers []node) names {
	t := names{peers: map[string]*declared{}, servers: map[string]node{}, services: map[string]*Service{}}
	add := func(name string, pos rule.Pos, path string, d declared) {
		if before, ok := t.peers[name]; ok {
			r.faultAt(pos, path, fmt.Sprintf("%q means two things: it is %s here and %s at %s", name, d.kind.noun(), before.kind.noun(), before.node.pos()))
			return
		}
		t.peers[name] = &d
	}
	for _, n := range tiers {
		add(n.name, n.pos(), n.path(), declared{kind: PeerTier, node: n})
	}
	for i := range p.Addresses {
		s := &p.Addresses[i]
		d := declared{kind: PeerAddresses}
		for _, a := range s.Items {
			d.prefixes = append(d.prefixes, a.Prefix)
		}
		add(s.Name, s.Pos, extend("addresses", s.Name), d)
	}
	for _, x := range p.Groups {
		add(x.Key, x.Pos, extend("groups", x.Key), declared{kind: PeerGroup})
	}
	for _, x := range p.AddressGroups {
		add(x.Key, x.Pos, extend("addressGroups", x.Key), declared{kind: PeerAddressGroup})
	}
	for _, n := range servers {
		t.servers[n.name] = n
	}
	for i := range p.Services {
		t.services[p.Services[i].Name] = &p.Services[i]
	}
	return t
}

// peer reads one item of a rule's from or to.
func (r *reader) peer(item node, tier string) (Peer, bool) {
	s, ok := r.str(item)
	if !ok {
		return Peer{}, false
	}
	p := Peer{Text: s, Pos: item.pos()}
	switch s {
	case "public":
		p.Kind = PeerPublic
		return p, true
	case "self":
		p.Kind, p.Name = PeerTier, tier
		return p, true
	}
	if d, ok := r.names.peers[s]; ok {
		p.Kind, p.Name, p.Prefixes = d.kind, s, d.prefixes
		return p, true
	}
	if looksLikeAddress(s) {
		prefix, err := parsePrefix(s)
		if err != nil {
			r.fault(item, err.Error())
			return p, false
		}
		p.Kind, p.Prefixes = PeerPrefix, []netip.Prefix{prefix}
		return p, true
	}
	r.fault(item, fmt.Sprintf("nothing is called %q", s))
	return p, false
}

// end reads one item of an assertion's from or to, which may be a server too.
func (r *reader) end(item node) (Peer, bool) {
	s, ok := r.str(item)
	if !ok {
		return Peer{}, false
	}
	if _, ok := r.names.servers[s]; ok {
		if _, ok := r.names.peers[s]; !ok {
			return Peer{Kind: PeerServer, Name: s, Text: s, Pos: item.pos()}, true
		}
	}
	return r.peer(item, "")
}

// looksLikeAddress tells a mistyped address from a mistyped name.
func looksLikeAddress(s string) bool {
	return strings.ContainsAny(s, ":/") || s != "" && s[0] >= '0' && s[0] <= '9' && strings.Contains(s, ".")
}

// named finds a service: the policy's, else the catalog's.
func (r *reader) named(n node, name string) *Service {
	if s, ok := r.names.services[name]; ok {
		return s
	}
	if s := r.catalog.service(name); s != nil {
		return s
	}
	r.fault(n, fmt.Sprintf("no service is called %q", name))
	return nil
}

func (r *reader) isTier(n node, name string) bool {
	if d, ok := r.names.peers[name]; ok && d.kind == PeerTier {
		return true
	}
	r.fault(n, fmt.Sprintf("no tier is called %q", name))
	return false
}

func (r *reader) groupNames(tiers []Tier) {}

func (r *reader) checkFamilies(u Rule, n node) {}
