package export

import (
	"slices"

	"sgc.dev/sgc/rule"
)

// Version is the version of [Document]. It grows when a field changes its
// meaning or goes away; new fields alone do not change it.
const Version = 1

// Document is the shape of the JSON and YAML formats. No value is null, lists
// that have nothing are empty, and a field marked optional is left out where it
// does not apply. Everything is sorted, so equal policies give equal documents.
type Document struct {
	Version  int      `json:"version" yaml:"version"` // 1, see [Version]
	Policies []Policy `json:"policies" yaml:"policies"`
}

// Policy is one compiled policy.
type Policy struct {
	Name          Text         `json:"name" yaml:"name"`
	Groups        []Group      `json:"groups" yaml:"groups"`               // one per tier
	Servers       []Server     `json:"servers" yaml:"servers"`             // kinds of server and what they carry
	Addresses     []AddressSet `json:"addresses" yaml:"addresses"`         // the policy's named networks
	ForeignGroups []External   `json:"foreignGroups" yaml:"foreignGroups"` // security groups that the policy names but does not own
	AddressGroups []External   `json:"addressGroups" yaml:"addressGroups"` // Neutron address groups that the policy names
}

// Group is a tier as a security group.
type Group struct {
	Tier        Text     `json:"tier" yaml:"tier"`
	Name        Text     `json:"name" yaml:"name"`               // in the cloud
	Description Text     `json:"description" yaml:"description"` // in the cloud; ends in the mark [sgc:POLICY/TIER]
	Stateful    bool     `json:"stateful" yaml:"stateful"`
	Tags        []Text   `json:"tags" yaml:"tags"` // in the cloud; sgc:policy=… and sgc:tier=… come last
	Position    Position `json:"position" yaml:"position,flow"`
	Others      []Rule   `json:"others,omitempty" yaml:"others,omitempty"` // optional: what others may open beside the rules; each key is the reason
	Rules       []Rule   `json:"rules" yaml:"rules"`
}

// Rule allows packets; there are no rules that deny. What no rule of a group
// allows, in either direction, the group does not allow.
type Rule struct {
	Direction   string   `json:"direction" yaml:"direction"`             // "ingress" or "egress"
	Ethertype   string   `json:"ethertype" yaml:"ethertype"`             // "IPv4" or "IPv6"
	Protocol    string   `json:"protocol" yaml:"protocol"`               // Neutron's name of it, its number, or "any" for every protocol
	Ports       *Ports   `json:"ports,omitempty" yaml:"ports,omitempty"` // optional, with tcp, udp and sctp alone; without it, all ports
	ICMP        *ICMP    `json:"icmp,omitempty" yaml:"icmp,omitempty"`   // optional, with icmp and ipv6-icmp alone; without it, all types
	Remote      Remote   `json:"remote" yaml:"remote"`                   // source of ingress, destination of egress
	Description Text     `json:"description" yaml:"description"`         // in the cloud
	Origins     []Origin `json:"origins" yaml:"origins"`                 // the rules of the policy that this one comes from, at least one
}

// Ports is a range of ports, 1 to 65535, both ends included.
type Ports struct {
	From uint16 `json:"from" yaml:"from"`
	To   uint16 `json:"to" yaml:"to"`
}

// ICMP is an ICMP type, and a code of it. 0 is a type and a code like any other.
type ICMP struct {
	Type uint8  `json:"type" yaml:"type"`
	Code *uint8 `json:"code,omitempty" yaml:"code,omitempty"` // optional; without it, every code
}

// Remote is the other end of a rule; Kind says which of the other fields is there.
type Remote struct {
	Kind   string `json:"kind" yaml:"kind"`                         // "anyone", "prefix", "tier", "group" or "addressGroup"
	Prefix string `json:"prefix,omitempty" yaml:"prefix,omitempty"` // optional; of a prefix, as CIDR without host bits
	Name   Text   `json:"name,omitempty" yaml:"name,omitempty"`     // optional; of a tier, or the key of a foreign or address group
}

// Origin is a rule of the policy, with one of its peers.
type Origin struct {
	Path         Text     `json:"path" yaml:"path"` // "tiers.app.ingress.http"
	Key          Text     `json:"key" yaml:"key"`   // "http"
	Position     Position `json:"position" yaml:"position,flow"`
	Peer         Text     `json:"peer" yaml:"peer"` // as written: "public", "10.0.0.0/8"
	PeerPosition Position `json:"peerPosition" yaml:"peerPosition,flow"`
	Description  Text     `json:"description,omitempty" yaml:"description,omitempty"` // optional, and so the rest
	Owner        Text     `json:"owner,omitempty" yaml:"owner,omitempty"`
	Ticket       Text     `json:"ticket,omitempty" yaml:"ticket,omitempty"`
	Expires      string   `json:"expires,omitempty" yaml:"expires,omitempty"` // last valid day, "2027-01-31", UTC
}

// Position is a place in a file of the policy; lines and columns count from 1.
type Position struct {
	File   Text `json:"file" yaml:"file"`
	Line   int  `json:"line" yaml:"line"`
	Column int  `json:"column" yaml:"column"`
}

// Server is a kind of server.
type Server struct {
	Name      Text     `json:"name" yaml:"name"`
	Tiers     []Text   `json:"tiers" yaml:"tiers"`         // whose groups it carries
	Addresses []string `json:"addresses" yaml:"addresses"` // CIDRs, where the policy names them
	Position  Position `json:"position" yaml:"position,flow"`
}

// AddressSet is a named list of networks.
type AddressSet struct {
	Name     Text     `json:"name" yaml:"name"`
	Prefixes []string `json:"prefixes" yaml:"prefixes"` // CIDRs
	Position Position `json:"position" yaml:"position,flow"`
}

// External is something in the cloud that the policy names but does not own. Of
// Name and ID exactly one is there.
type External struct {
	Key      Text     `json:"key" yaml:"key"`                       // the policy's own name for it
	Name     Text     `json:"name,omitempty" yaml:"name,omitempty"` // optional; in the cloud
	ID       Text     `json:"id,omitempty" yaml:"id,omitempty"`     // optional; in the cloud
	Position Position `json:"position" yaml:"position,flow"`
}

// NewDocument puts compiled policies in the shape of a document.
func NewDocument(sets []*rule.Set) Document {
	d := Document{Version: Version, Policies: []Policy{}}
	for _, set := range sets {
		d.Policies = append(d.Policies, newPolicy(set))
	}
	return d
}

func newPolicy(set *rule.Set) Policy {
	p := newFrame(set)
	p.Groups = each(set.Groups, func(g rule.Group) Group { return newGroup(set.Policy, g) })
	return p
}

// newFrame is a policy without its groups.
func newFrame(set *rule.Set) Policy {
	return Policy{
		Name:   Text(set.Policy),
		Groups: []Group{},
		Servers: each(set.Servers, func(s rule.Server) Server {
			return Server{Text(s.Name), each(s.Tiers, newText), each(s.Addresses, text), newPosition(s.Pos)}
		}),
		Addresses: each(set.Addresses, func(a rule.AddressSet) AddressSet {
			return AddressSet{Text(a.Name), each(a.Prefixes, text), newPosition(a.Pos)}
		}),
		ForeignGroups: each(set.Foreign, newExternal),
		AddressGroups: each(set.AddressGroups, newExternal),
	}
}

func newGroup(policy string, g rule.Group) Group {
	group := Group{
		Tier:        Text(g.Tier),
		Name:        Text(g.Name),
		Description: Text(g.CloudDescription(policy)),
		Stateful:    g.Stateful,
		Tags:        tags(policy, g),
		Position:    newPosition(g.Pos),
		Rules:       each(g.Rules, newRule),
	}
	if g.Others != nil {
		group.Others = each(g.Others, newRule)
	}
	return group
}

func newRule(e rule.Entry) Rule {
	r := Rule{
		Direction:   e.Direction.String(),
		Ethertype:   e.Family.String(),
		Protocol:    e.Protocol.String(),
		Remote:      newRemote(e.Remote),
		Description: Text(e.Description()),
		Origins:     each(e.Origins, newOrigin),
	}
	if lo, hi, ok := e.Ports.Range(); ok {
		r.Ports = &Ports{lo, hi}
	}
	if t, ok := e.Ports.Type(); ok {
		r.ICMP = &ICMP{Type: t}
		if code, ok := e.Ports.Code(); ok {
			r.ICMP.Code = &code
		}
	}
	return r
}

func newRemote(r rule.Remote) Remote {
	switch r.Kind() {
	case rule.RemoteAnyone:
		return Remote{Kind: "anyone"}
	case rule.RemotePrefix:
		return Remote{Kind: "prefix", Prefix: r.Prefix().String()}
	case rule.RemoteTier:
		return Remote{Kind: "tier", Name: Text(r.Name())}
	case rule.RemoteGroup:
		return Remote{Kind: "group", Name: Text(r.Name())}
	case rule.RemoteAddressGroup:
		return Remote{Kind: "addressGroup", Name: Text(r.Name())}
	}
	return Remote{} // check lets no other kind through
}

func newOrigin(o rule.Origin) Origin {
	return Origin{
		Path:         Text(o.Path),
		Key:          Text(o.Key),
		Position:     newPosition(o.Pos),
		Peer:         Text(o.Peer),
		PeerPosition: newPosition(o.PeerPos),
		Description:  Text(o.Description),
		Owner:        Text(o.Owner),
		Ticket:       Text(o.Ticket),
		Expires:      o.Expires,
	}
}

func newExternal(x rule.External) External {
	return External{Text(x.Key), Text(x.Name), Text(x.ID), newPosition(x.Pos)}
}

// tags are all tags of a group: the author's, then those that complete it.
func tags(policy string, g rule.Group) []Text {
	return each(slices.Concat(g.Tags, rule.OwnershipTags(policy, g.Tier)), newText)
}

// each maps a list; the result is never nil, which would be null in JSON.
func each[A, B any](list []A, f func(A) B) []B {
	out := make([]B, 0, len(list))
	for _, a := range list {
		out = append(out, f(a))
	}
	return out
}

func newPosition(p rule.Pos) Position { return Position{Text(p.File), p.Line, p.Column} }

func newText(s string) Text { return Text(s) }

func text[T interface{ String() string }](v T) string { return v.String() }
