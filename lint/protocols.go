package lint

import (
	"fmt"

	"sgc.dev/sgc/rule"
)

// soleProtocol is services that are used over one of TCP and UDP alone.
var soleProtocol = []listener{
	{"ssh", rule.TCP, 22, 22},
	{"telnet", rule.TCP, 23, 23},
	{"smtp", rule.TCP, 25, 25},
	{"bootp", rule.UDP, 67, 68},
	{"tftp", rule.UDP, 69, 69},
	{"pop3", rule.TCP, 110, 110},
	{"ntp", rule.UDP, 123, 123},
	{"imap", rule.TCP, 143, 143},
	{"snmp", rule.UDP, 161, 162},
	{"bgp", rule.TCP, 179, 179},
	{"ptp", rule.UDP, 319, 320},
	{"smb", rule.TCP, 445, 445},
	{"isakmp", rule.UDP, 500, 500},
	{"submission", rule.TCP, 587, 587},
	{"imaps", rule.TCP, 993, 993},
	{"pop3s", rule.TCP, 995, 995},
	{"l2tp", rule.UDP, 1701, 1701},
	{"etcd", rule.TCP, 2379, 2380},
	{"mysql", rule.TCP, 3306, 3306},
	{"bfd", rule.UDP, 3784, 3785},
	{"vxlan", rule.UDP, 4789, 4789},
	{"postgresql", rule.TCP, 5432, 5432},
	{"geneve", rule.UDP, 6081, 6081},
	{"redis", rule.TCP, 6379, 6379},
	{"kubernetes api", rule.TCP, 6443, 6443},
	{"vxlan", rule.UDP, 8472, 8472},
	{"kubelet", rule.TCP, 10250, 10250},
	{"mongodb", rule.TCP, 27017, 27017},
	{"wireguard", rule.UDP, 51820, 51820},
	{"wireguard", rule.UDP, 51871, 51871},
}

// wrongProtocol is SGC022.
func wrongProtocol(v *view) []found {
	var list []found
	for _, r := range v.rules {
		var opened, missed, names []string
		for _, m := range v.misplaced(r) {
			add(&opened, m.opened.Service())
			add(&missed, m.meant.Service())
			add(&names, m.name)
		}
		if opened != nil {
			list = append(list, v.fire("SGC022", r, r.Pos, fmt.Sprintf(
				"opens %s, but %s uses %s, which the tier does not open; change the protocol",
				some(opened), some(names), some(missed))))
		}
	}
	return list
}

// misplacement is ports of a service that a rule opens on the wrong protocol.
type misplacement struct {
	name          string
	opened, meant rule.Rule
}

// misplaced is what a rule opens on the wrong one of TCP and UDP, and nothing of
// its tier on the right one. A range of more than the service's own ports is there
// for something else.
func (v *view) misplaced(r liveRule) []misplacement {
	var list []misplacement
	for _, e := range r.entries {
		for _, l := range soleProtocol {
			meant := e.Rule
			meant.Protocol = l.protocol
			switch {
			case e.Protocol == l.protocol || e.Protocol != rule.TCP && e.Protocol != rule.UDP:
			case !l.span().Covers(meant.Span()) || usedForMuchElse[l.lo] && !l.names(r):
			case !v.opensOf(r.tier.Name).overlaps(side{e.Direction, e.Family}, meant):
				list = append(list, misplacement{l.name, e.Rule, meant})
			}
		}
	}
	return list
}
