package reach

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
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
	return rule.End{}, fmt.Errorf("the policy %s has no %q: name public, a tier, a server, an address set, a group, an address or a network", v.set.Policy, name)
}

func network(name string, p netip.Prefix) (rule.End, error) {
	if p.Addr().Is4In6() {
		return rule.End{}, fmt.Errorf("%s is an IPv4 address in IPv6 clothes: write it as IPv4", name)
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

// ParseService reads packets as people write them: "tcp/5432", "udp/1-1024",
// "icmp" (in both families), "icmp/3:4" (type 3, code 4; "icmp4" and "icmp6" as in
// policies), "esp", "51", "any". It is not for names of services.
func ParseService(text string) (rule.Service, error) {
	if text == "any" {
		return rule.AnyService(), nil
	}
	name, ports, named := strings.Cut(text, "/")
	if name == "icmp" && !named {
		return rule.Service{Name: text, Matches: []rule.Match{
			{Family: rule.IPv4, Protocol: rule.ICMP, Ports: rule.AllPorts()},
			{Family: rule.IPv6, Protocol: rule.ICMPv6, Ports: rule.AllPorts()},
		}}, nil
	}
	words := map[string]string{"icmp4": "icmp", "icmp6": "icmpv6"}
	protocol, err := rule.ParseProtocol(cmp.Or(words[name], name))
	if err != nil {
		return rule.Service{}, err
	}
	match := rule.Match{Protocol: protocol, Ports: protocol.WholeProtocol()}
	switch {
	case !named:
	case protocol.HasPorts():
		match.Ports, err = parsePorts(ports)
	case protocol.IsICMP():
		match.Ports, err = parseTypes(ports)
	default:
		err = fmt.Errorf("%s has no ports: write %q", protocol, protocol)
	}
	if err != nil {
		return rule.Service{}, err
	}
	s := rule.Service{Name: text}
	for _, match.Family = range families {
		if protocol.In(match.Family) {
			s.Matches = append(s.Matches, match)
		}
	}
	return s, nil
}

func parsePorts(text string) (rule.Ports, error) {
	first, last, ranged := strings.Cut(text, "-")
	if !ranged {
		last = first
	}
	lo, err1 := strconv.ParseUint(first, 10, 16)
	hi, err2 := strconv.ParseUint(last, 10, 16)
	switch {
	case cmp.Or(err1, err2) != nil || lo == 0 || hi == 0:
		return rule.Ports{}, fmt.Errorf("a port is 1 to 65535, or a range such as 8000-8100, not %q", text)
	case lo > hi:
		return rule.Ports{}, fmt.Errorf("the range is reversed: write %d-%d", hi, lo)
	}
	return rule.PortRange(uint16(lo), uint16(hi)), nil
}

func parseTypes(text string) (rule.Ports, error) {
	first, second, coded := strings.Cut(text, ":")
	t, err := strconv.ParseUint(first, 10, 8)
	if err != nil {
		return rule.Ports{}, fmt.Errorf("an ICMP type is 0 to 255, with a code such as 3:4 where one is meant, not %q", text)
	}
	if !coded {
		return rule.ICMPType(uint8(t)), nil
	}
	code, err := strconv.ParseUint(second, 10, 8)
	if err != nil {
		return rule.Ports{}, fmt.Errorf("an ICMP code is 0 to 255, not %q", second)
	}
	return rule.ICMPTypeCode(uint8(t), uint8(code)), nil
}
