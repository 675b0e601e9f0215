package lint

import (
	"slices"
	"testing"

	"sgc.dev/sgc/schema"
)

func TestWrongProtocol(t *testing.T) {
	run(t, []row{
		{name: "fires in both directions, and in place of SGC017", policy: `
tiers: gate: {
	ingress: {
		wireguard: {tcp: [51820], from: ["public"]}
		overlay: {tcp: [4789, 8472], from: ["self"]}
		"geneve-tunnel": {tcp: [6081], from: ["self"]}
		db: {udp: [5432], from: ["self"]}
	}
	egress: time: {tcp: [123], to: ["public"]}
}`, want: `
5:3 warning SGC022 tiers.gate.ingress.wireguard: opens tcp/51820, but wireguard uses udp/51820, which the tier does not open; change the protocol
6:3 warning SGC022 tiers.gate.ingress.overlay: opens tcp/4789, tcp/8472, but vxlan uses udp/4789, udp/8472, which the tier does not open; change the protocol
7:3 warning SGC022 tiers.gate.ingress.geneve-tunnel: opens tcp/6081, but geneve uses udp/6081, which the tier does not open; change the protocol
8:3 warning SGC022 tiers.gate.ingress.db: opens udp/5432, but postgresql uses tcp/5432, which the tier does not open; change the protocol
10:10 warning SGC022 tiers.gate.egress.time: opens tcp/123, but ntp uses udp/123, which the tier does not open; change the protocol
`},
		{name: "keeps silent where the tier opens the right one too, about ranges, and about what uses both", policy: `
tiers: gate: ingress: {
	ntp: from: ["10.0.0.0/8"]
	"ntp-tcp": {tcp: [123], from: ["10.1.0.0/16"]}
	"postgresql": {tcp: [5432], udp: [5432], from: ["self"]}
	wide: {tcp: ["4780-4790"], udp: ["5430-5440"], from: ["self"]}
	varnish: {tcp: [6081], from: ["self"]}
	quic: {udp: [443, 3389, 2049], from: ["self"]}
	vpn: {tcp: [1194], from: ["self"]}
}`, want: `
6:2 note SGC017 tiers.gate.ingress.postgresql: opens udp/5432, but "postgresql" is the name of tcp/5432; give the rule another key
`},
		{name: "is waived", policy: `
tiers: {
	a: ingress: x: {tcp: [51820], from: ["self"], waive: SGC022: "not WireGuard"}
	b: {ingress: x: {tcp: [51820], from: ["self"]}, waive: SGC022: "not WireGuard"}
}`},
	})
}

// TestSoleProtocol holds that the catalog opens no port on the wrong protocol.
func TestSoleProtocol(t *testing.T) {
	catalog, err := schema.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, service := range catalog {
		for _, l := range listeners {
			opens := func(right bool) bool {
				return l.is(sole) && slices.ContainsFunc(service.Matches, func(m schema.Match) bool {
					lo, hi, ok := m.Ports.Range()
					return ok && l.lo <= lo && hi <= l.hi && (m.Protocol == l.protocol) == right
				})
			}
			if opens(true) {
				seen++
			}
			if opens(false) && !opens(true) {
				t.Errorf("%s opens the port of %s on the wrong protocol", service.Name, l.name)
			}
		}
	}
	if seen < 30 {
		t.Errorf("only %d services of the catalog are in the table", seen)
	}
}
