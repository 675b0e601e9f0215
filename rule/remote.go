package rule

import (
	"cmp"
	"fmt"
	"net/netip"
)

// RemoteKind tells the remotes apart.
type RemoteKind uint8

const (
	RemoteAnyone       RemoteKind = iota + 1 // every address of the rule's family
	RemotePrefix                             // the addresses of one prefix
	RemoteTier                               // the servers of a tier of the same policy
	RemoteGroup                              // the servers of a security group that the policy does not own
	RemoteAddressGroup                       // the addresses of a Neutron address group
)

// Remote is who is at the other end: the source of ingress, the destination of egress.
type Remote struct {
	kind   RemoteKind
	prefix netip.Prefix // of RemotePrefix, masked, never /0
	name   string       // of the tier, or the policy's own name for the group or address group
}

// Anyone is every address of the rule's family.
func Anyone() Remote { return Remote{kind: RemoteAnyone} }

// Prefix is the addresses of p; host bits are cleared, and /0 is [Anyone].
func Prefix(p netip.Prefix) Remote {
	if p.Bits() == 0 {
		return Anyone()
	}
	return Remote{kind: RemotePrefix, prefix: p.Masked()}
}

// Tier is the members of a tier of the same policy.
func Tier(name string) Remote { return Remote{kind: RemoteTier, name: name} }

// ForeignGroup is the members of a group that the policy names but does not own.
func ForeignGroup(name string) Remote { return Remote{kind: RemoteGroup, name: name} }

// AddressGroup is the addresses of a Neutron address group.
func AddressGroup(name string) Remote { return Remote{kind: RemoteAddressGroup, name: name} }

// Kind is 0 for the zero Remote, which is invalid.
func (r Remote) Kind() RemoteKind { return r.kind }

// Prefix is the prefix of a [RemotePrefix], else the zero Prefix.
func (r Remote) Prefix() netip.Prefix { return r.prefix }

// Name is the tier's, or the policy's own name of the group or address group, else "".
func (r Remote) Name() string { return r.name }

// String is the remote in words: "anyone", "10.0.0.0/8", "tier app", "group legacy", "address group office".
func (r Remote) String() string {
	switch r.kind {
	case RemoteAnyone:
		return "anyone"
	case RemotePrefix:
		return r.prefix.String()
	case RemoteTier:
		return "tier " + r.name
	case RemoteGroup:
		return "group " + r.name
	case RemoteAddressGroup:
		return "address group " + r.name
	}
	return "nobody"
}

func (r Remote) compare(s Remote) int {
	return cmp.Or(
		cmp.Compare(r.kind, s.kind),
		r.prefix.Addr().Compare(s.prefix.Addr()),
		cmp.Compare(r.prefix.Bits(), s.prefix.Bits()),
		cmp.Compare(r.name, s.name),
	)
}

func (r Remote) check(f Family) error {
	switch r.kind {
	case RemoteAnyone:
		return nil
	case RemotePrefix:
		if !r.prefix.IsValid() || r.prefix.Bits() == 0 || r.prefix != r.prefix.Masked() || r.prefix.Addr().Is4In6() {
			return fmt.Errorf("%s is not a canonical prefix", r.prefix)
		}
		if r.prefix.Addr().Is4() != (f == IPv4) {
			return fmt.Errorf("%s is not %s", r.prefix, f)
		}
		return nil
	case RemoteTier, RemoteGroup, RemoteAddressGroup:
		if r.name == "" {
			return fmt.Errorf("a remote without a name")
		}
		return nil
	}
	return fmt.Errorf("no remote")
}
