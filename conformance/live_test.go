package conformance

import (
	"fmt"
	"net/netip"

	"sgc.dev/sgc/rule"
)

// liveGroup is a security group as Neutron's API shows it.
type liveGroup struct {
	ID          string     `json:"id"`
	Name        string     `json:"name"`
	Description string     `json:"description"`
	Stateful    bool       `json:"stateful"`
	Tags        []string   `json:"tags"`
	Revision    int        `json:"revision_number"`
	Created     string     `json:"created_at"`
	Rules       []liveRule `json:"security_group_rules"`
}

// liveRule is a rule as Neutron's API shows it. For the ICMPs the ports are type
// and code, where 0 is a value and null is any.
type liveRule struct {
	ID           string  `json:"id"`
	Revision     int     `json:"revision_number"`
	Direction    string  `json:"direction"`
	Ethertype    string  `json:"ethertype"`
	Protocol     *string `json:"protocol"`
	Min          *int    `json:"port_range_min"`
	Max          *int    `json:"port_range_max"`
	Prefix       *string `json:"remote_ip_prefix"`
	Group        *string `json:"remote_group_id"`
	AddressGroup *string `json:"remote_address_group_id"`
	Description  string  `json:"description"`
}

// canonical is the rule in the vocabulary of policies; two rules that mean the
// same are ==. groups says what the ids of remote groups stand for. A field that
// is not understood is an error, never a default.
func (r liveRule) canonical(groups map[string]rule.Remote) (rule.Rule, error) {
	var c rule.Rule
	switch r.Direction {
	case "ingress":
		c.Direction = rule.Ingress
	case "egress":
		c.Direction = rule.Egress
	}
	switch r.Ethertype {
	case "IPv4":
		c.Family = rule.IPv4
	case "IPv6":
		c.Family = rule.IPv6
	}
	var err error
	if c.Protocol, err = r.protocol(); err != nil {
		return c, err
	}
	if c.Ports, err = r.ports(c.Protocol); err != nil {
		return c, err
	}
	if c.Remote, err = r.remote(groups); err != nil {
		return c, err
	}
	return c, c.Check()
}

func (r liveRule) protocol() (rule.Protocol, error) {
	if r.Protocol == nil {
		return rule.AnyProtocol, nil
	}
	p, err := rule.ParseProtocol(*r.Protocol)
	if p == rule.ICMP && r.Ethertype == "IPv6" {
		p = rule.ICMPv6 // what rules of before that normalisation still say
	}
	return p, err
}

func (r liveRule) ports(p rule.Protocol) (rule.Ports, error) {
	switch {
	case r.Min == nil && r.Max == nil:
		return p.WholeProtocol(), nil
	case r.Min == nil, r.Max == nil && !p.IsICMP():
		return rule.Ports{}, fmt.Errorf("half a range of ports")
	case p.IsICMP():
		if *r.Min < 0 || *r.Min > 255 {
			return rule.Ports{}, fmt.Errorf("%d is no ICMP type", *r.Min)
		}
		if r.Max == nil {
			return rule.ICMPType(uint8(*r.Min)), nil
		}
		if *r.Max < 0 || *r.Max > 255 {
			return rule.Ports{}, fmt.Errorf("%d is no ICMP code", *r.Max)
		}
		return rule.ICMPTypeCode(uint8(*r.Min), uint8(*r.Max)), nil
	}
	if *r.Min < 1 || *r.Max > 65535 || *r.Min > *r.Max {
		return rule.Ports{}, fmt.Errorf("%d-%d is not a range of ports", *r.Min, *r.Max)
	}
	return rule.PortRange(uint16(*r.Min), uint16(*r.Max)), nil
}

func (r liveRule) remote(groups map[string]rule.Remote) (rule.Remote, error) {
	switch {
	case r.Group != nil && r.Prefix != nil, r.AddressGroup != nil && (r.Prefix != nil || r.Group != nil):
		return rule.Remote{}, fmt.Errorf("more than one remote")
	case r.AddressGroup != nil:
		return rule.AddressGroup(*r.AddressGroup), nil
	case r.Group != nil:
		remote, ok := groups[*r.Group]
		if !ok {
			return remote, fmt.Errorf("unknown remote group %s", *r.Group)
		}
		return remote, nil
	case r.Prefix != nil:
		p, err := netip.ParsePrefix(*r.Prefix)
		if a, bare := netip.ParseAddr(*r.Prefix); bare == nil { // as old rules may have it
			return rule.Prefix(netip.PrefixFrom(a, a.BitLen())), nil
		}
		return rule.Prefix(p), err
	}
	return rule.Anyone(), nil
}
