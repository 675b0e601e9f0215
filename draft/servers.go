package draft

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// kind is the ports that carry the very same tiers: a kind of server.
type kind struct {
	name  string
	tiers []string
	ports []rule.LivePort
	mixed int // how many of them carry groups besides that are no tiers
}

// findServers makes kinds of servers of ports, and counts the ports of each tier.
func (p *Policy) findServers(ports []rule.LivePort) {
	tiers := map[string]*tier{}
	for _, t := range p.Tiers {
		tiers[t.live.ID] = t
	}
	kinds := map[string]*kind{}
	for _, port := range ports {
		groups := slices.Compact(slices.Sorted(slices.Values(port.Groups)))
		var carried []string
		for _, id := range groups {
			if t := tiers[id]; t != nil {
				t.ports++
				carried = append(carried, t.name)
			}
		}
		if carried == nil {
			continue
		}
		slices.Sort(carried)
		key := strings.Join(carried, ",")
		if kinds[key] == nil {
			kinds[key] = &kind{tiers: carried}
			p.servers = append(p.servers, kinds[key])
		}
		kinds[key].ports = append(kinds[key].ports, port)
		if len(carried) < len(groups) {
			kinds[key].mixed++
		}
	}
	slices.SortFunc(p.servers, func(a, b *kind) int { return slices.Compare(a.tiers, b.tiers) })
	names := taken{}
	for _, k := range p.servers {
		k.name = names.one(k.called())
	}
	slices.SortFunc(p.servers, func(a, b *kind) int { return strings.Compare(a.name, b.name) })
}

// number is what tells one server of a kind from the next.
var number = regexp.MustCompile(`[-_.]?[0-9]*$`)

// called is how the names of all the ports begin, in whole words; where they have nothing
// in common, the kind is called by its tiers.
func (k *kind) called() string {
	byTiers := made(strings.Join(k.tiers, "-"), "server")
	shared := k.ports[0].Name
	for _, port := range k.ports {
		for !strings.HasPrefix(port.Name, shared) {
			shared = shared[:len(shared)-1]
		}
	}
	if slices.ContainsFunc(k.ports, func(port rule.LivePort) bool { return cutsWord(port.Name, shared) }) {
		shared = shared[:max(0, strings.LastIndexAny(shared, "-_."))]
	}
	shared = number.ReplaceAllString(shared, "")
	if len(shared) < 3 || !isName(shared) {
		return byTiers
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
	w.line("")
	w.comment("Kinds of server: ports that carry the same tiers, named by how their names begin, else by the tiers.")
	w.open("servers")
	for _, k := range p.servers {
		besides := ""
		if k.mixed > 0 {
			besides = fmt.Sprintf("; groups of others on %d of them", k.mixed)
		}
		var tiers []string
		for _, tier := range k.tiers {
			tiers = append(tiers, quote(tier))
		}
		w.comment("%s%s", count(len(k.ports), "port"), besides)
		w.open(label(k.name))
		w.list("tiers", tiers)
		w.close("{}")
	}
	w.close("{}")
}
