//go:build conformance

package conformance

import (
	"cmp"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

// The networks that every policy of the proof stands in; random policies name
// parts of them.
var (
	subnet4 = netip.MustParsePrefix("10.20.0.0/24")
	subnet6 = netip.MustParsePrefix("2001:db8:20::/64")
)

// A network is the servers of one policy, in one network of both families.
type network struct {
	name  string // OVN's, of the logical switch
	ports []*port
	probe *port
}

// network builds the servers of a policy whose groups are in the account's project:
// two of each kind, so that a tier has others to talk to, or one at the addresses
// that the policy declares.
func (a account) network(t testing.TB, set *rule.Set) *network {
	t.Helper()
	created := func(kind string, fields body, answer any) {
		t.Helper()
		a.neutron.must(t, http.MethodPost, "/v2.0/"+kind+"s", body{kind: fields}, answer)
	}
	var net struct{ Network struct{ ID string } }
	created("network", body{"name": set.Policy}, &net)
	id := net.Network.ID
	t.Cleanup(func() { a.neutron.must(t, http.MethodDelete, "/v2.0/networks/"+id, nil, nil) })
	for family, prefix := range map[rule.Family]netip.Prefix{rule.IPv4: subnet4, rule.IPv6: subnet6} {
		created("subnet", body{"network_id": id, "ip_version": int(family), "cidr": prefix.String(), "enable_dhcp": false}, nil)
	}
	n := &network{name: "neutron-" + id}
	groups := a.tierGroups(t, set)
	// Declared addresses first: Neutron may give any that is free to the others.
	servers := slices.SortedStableFunc(slices.Values(set.Servers), func(a, b rule.Server) int {
		return cmp.Compare(len(b.Addresses), len(a.Addresses))
	})
	for _, s := range servers {
		fields := body{"name": s.Name, "network_id": id, "security_groups": []string{}}
		for _, tier := range s.Tiers {
			fields["security_groups"] = append(fields["security_groups"].([]string), groups[tier])
		}
		copies := 2
		if len(s.Addresses) > 0 {
			copies = 1
			var fixed []body
			for _, p := range s.Addresses {
				if !p.IsSingleIP() {
					t.Fatalf("server %s: %s is no address of a port", s.Name, p)
				}
				fixed = append(fixed, body{"ip_address": p.Addr().String()})
			}
			fields["fixed_ips"] = fixed
		}
		for range copies {
			p := a.port(t, fields)
			p.server, p.tiers, p.stateful, p.declared = s.Name, s.Tiers, stateful(set, s), len(s.Addresses) > 0
			n.ports = append(n.ports, p)
		}
	}
	n.probe = a.port(t, body{"name": "probe", "network_id": id, "port_security_enabled": false, "security_groups": []string{}})
	n.probe.stateful, n.probe.declared = true, true // nothing there stops an answer, and questions name the address
	return n
}

// stateful says whether the groups of a server are; a port cannot have both.
func stateful(set *rule.Set, s rule.Server) bool {
	return !slices.ContainsFunc(set.Groups, func(g rule.Group) bool { return !g.Stateful && slices.Contains(s.Tiers, g.Tier) })
}

// tierGroups is the ids of the policy's groups, by tier.
func (a account) tierGroups(t testing.TB, set *rule.Set) map[string]string {
	t.Helper()
	ids := map[string]string{}
	for _, g := range a.groups(t) {
		if policy, tier, ok := rule.ParseMark(g.Description); ok && policy == set.Policy {
			ids[tier] = g.ID
		}
	}
	if len(ids) != len(set.Groups) {
		t.Fatalf("%d groups for %d tiers", len(ids), len(set.Groups))
	}
	return ids
}

// port makes a port, which goes with the test.
func (a account) port(t testing.TB, fields body) *port {
	t.Helper()
	var answer struct {
		Port struct {
			ID       string
			MAC      string `json:"mac_address"`
			FixedIPs []struct {
				Address netip.Addr `json:"ip_address"`
			} `json:"fixed_ips"`
		}
	}
	a.neutron.must(t, http.MethodPost, "/v2.0/ports", body{"port": fields}, &answer)
	t.Cleanup(func() { a.neutron.must(t, http.MethodDelete, "/v2.0/ports/"+answer.Port.ID, nil, nil) })
	p := &port{id: answer.Port.ID, mac: answer.Port.MAC}
	for _, f := range answer.Port.FixedIPs {
		p.addresses = append(p.addresses, f.Address)
	}
	return p
}

// at is the port behind which an address is.
func (n *network) at(addr netip.Addr) *port {
	for _, p := range n.ports {
		if slices.Contains(p.addresses, addr) {
			return p
		}
	}
	return n.probe
}

// verdict is what OVN does with a packet: whether it comes out where it should.
func (n *network) verdict(r *tracer, p packet) (bool, error) {
	trace, err := r.trace(n.name, p.microflow())
	if err != nil {
		return false, fmt.Errorf("%s: %w", p.microflow(), err)
	}
	return delivered(trace, p.to)
}

// found is verdict for the packets by which neighbours find each other. Where OVN
// knows who is asked for, it answers in its stead.
func (n *network) found(r *tracer, p packet) (bool, error) {
	trace, err := r.trace(n.name, p.microflow())
	switch {
	case err != nil:
		return false, fmt.Errorf("%s: %w", p.microflow(), err)
	case p.kind == 135 && strings.Contains(trace, "nd_na {"):
		return delivered(trace, p.from)
	}
	return delivered(trace, p.to)
}

// replyVerdict is verdict for the answer to a packet that passed. Stateful ports know
// the connection; the others never told connection tracking about it, and ask it about
// packets alone that no rule of theirs allows.
func (n *network) replyVerdict(first, established *tracer, reply packet) (bool, error) {
	switch {
	case reply.from.stateful && reply.to.stateful:
		return n.verdict(established, reply)
	case !reply.from.stateful && !reply.to.stateful:
		return n.verdict(first, reply)
	}
	once := func(states ...string) (string, error) { return first.ovn.once(n.name, reply.microflow(), states...) }
	trace, err := once("est,rpl", "new")
	if err == nil && !reply.from.stateful {
		if trace, err = once("est,rpl", "est,rpl"); err == nil && strings.Count(trace, "ct_next") == 2 {
			trace, err = once("new", "est,rpl")
		}
	}
	if err != nil {
		return false, err
	}
	return delivered(trace, reply.to)
}
