package lint

import "testing"

// TestSpelling: a name with a dot is in quotes, whatever it is the name of.
func TestSpelling(t *testing.T) {
	run(t, []row{
		{name: "of what fires", policy: `
addresses: {"lan.1": ["10.0.0.0/8"], "lan.2": ["10.1.0.0/16", "192.0.2.0/24"]}
tiers: "web.v2": {stateful: false, ingress: syslog: from: ["lan.1"]}
tiers: "db.v2": {}
servers: "s.1": tiers: ["web.v2"]`, want: `
3:38 note SGC007 addresses."lan.2": address set "lan.2" is used by no rule and no assertion; remove it, or use it
3:48 note SGC006 addresses."lan.2": 10.1.0.0/16 lies in 10.0.0.0/8 of address set "lan.1"; write each network once, or waive SGC006 if the sets are meant to share it
  3:23 10.0.0.0/8 of address set "lan.1"
4:8 warning SGC013 tiers."web.v2": is stateless, and these answers have no rule: egress IPv4 udp, ingress IPv4 icmp/3:4 (path-mtu); add them, or make the tier stateful
5:8 note SGC007 tiers."db.v2": tier "db.v2" is carried by no server; add it to a server's tiers, or remove it
6:10 warning SGC012 servers."s.1": may send nothing of its own: no DNS, no NTP, no updates, on OVN not even DHCP; give it a tier with egress, or waive SGC012 with the reason
`},
		{name: "of what is waived for nothing", policy: `
addresses: "lan.1": {cidrs: ["10.0.0.0/8"], waive: SGC006: "x"}
services: "app.1": {tcp: [8080], waive: SGC001: "x"}
groups: "g.1": {name: "g", waive: SGC001: "x"}
addressGroups: "h.1": {name: "h", waive: SGC001: "x"}
tiers: "web.v2": {ingress: "app.1": from: ["lan.1", "g.1", "h.1"], waive: SGC013: "x"}
servers: "s.1": {tiers: ["web.v2"], waive: SGC012: "x"}`, want: `
3:52 note SGC016 addresses."lan.1": the waiver of SGC006 answers nothing here; remove it
4:41 note SGC016 services."app.1": the waiver of SGC001 answers nothing here; remove it
5:35 note SGC016 groups."g.1": the waiver of SGC001 answers nothing here; remove it
6:42 note SGC016 addressGroups."h.1": the waiver of SGC001 answers nothing here; remove it
7:75 note SGC016 tiers."web.v2": the waiver of SGC013 answers nothing here; remove it
`},
	})
}
