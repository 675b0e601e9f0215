//go:build conformance

package conformance

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// generator makes up calls, about what it knows to exist.
type generator struct {
	*rand.Rand
	groups, rules, addressGroups []string
}

func choose[E any](g *generator, from ...E) E { return from[g.IntN(len(from))] }

// chance is true n times of a hundred.
func (g *generator) chance(n int) bool { return g.IntN(100) < n }

func (g *generator) call() call {
	n := g.IntN(100)
	switch {
	case len(g.groups) < 2 || n < 7:
		body := object{"name": choose(g, "a", "b", "default", strings.Repeat("x", 256), ""), "stateful": choose[any](g, true, false, "no", "maybe")}
		if g.chance(30) {
			return call{"POST", groupsPath, object{"security_groups": []any{body, object{"name": "second"}}}}
		}
		return call{"POST", groupsPath, object{"security_group": body}}
	case n < 50:
		return call{"POST", rulesPath, object{"security_group_rule": g.rule()}}
	case n < 66:
		first := g.rule()
		bulk := []any{first}
		for range g.IntN(4) {
			r := g.rule()
			if g.chance(85) {
				r["security_group_id"] = first["security_group_id"]
			}
			bulk = append(bulk, r)
		}
		return call{"POST", rulesPath, object{"security_group_rules": bulk}}
	case n < 76 && len(g.rules) > 0:
		return call{"DELETE", rulesPath + "/" + choose(g, g.rules...), nil}
	case n < 79:
		return call{"DELETE", groupsPath + "/" + choose(g, g.groups...), nil}
	case n < 84:
		return call{"PUT", groupsPath + "/" + choose(g, g.groups...), object{"security_group": object{choose(g, "name", "description"): choose(g, "a", "b", "c")}}}
	case n < 88:
		return call{"PUT", groupsPath + "/" + choose(g, g.groups...) + "/tags", object{"tags": []string{"a", "b", "c", "d"}[g.IntN(4):]}}
	case n < 90:
		return call{"POST", "/v2.0/address-groups", object{"address_group": object{"name": "office", "addresses": []string{"10.0.0.0/8", "1.2.3.4/32", "2001:db8::/32"}[g.IntN(3):]}}}
	case n < 91 && len(g.addressGroups) > 0:
		return call{"DELETE", "/v2.0/address-groups/" + choose(g, g.addressGroups...), nil}
	case n < 95:
		return call{"GET", groupsPath + "/" + choose(g, g.groups...), nil}
	}
	return call{"GET", choose(g, groupsPath, rulesPath) + "?" + choose(g, "name=a", "name=A", "tags=a,b", "tags-any=a,d", "not-tags=a,b", "direction=egress",
		"protocol=tcp", "protocol=6", "ethertype=ipv6", "remote_ip_prefix=10.1.2.3", "description=", "fields=name&fields=protocol", "limit=0"), nil}
}

func (g *generator) rule() object {
	r := object{"direction": choose(g, "ingress", "ingress", "ingress", "egress", "egress", "both"), "security_group_id": choose(g, g.groups...)}
	if g.chance(4) {
		r["security_group_id"] = choose[any](g, "bogus", nil, "00000000-0000-4000-8000-000000000000")
	}
	if g.chance(80) {
		r["ethertype"] = choose[any](g, "IPv4", "IPv4", "IPv4", "IPv6", "IPv6", "IPv6", "ipv6", "x", nil)
	}
	if g.chance(85) {
		r["protocol"] = choose[any](g, "tcp", "udp", "icmp", "ipv6-icmp", "tcp", "udp", "icmp", "icmpv6", "6", "17", 1, 58, "esp", 50, nil, "vrrp", "sctp", "132",
			"dccp", "udplite", "ip", "0", "hopopt", "bogus", "TCP", "94", 300, "ipv6-frag", "44")
	}
	if g.chance(30) {
		port := choose(g, 8, 22, 80, 443)
		r["port_range_min"], r["port_range_max"] = port, port+g.IntN(2)
	} else if g.chance(30) {
		for _, name := range []string{"port_range_min", "port_range_max"} {
			r[name] = choose[any](g, nil, 0, 1, 8, 22, 255, 256, 65535, 65536, "80", -1)
		}
	}
	if g.chance(40) {
		r["remote_ip_prefix"] = choose[any](g, nil, "0.0.0.0/0", "::/0", "10.0.0.0/8", "10.0.0.5/8", "10.1.2.3", "2001:db8::/32", "2001:DB8:0::1", "1.2.3.4/0",
			"::1:2/128", "bogus", "10.0.0.0/255.0.0.0", "")
	}
	if g.chance(20) {
		r["remote_group_id"] = choose(g, g.groups...)
	}
	if g.chance(8) && len(g.addressGroups) > 0 {
		r["remote_address_group_id"] = choose(g, g.addressGroups...)
	}
	if g.chance(10) {
		r["description"] = choose[any](g, "x", "", strings.Repeat("y", 256), nil, "é")
	}
	if g.chance(3) {
		r[choose(g, "id", "bogus", "tags")] = "x"
	}
	return r
}

// learn remembers what a call made and forgets what it deleted.
func (g *generator) learn(c call, names map[string]string, name string) {
	for _, known := range names {
		if !strings.HasPrefix(known, name) {
			continue
		}
		switch c.path {
		case groupsPath:
			g.groups = append(g.groups, known)
		case rulesPath:
			g.rules = append(g.rules, known)
		default:
			g.addressGroups = append(g.addressGroups, known)
		}
	}
	slices.Sort(g.groups)
	slices.Sort(g.rules)
	if c.method == "DELETE" {
		gone := func(known string) bool { return strings.HasSuffix(c.path, known) }
		g.groups, g.rules, g.addressGroups = slices.DeleteFunc(g.groups, gone), slices.DeleteFunc(g.rules, gone), slices.DeleteFunc(g.addressGroups, gone)
	}
}
