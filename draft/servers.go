package draft

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// kind is the ports that carry the very same groups: a kind of server.
type kind struct {
	name      string
	tiers     []string
	others    []*rule.LiveGroup // that they carry too, and that are no tiers
	addresses []netip.Prefix    // of the networks in which its ports are, and nothing else is
	ports     []rule.LivePort
}

// findServers makes kinds of servers of ports, and counts the ports of each tier.
func (p *Policy) findServers(src Source) {
	tiers := map[string]*tier{}
	for _, t := range p.Tiers {
		tiers[t.live.ID] = t
	}
	groups := map[string]*rule.LiveGroup{}
	for i := range src.State.Groups {
		groups[src.State.Groups[i].ID] = &src.State.Groups[i]
	}
	kinds := map[string]*kind{}
	alone := map[string]*kind{} // in a network
	for _, port := range src.Ports {
		if strings.HasPrefix(port.Owner, rule.NetworkOwner) && len(port.Groups) == 0 {
			continue // as a network's DHCP and routers
		}
		ids := slices.Compact(slices.Sorted(slices.Values(port.Groups)))
		key := strings.Join(ids, ",")
		k := kinds[key]
		if k == nil {
			k = &kind{}
			kinds[key] = k
			for _, id := range ids {
				if t := tiers[id]; t != nil {
					k.tiers = append(k.tiers, t.name)
				} else {
					k.others = append(k.others, cmp.Or(groups[id], &rule.LiveGroup{ID: id}))
				}
			}
			slices.Sort(k.tiers)
			slices.SortFunc(k.others, compareGroups)
			if k.tiers != nil {
				p.servers = append(p.servers, k)
			}
		}
		k.ports = append(k.ports, port)
		for _, id := range ids {
			p.carried[id]++
			if t := tiers[id]; t != nil {
				t.ports++
			}
		}
		if first, seen := alone[port.Network]; seen && first != k {
			k = nil
		}
		alone[port.Network] = k
	}
	slices.SortFunc(p.servers, func(a, b *kind) int {
		return cmp.Or(slices.Compare(a.tiers, b.tiers), slices.CompareFunc(a.others, b.others, compareGroups))
	})
	times, names := map[string]int{}, taken{}
	for _, k := range p.servers {
		k.name = k.called(src.Servers)
		times[strings.ToLower(k.name)]++
	}
	for _, k := range p.servers {
		if k.name == "" || times[strings.ToLower(k.name)] > 1 {
			parts := slices.Clone(k.tiers)
			for _, g := range k.others {
				parts = append(parts, cmp.Or(g.Name, short(g.ID)))
			}
			k.name = made(strings.Join(parts, "-"), "server")
		}
		k.name = names.unique(k.name)
		if !slices.ContainsFunc(k.ports, func(port rule.LivePort) bool { return alone[port.Network] != k }) {
			k.addresses = networksOf(k.ports, src.Subnets)
		}
	}
	slices.SortFunc(p.servers, func(a, b *kind) int { return strings.Compare(a.name, b.name) })
}

// Lone is the networks in which all ports carry the same groups: of others nobody needs to
// know where they are.
func Lone(ports []rule.LivePort) []string {
	groups := map[string]string{} // by network
	mixed := map[string]bool{}
	for _, port := range ports {
		carried := strings.Join(slices.Sorted(slices.Values(port.Groups)), ",")
		if strings.HasPrefix(port.Owner, rule.NetworkOwner) && carried == "" {
			continue
		}
		if first, seen := groups[port.Network]; seen && first != carried || carried == "" {
			mixed[port.Network] = true
		}
		groups[port.Network] = carried
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(groups)), func(network string) bool { return mixed[network] })
}

// networksOf is where all addresses of the ports are, nil where that is not known of each.
func networksOf(ports []rule.LivePort, subnets map[string]netip.Prefix) []netip.Prefix {
	var list []netip.Prefix
	for _, port := range ports {
		for _, id := range port.Subnets {
			if prefix := subnets[id]; !prefix.IsValid() {
				return nil
			} else if !slices.Contains(list, prefix) {
				list = append(list, prefix)
			}
		}
		if port.Subnets == nil {
			return nil
		}
	}
	slices.SortFunc(list, comparePrefix)
	return list
}

// number is what tells one server of a kind from the next.
var number = regexp.MustCompile(`[-_.]?[0-9]*$`)

// called is what the names of all the ports share, or those of their servers, "" for
// nothing. Where two kinds are called alike, or one is called nothing, the groups say which.
func (k *kind) called(servers map[string]string) string {
	var ofPorts, ofServers []string
	for _, port := range k.ports {
		ofPorts, ofServers = append(ofPorts, port.Name), append(ofServers, servers[port.Device])
	}
	return cmp.Or(beginning(ofPorts), beginning(ofServers))
}

// beginning is how all the names begin, in whole words and without numbers, "" where that
// is no name for a kind of server.
func beginning(names []string) string {
	shared := names[0]
	for _, name := range names {
		for !strings.HasPrefix(name, shared) {
			shared = shared[:len(shared)-1]
		}
	}
	if slices.ContainsFunc(names, func(name string) bool { return cutsWord(name, shared) }) {
		shared = shared[:max(0, strings.LastIndexAny(shared, "-_."))]
	}
	shared = number.ReplaceAllString(shared, "")
	if len(shared) < 2 || !isName(shared) {
		return ""
	}
	return shared
}

// cutsWord says whether a prefix ends inside a word of a name.
func cutsWord(name, prefix string) bool {
	rest := name[len(prefix):]
	return rest != "" && prefix != "" && isLetter(rest[0]) && isLetter(prefix[len(prefix)-1])
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// carriedToo is the groups that a kind carries and that are no tiers, in words.
func (k *kind) carriedToo() string {
	var list []string
	for _, g := range k.others {
		list = append(list, strings.TrimSpace(fmt.Sprintf("%s (%s)", g.Name, g.ID)))
	}
	return strings.Join(list, ", ")
}

// undescribed is the kinds that carry groups which are no tiers, with these.
func (p *Policy) undescribed() []string {
	var list []string
	for _, k := range p.servers {
		if k.others != nil {
			list = append(list, fmt.Sprintf("%s: %s on %s", k.name, k.carriedToo(), rule.Counted(len(k.ports), "port")))
		}
	}
	return list
}

func (p *Policy) writeServers(w *writer) {
	if p.servers == nil {
		return
	}
	w.section("servers", "Kinds of server: ports that carry the same groups, named by what their names share, else by the groups.")
	for _, k := range p.servers {
		besides := ""
		if k.addresses != nil {
			besides = ", alone in their networks"
		}
		if k.others != nil {
			besides += fmt.Sprintf("; with %s, which no tier describes", k.carriedToo())
		}
		var tiers, addresses []string
		for _, tier := range k.tiers {
			tiers = append(tiers, quote(tier))
		}
		for _, prefix := range k.addresses {
			addresses = append(addresses, quote(network(prefix)))
		}
		w.comment("%s%s", rule.Counted(len(k.ports), "port"), besides)
		w.open(label(k.name))
		w.list("tiers", tiers)
		if addresses != nil {
			w.list("addresses", addresses)
		}
		w.close("{}")
	}
	w.close("{}")
}
