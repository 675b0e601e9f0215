package wire

import (
	"fmt"
	"net/netip"
	"strings"

	"sgc.dev/sgc/rule"
)

// Live is a group as sgc knows it.
func (g Group) Live() rule.LiveGroup {
	live := rule.LiveGroup{
		ID: g.ID, Name: g.Name, Description: g.Description, Stateful: g.Stateful == nil || *g.Stateful,
		Tags: g.Tags, Revision: g.Revision, Created: g.Created,
		Updated: g.Created, // taking a group over changes it, and none of its rules
		Touched: g.Touched,
	}
	for _, r := range g.Rules {
		live.Rules = append(live.Rules, r.Live())
		live.Updated = max(live.Updated, r.Updated)
	}
	return live
}

// Live is the rule in canonical form, opaque where that does not exist: it is
// never taken for one that allows less or more.
func (r Rule) Live() rule.LiveRule {
	live := rule.LiveRule{ID: r.ID, Description: Value(r.Description), Created: r.Created}
	canonical, ok := r.canonical()
	if !ok || canonical.Check() != nil {
		live.Words, live.Group = r.asWritten(), Value(r.RemoteGroup)
		return live
	}
	live.Rule = canonical
	return live
}

// canonical converts what Neutron stores as it was written: protocols by name or
// number, whole ranges, prefixes with host bits, /0.
func (r Rule) canonical() (c rule.Rule, ok bool) {
	switch r.Direction {
	case rule.Ingress.String():
		c.Direction = rule.Ingress
	case rule.Egress.String():
		c.Direction = rule.Egress
	}
	switch r.Ethertype {
	case rule.IPv4.String():
		c.Family = rule.IPv4
	case rule.IPv6.String():
		c.Family = rule.IPv6
	}
	c.Protocol = rule.AnyProtocol
	if name := strings.ToLower(Value(r.Protocol)); name != "" && name != "any" {
		protocol, err := rule.ParseProtocol(name)
		if err != nil {
			return c, false
		}
		// As the server turns it, in rules that are older than its doing so too.
		if protocol == rule.ICMP && c.Family == rule.IPv6 {
			protocol = rule.ICMPv6
		}
		c.Protocol = protocol
	}
	if c.Ports, ok = r.ports(c.Protocol); !ok {
		return c, false
	}
	c.Remote, ok = r.remote()
	return c, ok
}

func (r Rule) ports(p rule.Protocol) (ports rule.Ports, ok bool) {
	low, high := r.PortRangeMin, r.PortRangeMax
	most := 65535
	if p.IsICMP() {
		most = 255
	}
	for _, n := range []*int{low, high} {
		if n != nil && (*n < 0 || *n > most) {
			return ports, false
		}
	}
	switch {
	case low == nil && high == nil:
		return p.WholeProtocol(), true
	case p.IsICMP() && low != nil && high != nil:
		return rule.ICMPTypeCode(uint8(*low), uint8(*high)), true
	case p.IsICMP() && low != nil:
		return rule.ICMPType(uint8(*low)), true
	case p.HasPorts() && low != nil && high != nil:
		return rule.PortRange(uint16(*low), uint16(*high)), true
	}
	return ports, false
}

func (r Rule) remote() (remote rule.Remote, ok bool) {
	prefix, group, addressGroup := Value(r.RemoteIPPrefix), Value(r.RemoteGroup), Value(r.RemoteAddressGroup)
	switch {
	case prefix == "" && group == "" && addressGroup == "":
		return rule.Anyone(), true
	case group == "" && addressGroup == "":
		p, err := netip.ParsePrefix(prefix)
		if err != nil {
			a, err := netip.ParseAddr(prefix)
			if err != nil || a.Zone() != "" {
				return remote, false
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		// /0 of the other family is not everybody of this one.
		if p.Addr().Is4() != (r.Ethertype == rule.IPv4.String()) {
			return remote, false
		}
		return rule.Prefix(p), true
	case prefix == "" && addressGroup == "":
		return rule.ForeignGroup(group), true
	case prefix == "" && group == "":
		return rule.AddressGroup(addressGroup), true
	}
	return remote, false
}

// asWritten is an opaque rule in the cloud's own words.
func (r Rule) asWritten() string {
	text := r.Direction + " " + r.Ethertype
	if r.Protocol != nil {
		text += " protocol " + *r.Protocol
	}
	for _, item := range []struct {
		name string
		n    *int
	}{{"port_range_min", r.PortRangeMin}, {"port_range_max", r.PortRangeMax}} {
		if item.n != nil {
			text += fmt.Sprintf(" %s %d", item.name, *item.n)
		}
	}
	for _, item := range []struct {
		name string
		s    *string
	}{{"remote_ip_prefix", r.RemoteIPPrefix}, {"remote_group_id", r.RemoteGroup}, {"remote_address_group_id", r.RemoteAddressGroup}} {
		if item.s != nil {
			text += " " + item.name + " " + *item.s
		}
	}
	return text
}

// Value is a text, "" for null.
func Value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
