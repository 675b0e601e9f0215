package draft

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// An estate is what a project may have: groups as Neutron lists them, made by people with
// different habits.
type estate struct {
	*rand.Rand
	groups []map[string]any
	ids    []string // of the groups, and of some that are not the project's
	ports  []rule.LivePort
}

func newEstate(seed uint64, groups, rules int) *estate {
	e := &estate{Rand: rand.New(rand.NewPCG(seed, 11))}
	for range groups {
		e.ids = append(e.ids, e.uuid())
	}
	foreign := []string{e.uuid(), e.uuid()}
	prefix := pick(e, []string{"", "", "demo-", "a_b-"})
	suffix := pick(e, []string{"", "", "", "_r1_dev"})
	for i, id := range e.ids {
		name := prefix + fmt.Sprintf("%s%d", pick(e, []string{"web", "db", "k8s-", "Slurm_", "x"}), i) + suffix
		if e.one(12) {
			name = e.uglyName()
		}
		if e.one(15) && i > 0 { // there is one of the name already
			name = e.groups[e.IntN(i)]["name"].(string)
			if e.one(2) {
				name = strings.ToUpper(name)
			}
		}
		if i == 0 && e.one(2) {
			name = "default"
		}
		g := map[string]any{
			"id": id, "project_id": "p1", "name": name, "description": e.text(), "stateful": !e.one(8), "tags": e.tags(),
			"revision_number": 1 + e.IntN(9), "created_at": fmt.Sprintf("2026-01-%02dT00:00:00Z", 1+i%28), "updated_at": fmt.Sprintf("2026-02-%02dT00:00:00Z", 1+e.IntN(28)),
		}
		if e.one(10) {
			g["description"] = "of another [sgc:other/web]"
		}
		remotes := append(slices.Clone(e.ids), foreign...)
		list := e.born()
		for range e.IntN(rules + 1) {
			list = append(list, e.rules(id, remotes)...)
		}
		if e.one(12) {
			list = append(list, e.opaque())
		}
		if len(list) > 0 && e.one(3) { // true duplicates, as concurrent writers leave them
			again := map[string]any{}
			for k, v := range pick(e, list) {
				again[k] = v
			}
			list = append(list, again)
		}
		e.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		for _, r := range list {
			r["id"], r["security_group_id"] = e.uuid(), id
		}
		g["security_group_rules"] = list
		e.groups = append(e.groups, g)
	}
	if e.one(2) {
		e.ports = []rule.LivePort{}
		for i := range e.IntN(6) {
			port := rule.LivePort{
				ID: e.uuid(), Name: pick(e, []string{"", "web-", "web-", "db", "\u202e\a", "tiers"}), Device: pick(e, serverNames),
				Owner:   pick(e, []string{"", "compute:nova", "compute:nova", "network:dhcp", "Octavia"}),
				Network: pick(e, []string{"n1", "n2", "n3"}), Subnets: pick(e, [][]string{nil, {"s4"}, {"s4", "s6"}, {"theirs"}}),
			}
			if port.Name != "" {
				port.Name += fmt.Sprint(i)
			}
			for range e.IntN(4) {
				port.Groups = append(port.Groups, pick(e, append(slices.Clone(e.ids), foreign...)))
			}
			e.ports = append(e.ports, port)
		}
	}
	return e
}

// serverNames are those of servers, which have them as ids too.
var serverNames = []string{"vm-1", "vm-2", "\u202e\a", "*/", "public", "", strings.Repeat("long", 30)}

// json is the answer to GET /v2.0/security-groups, in some order.
func (e *estate) json() []byte {
	e.Shuffle(len(e.groups), func(i, j int) { e.groups[i], e.groups[j] = e.groups[j], e.groups[i] })
	e.Shuffle(len(e.ports), func(i, j int) { e.ports[i], e.ports[j] = e.ports[j], e.ports[i] })
	for _, g := range e.groups {
		rules := g["security_group_rules"].([]map[string]any)
		e.Shuffle(len(rules), func(i, j int) { rules[i], rules[j] = rules[j], rules[i] })
	}
	data, err := json.Marshal(map[string]any{"security_groups": e.groups})
	if err != nil {
		panic(err)
	}
	return data
}

func (e *estate) one(in int) bool { return e.IntN(in) == 0 }

func pick[E any](e *estate, list []E) E { return list[e.IntN(len(list))] }

func (e *estate) uuid() string {
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", e.Uint32(), e.IntN(1<<16), e.IntN(1<<16), e.IntN(1<<16), e.Int64N(1<<48))
}

func (e *estate) uglyName() string {
	return pick(e, []string{
		"", "public", "self", "any", "with blanks", "10.0.0.1", "10-0-0-1", "tab\tand\nline", "quote\"d 'n' \\(x)", "*/ // {", "\u202egnp.exe", "ä", strings.Repeat("long", 50),
		"bell\a", "smile \U0001F600", "-dash", "_hidden", "true", "package", "net-192.0.2.0-26", "tiers", "a:b", strings.Repeat("é", 100), "100%",
	})
}

func (e *estate) text() string {
	switch e.IntN(9) {
	case 0:
		return "by hand"
	case 1:
		return "say \"no\" */ // \\(name) and\nanother line\t"
	case 2:
		return "\u202egnp.exe and \U0001F600"
	case 3:
		return strings.Repeat("x", 200+e.IntN(56))
	case 4:
		return "[sgc:mine/gone] was here"
	case 5:
		return strings.Repeat("[sgc: \a", 30)
	case 6:
		return " blank about "
	}
	return ""
}

func (e *estate) tags() []string {
	var tags []string
	for range e.IntN(4) {
		tags = append(tags, pick(e, []string{"env=prod", "Env=prod", "a,b", "sgc:x", "owner \"me\"", "blank ", "ü", "terraforming"}))
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}

func (e *estate) born() []map[string]any {
	four, six := map[string]any{"direction": "egress", "ethertype": "IPv4"}, map[string]any{"direction": "egress", "ethertype": "IPv6"}
	switch e.IntN(8) {
	case 0:
		return nil
	case 1:
		return []map[string]any{four}
	case 2:
		four["description"], six["description"] = "all egress", "all egress"
	}
	return []map[string]any{four, six}
}

func (e *estate) opaque() map[string]any {
	r := map[string]any{"direction": "ingress", "ethertype": "IPv4"}
	switch e.IntN(4) {
	case 0:
		r["ethertype"], r["remote_ip_prefix"] = "IPv6", "::ffff:0:0/96"
	case 3:
		r["protocol"] = "0"
	case 1:
		r["protocol"], r["port_range_min"], r["port_range_max"] = "udplite", 7, 8
	case 2:
		r["protocol"], r["port_range_min"], r["port_range_max"] = "33", 5, 6
	}
	return r
}

// rules are one rule, or several that people would say in one sentence.
func (e *estate) rules(own string, groups []string) []map[string]any {
	r := map[string]any{"direction": pick(e, []string{"ingress", "ingress", "ingress", "egress"}), "ethertype": pick(e, []string{"IPv4", "IPv4", "IPv6"})}
	if e.one(5) {
		r["description"] = pick(e, []string{"ssh", "http", "asked for by \"them\"", "two\nlines */", "\u202e", strings.Repeat("d", 255), "\a"})
	}
	port := func(lo, hi int) { r["port_range_min"], r["port_range_max"] = lo, hi }
	switch e.IntN(12) {
	case 0: // any protocol
	case 1:
		r["protocol"] = pick(e, []string{"icmp", "icmp", "1"})
		if r["ethertype"] == "IPv6" {
			r["protocol"] = pick(e, []string{"ipv6-icmp", "icmpv6", "58", "icmp"})
		}
		switch e.IntN(4) {
		case 0:
			r["port_range_min"] = pick(e, []int{0, 8, 128})
		case 1:
			port(pick(e, []int{0, 3}), pick(e, []int{0, 4}))
		}
	case 2:
		r["protocol"] = pick(e, []string{"esp", "51", "vrrp", "99", "gre", "igmp", "33", "udplite", "112"})
	case 3:
		r["protocol"] = pick(e, []string{"tcp", "udp", "sctp", "6"})
		if e.one(2) {
			port(1, 65535)
		}
	case 4:
		r["protocol"] = pick(e, []string{"tcp", "udp", "sctp", "17"})
		lo := 1 + e.IntN(65000)
		port(lo, lo+e.IntN(500))
	case 5:
		r["protocol"] = "tcp"
		lo := pick(e, []int{79, 80, 2379, 9090})
		port(lo, lo+e.IntN(3))
	default:
		r["protocol"] = pick(e, []string{"tcp", "tcp", "tcp", "6", "udp"})
		lo := pick(e, []int{22, 53, 80, 80, 443, 111, 2049, 5000, 9090, 3478, 8301, 25107, 4567, 445})
		port(lo, lo)
	}
	switch e.IntN(9) {
	case 0, 1:
	case 2:
		r["remote_ip_prefix"] = pick(e, []string{"0.0.0.0/0"})
		if r["ethertype"] == "IPv6" {
			r["remote_ip_prefix"] = "::/0"
		}
	case 3:
		r["remote_group_id"] = own
	case 4:
		r["remote_group_id"] = pick(e, groups)
	case 5:
		r["remote_address_group_id"] = pick(e, []string{"aaaaaaaa-0000-0000-0000-000000000001", "aaaaaaaa-0000-0000-0000-000000000002", "bbbbbbbb-0000-0000-0000-000000000003"})
	default:
		r["remote_ip_prefix"] = pick(e, []string{"10.0.0.5/24", "10.0.0.0/24", "10.0.0.0/8", "192.0.2.7/32", "169.254.169.254/32", "198.51.100.0/25", "203.0.113.0/27", "10.0.0.5"})
		if r["ethertype"] == "IPv6" {
			r["remote_ip_prefix"] = pick(e, []string{"2001:db8::/32", "2001:DB8::5/64", "fe80::1/128", "::1/128", "2001:db8:1::/48"})
		}
	}
	list := []map[string]any{r}
	twin := func(change func(map[string]any)) {
		other := map[string]any{}
		for k, v := range r {
			other[k] = v
		}
		change(other)
		list = append(list, other)
	}
	if e.one(4) && r["remote_ip_prefix"] == nil && (r["protocol"] == nil || r["protocol"] == "tcp") {
		twin(func(o map[string]any) {
			o["ethertype"] = map[any]string{"IPv4": "IPv6", "IPv6": "IPv4"}[r["ethertype"]]
		})
	}
	if e.one(4) && r["protocol"] == "tcp" {
		twin(func(o map[string]any) { o["protocol"] = "udp" })
	}
	if e.one(4) && r["ethertype"] == "IPv4" && r["remote_ip_prefix"] != nil {
		for _, more := range []string{"198.51.100.0/25", "203.0.113.0/27"} {
			twin(func(o map[string]any) { o["remote_ip_prefix"] = more })
		}
	}
	return list
}
