package tables

import (
	"strconv"
	"strings"

	"sgc.dev/sgc/sandbox/api"
)

// newRule is the rule that an item means, in normal form, after the checks that
// Neutron's plugin makes, in its order.
func (rs rules) newRule(who api.Account, item api.Object) (*rule, error) {
	description := item["description"].(string)
	r := &rule{Rule: Rule{
		GroupID: item["security_group_id"].(string), ProjectID: item["project_id"].(string),
		Direction: item["direction"].(string), Ethertype: item["ethertype"].(string), Description: &description,
	}, serial: rs.next(), created: now()}
	r.Protocol, _ = item["protocol"].(string)
	r.RemoteIPPrefix, _ = item["remote_ip_prefix"].(string)
	if n, ok := item["port_range_min"].(int); ok {
		r.PortRangeMin = &n
	}
	if n, ok := item["port_range_max"].(int); ok {
		r.PortRangeMax = &n
	}
	r.normalise()
	if err := r.checkPorts(); err != nil {
		return nil, err
	}
	if err := r.checkFamily(); err != nil {
		return nil, err
	}
	remotes := 0
	for _, name := range []string{"remote_ip_prefix", "remote_group_id", "remote_address_group_id"} {
		if !api.Falsy(item[name]) {
			remotes++
		}
	}
	if remotes > 1 {
		return nil, api.Invalid("SecurityGroupMultipleRemoteEntites",
			"Only one of remote_ip_prefix or remote_group_id or remote_address_group_id may be provided.")
	}
	return r, rs.resolve(who, r, item)
}

// resolve finds the group or the address group that is the rule's remote, and
// then the group that the rule is of.
func (rs rules) resolve(who api.Account, r *rule, item api.Object) error {
	if id := item["remote_group_id"]; !api.Falsy(id) {
		r.RemoteGroupID = api.Text(id)
		if _, err := rs.group(who, r.RemoteGroupID); err != nil {
			return err
		}
	}
	if id := item["remote_address_group_id"]; !api.Falsy(id) {
		r.RemoteAddressGroupID = api.Text(id)
		if _, err := rs.addressGroup(who, r.RemoteAddressGroupID); err != nil {
			return err
		}
	}
	_, err := rs.group(who, r.GroupID)
	return err
}

// normalise gives ICMPv6 its own name and number, and all ports no range.
func (r *rule) normalise() {
	if r.Ethertype == "IPv6" {
		switch r.Protocol {
		case "icmp", "icmpv6":
			r.Protocol = "ipv6-icmp"
		case "1":
			r.Protocol = "58"
		}
	}
	if r.PortRangeMin != nil && r.PortRangeMax != nil && *r.PortRangeMin == 1 && *r.PortRangeMax == 65535 {
		r.PortRangeMin, r.PortRangeMax = nil, nil
	}
}

// checkPorts checks the range that a rule has: ports, or the type and code of ICMP.
func (r *rule) checkPorts() error {
	low, high := r.PortRangeMin, r.PortRangeMax
	if low == nil && high == nil {
		return nil
	}
	if r.Protocol == "" {
		return api.Invalid("SecurityGroupProtocolRequiredWithPorts", "Must also specify protocol if port range is given.")
	}
	number, ok := protocolNumber(r.Protocol)
	if !ok {
		return portless("None")
	}
	switch number {
	case 6, 17, 33, 132, 136: // tcp, udp, dccp, sctp, udplite
		if low != nil && *low == 0 || high != nil && *high == 0 {
			return api.Invalid("SecurityGroupInvalidPortValue", "Invalid value for port 0")
		}
		if low == nil || high == nil || *low > *high {
			return api.Invalid("SecurityGroupInvalidPortRange", "For TCP/UDP protocols, port_range_min must be <= port_range_max")
		}
	case 1, 58: // icmp, ipv6-icmp
		if low != nil && *low > 255 {
			return api.Invalid("SecurityGroupInvalidIcmpValue", "Invalid value for ICMP type (port_range_min) %d. It must be 0 to 255.", *low)
		}
		if high != nil && *high > 255 {
			return api.Invalid("SecurityGroupInvalidIcmpValue", "Invalid value for ICMP code (port_range_max) %d. It must be 0 to 255.", *high)
		}
		if low == nil {
			return api.Invalid("SecurityGroupMissingIcmpType", "ICMP code (port-range-max) %d is provided but ICMP type (port-range-min) is missing.", *high)
		}
	default:
		return portless(strconv.Itoa(number))
	}
	return nil
}

func portless(protocol string) error {
	return api.Invalid("SecurityGroupInvalidProtocolForPort",
		"Ports cannot be specified for protocol %s. Ports are only supported for DCCP, SCTP, TCP, UDP, UDPLITE.", protocol)
}

// checkFamily holds the prefix and the protocol to the rule's ethertype.
func (r *rule) checkFamily() error {
	if prefix, ok := parsePrefix(r.RemoteIPPrefix); ok && prefix.ethertype() != r.Ethertype {
		return api.Invalid("SecurityGroupRuleParameterConflict", "Conflicting value ethertype %s for CIDR %s", r.Ethertype, r.RemoteIPPrefix)
	}
	if r.Ethertype == "IPv4" && onlyIPv6(r.Protocol) {
		return api.Invalid("SecurityGroupEthertypeConflictWithProtocol", "Invalid ethertype IPv4 for protocol %s.", r.Protocol)
	}
	return nil
}

// --- conversions of single attributes

// toPort takes any number of a port. Zero is refused later, where the protocol has ports.
func toPort(v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	n, ok := api.Integer(v)
	if !ok || n < 0 || n > 65535 {
		return nil, api.Invalid("SecurityGroupInvalidPortValue", "Invalid value for port %s", api.Text(v))
	}
	return n, nil
}

func toEthertype(v any) (any, error) {
	if s, ok := v.(string); ok {
		for _, family := range []string{"IPv4", "IPv6"} {
			if strings.EqualFold(s, family) {
				return family, nil
			}
		}
	}
	return nil, api.Invalid("SecurityGroupRuleInvalidEtherType",
		"Security group rule for ethertype '%s' not supported. Allowed values are ['IPv4', 'IPv6'].", api.Text(v))
}

// toPrefix gives a bare address its mask and leaves the host's bits.
func toPrefix(v any) (any, error) {
	if api.Falsy(v) {
		return nil, nil
	}
	s, _ := v.(string)
	prefix, ok := parsePrefix(s)
	if !ok {
		return nil, api.Invalid("InvalidCIDR", "Invalid CIDR %s given as IP prefix.", api.Text(v))
	}
	return prefix.String(), nil
}
