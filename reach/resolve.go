package reach

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"sgc.dev/sgc/rule"
)

// End is what a name means: "public", a tier, an address set, a group or address
// group of others, a server, or an address or network. Of two of one name, other than a tier
// and a server that carries it, each has what it is behind its name: "office (server)".
func (v *View) End(name string) (rule.End, error) {
	if name == v.public.end.Name {
		return v.public.end, nil
	}
	for _, g := range v.set.Groups {
		if g.Tier == name {
			return rule.End{Kind: rule.EndTier, Name: name, Pos: g.Pos}, nil
		}
	}
	ends := v.ends()
	titles := rule.Titles(ends)
	if i := slices.Index(titles, name); i >= 0 {
		return ends[i], nil
	}
	var same []string
	for i, e := range ends {
		if e.Name == name {
			same = append(same, strconv.Quote(titles[i]))
		}
	}
	if same != nil {
		return rule.End{}, fmt.Errorf("%q means two things: write %s", name, strings.Join(same, " or "))
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
	return rule.End{}, &NoSuchEnd{v.set.Policy, name}
}

// NoSuchEnd says that a policy has no such name.
type NoSuchEnd struct{ Policy, Name string }

func (e *NoSuchEnd) Error() string {
	return fmt.Sprintf("the policy %s has no %q: name public, a tier, a server, an address set, a group, an address or a network", e.Policy, e.Name)
}

func network(name string, p netip.Prefix) (rule.End, error) {
	if p.Addr().Is4In6() {
		return rule.End{}, fmt.Errorf("%s is an IPv4 address written as IPv6: write it as IPv4", name)
	}
	return rule.End{Kind: rule.EndPrefix, Name: name, Prefix: p}, nil
}

// ends is all that the policy names.
func (v *View) ends() []rule.End {
	ends := make([]rule.End, len(v.everyone))
	for i, m := range v.everyone {
		ends[i] = m.end
	}
	return ends
}

// Names is every name that [View.End] knows in the policy.
func (v *View) Names() []string {
	names := rule.Titles(v.ends())
	for _, g := range v.set.Groups {
		names = append(names, g.Tier)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
