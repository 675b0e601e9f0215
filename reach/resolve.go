package reach

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// End is what a name means: "public", a tier, an address set, a group or address
// group of others, a server, or an address or network. A name that is both a
// server's and another's means the other, as in assertions.
func (v *View) End(name string) (rule.End, error) {
	if name == v.public.end.Name {
		return v.public.end, nil
	}
	for _, g := range v.set.Groups {
		if g.Tier == name {
			return rule.End{Kind: rule.EndTier, Name: name, Pos: g.Pos}, nil
		}
	}
	for _, m := range v.everyone {
		if m.end.Name == name {
			return m.end, nil
		}
	}
	if prefix, err := netip.ParsePrefix(name); err == nil {
		if prefix != prefix.Masked() {
			return rule.End{}, fmt.Errorf("%s: host bits set; write %s for the network or %s for the address", name, prefix.Masked(), prefix.Addr())
		}
		return network(name, prefix)
	}
	if addr, err := netip.ParseAddr(name); err == nil && addr.Zone() == "" {
		return network(name, netip.PrefixFrom(addr, addr.BitLen()))
	}
	if strings.Count(name, ".") == 3 && strings.Trim(name, "0123456789.") == "" {
		return rule.End{}, fmt.Errorf("%s is no address: it has four numbers, each from 0 to 255 and without a leading zero", name)
	}
	return rule.End{}, fmt.Errorf("the policy %s has no %q: name public, a tier, a server, an address set, a group, an address or a network", v.set.Policy, name)
}

func network(name string, p netip.Prefix) (rule.End, error) {
	if p.Addr().Is4In6() {
		return rule.End{}, fmt.Errorf("%s is an IPv4 address written as IPv6: write it as IPv4", name)
	}
	return rule.End{Kind: rule.EndPrefix, Name: name, Prefix: p}, nil
}

// Names is every name that [View.End] knows in the policy.
func (v *View) Names() []string {
	names := []string{}
	for _, m := range v.everyone {
		names = append(names, m.end.Name)
	}
	for _, g := range v.set.Groups {
		names = append(names, g.Tier)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
