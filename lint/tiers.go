package lint

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// unansweredTiers is SGC010: ingress from a tier whose servers may not send it,
// or egress to one whose servers do not let it in. A server does what any of its
// tiers allows; a tier that no server carries is not judged. Only what cannot
// work on any server, in any IP version, is found.
func unansweredTiers(v *view) []found {
	known := map[string][]*openings{}
	every := func(*schema.Tier) bool { return true }
	var list []found
	for _, r := range v.rules {
		back, says := rule.Egress, `lets %[1]s in from tier %[2]q, but no server that carries %[2]q may send it`
		if r.Direction == rule.Egress {
			back, says = rule.Ingress, `lets %[1]s out to tier %[2]q, but no server that carries %[2]q lets it in`
		}
		for _, there := range tiersOf(r.entries) {
			if len(v.carriers[there]) == 0 {
				continue
			}
			if known[there] == nil {
				known[there] = v.opensAround(there, every)
			}
			missed, origin := v.missedBy(known[there], back, r.entries, there, r.tier.Name)
			if len(missed) == 0 {
				continue
			}
			f := v.fire("SGC010", r, origin.PeerPos, fmt.Sprintf(
				says+"; add the %[3]s to one of its tiers, or take the peer out", some(missed), there, back))
			for _, s := range v.carriers[there][:min(3, len(v.carriers[there]))] {
				f.Related = append(f.Related, Related{s.Pos, fmt.Sprintf("server %q carries %s", s.Name, quoted(s.Tiers))})
			}
			list = append(list, f)
		}
	}
	return list
}

// tiersOf is the tiers among the entries' remotes, each once, by name.
func tiersOf(entries []rule.Entry) []string {
	var names []string
	for _, e := range entries {
		if e.Remote.Kind() == rule.RemoteTier {
			names = append(names, e.Remote.Name())
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// missedBy is the services that entries have with the tier there and that
// nothing there answers in any family, and where they come from. ICMP's types
// differ between the families, so all of ICMP counts as one service.
func (v *view) missedBy(opens []*openings, back rule.Direction, entries []rule.Entry, there string, here string) ([]string, rule.Origin) {
	key := func(e rule.Entry) string {
		if e.Protocol.IsICMP() {
			return "icmp"
		}
		return e.Service()
	}
	answered := map[string]bool{}
	var asked []rule.Entry
	for _, e := range entries {
		if e.Remote != rule.Tier(there) {
			continue
		}
		asked = append(asked, e)
		if slices.ContainsFunc(opens, func(o *openings) bool { return v.allows(o.at(side{back, e.Family}), e.Rule, here) }) {
			answered[key(e)] = true
		}
	}
	asked = slices.DeleteFunc(asked, func(e rule.Entry) bool { return answered[key(e)] })
	if len(asked) == 0 {
		return nil, rule.Origin{}
	}
	return servicesOf(asked), asked[0].Origins[0]
}

// serversWithoutEgress is SGC012.
func serversWithoutEgress(v *view) []found {
	var list []found
	for i := range v.Servers {
		s := &v.Servers[i]
		if slices.ContainsFunc(s.Tiers, func(tier string) bool {
			return slices.ContainsFunc(v.written[tier], func(e rule.Entry) bool { return e.Direction == rule.Egress })
		}) {
			continue
		}
		list = append(list, v.fireServer("SGC012", s,
			"may send nothing of its own: no DNS, no NTP, no updates, on OVN not even DHCP; give it a tier with egress, or waive SGC012 with the reason"))
	}
	return list
}

// mixedServers is SGC014: Neutron refuses a port with groups of both kinds.
func mixedServers(v *view) []found {
	var list []found
	for i := range v.Servers {
		s := &v.Servers[i]
		var stateful, stateless []string
		for _, name := range s.Tiers {
			switch t := v.tiers[name]; {
			case t == nil:
			case t.Stateful:
				stateful = append(stateful, name)
			default:
				stateless = append(stateless, name)
			}
		}
		if len(stateful) > 0 && len(stateless) > 0 {
			list = append(list, v.fireServer("SGC014", s, fmt.Sprintf(
				"carries stateful tiers (%s) and stateless ones (%s), and Neutron refuses both on one port; make them all of one kind",
				quoted(stateful), quoted(stateless))))
		}
	}
	return list
}

func (v *view) fireServer(code string, s *schema.Server, message string) found {
	return fire(code, s.Pos, rule.Path("servers", s.Name), message, s.Waive, v.Waive)
}

func quoted(names []string) string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = strconv.Quote(name)
	}
	return strings.Join(list, ", ")
}
