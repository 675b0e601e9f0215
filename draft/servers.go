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

// kind is the ports that carry the very same tiers: a kind of server.
type kind struct {
	name      string
	tiers     []string
	addresses []netip.Prefix // of the networks in which its ports are, and nothing else is
	ports     []rule.LivePort
	mixed     int // how many of them carry groups besides that are no tiers
}

// findServers makes kinds of servers of ports, and counts the ports of each tier.
func (p *Policy) findServers(src Source) {
	tiers := map[string]*tier{}
	for _, t := range p.Tiers {
		tiers[t.live.ID] = t
	}
	kinds := map[string]*kind{}
	alone := map[string]*kind{} // in a network
	for _, port := range src.Ports {
		if strings.HasPrefix(port.Owner, rule.NetworkOwner) && len(port.Groups) == 0 {
			continue // as a network's DHCP and routers
		}
		groups := slices.Compact(slices.Sorted(slices.Values(port.Groups)))
		var carried []string
		for _, id := range groups {
			p.carried[id]++
			if t := tiers[id]; t != nil {
				t.ports++
				carried = append(carried, t.name)
			}
		}
		slices.Sort(carried)
		key := strings.Join(carried, ",")
		k := kinds[key]
		if k == nil {
			k = &kind{tiers: carried}
			kinds[key] = k
			if carried != nil {
				p.servers = append(p.servers, k)
			}
		}
		k.ports = append(k.ports, port)
		if len(carried) < len(groups) {
			k.mixed++
		}
		if first, seen := alone[port.Network]; seen && first != k {
			k = nil
		}
		alone[port.Network] = k
	}
	slices.SortFunc(p.servers, func(a, b *kind) int { return slices.Compare(a.tiers, b.tiers) })
	times, names := map[string]int{}, taken{}
	for _, k := range p.servers {
		k.name = k.called(src.Servers)
		times[strings.ToLower(k.name)]++
	}
	for _, k := range p.servers {
		if k.name == "" || times[strings.ToLower(k.name)] > 1 {
			k.name = made(strings.Join(k.tiers, "-"), "server")
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
// nothing. Where two kinds are called alike, or one is called nothing, the tiers say which.
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

func (p *Policy) writeServers(w *writer) {
	if p.servers == nil {
		return
	}
	w.section("servers", "Kinds of server: ports that carry the same tiers, named by what their names share, else by the tiers.")
	for _, k := range p.servers {
		besides := ""
		if k.addresses != nil {
			besides = ", alone in their networks"
		}
		if k.mixed > 0 {
			besides += fmt.Sprintf("; groups of others on %d of them", k.mixed)
		}
		var tiers, addresses []string
		for _, tier := range k.tiers {
			tiers = append(tiers, quote(tier))
		}
		for _, prefix := range k.addresses {
			addresses = append(addresses, quote(network(prefix)))
		}
		w.comment("%s%s", count(len(k.ports), "port"), besides)
		w.open(label(k.name))
		w.list("tiers", tiers)
		if addresses != nil {
			w.list("addresses", addresses)
		}
		w.close("{}")
	}
	w.close("{}")
}
