package lint

import "testing"

func TestDifferences(t *testing.T) {
	run(t, []row{
		{name: "fires at the port, once for all tiers of a pattern, and in a service", policy: `
tiers: [string]: ingress: site: {tcp: [22, 443-80], from: ["10.0.0.0/8"]}
tiers: {a: {}, b: {}}
_shared: udp: [9000-8000]
tiers: a: ingress: shared: {_shared, from: ["10.0.0.0/8"]}
tiers: a: ingress: mine: from: ["10.0.0.0/8"]
services: mine: sctp: [7000-6990]
`, want: `
3:44 warning SGC028 tiers.a.ingress.site: 443-80 is a difference, tcp/363; write "80-443" for the range, or blanks about the "-"
5:16 warning SGC028 tiers.a.ingress.shared: 9000-8000 is a difference, udp/1000; write "8000-9000" for the range, or blanks about the "-"
8:24 warning SGC028 services.mine: 7000-6990 is a difference, sctp/10; write "6990-7000" for the range, or blanks about the "-"
`},
		{name: "keeps silent about arithmetic", policy: `
_base: 9000-100
_n: 5
tiers: a: ingress: x: {tcp: [_base, 9000 - 200, 9000 -300, 9000- 400, 9000-_n, 9000-500+1, (9000-600), 9000*2], from: ["10.0.0.0/8"]}
tiers: a: description: "\(443-80)"
`},
		{name: "is waived by the rule, the tier, the service and the policy", policy: `
tiers: a: ingress: x: {tcp: [443-80], from: ["10.0.0.0/8"], waive: SGC028: "one"}
tiers: b: {ingress: x: {tcp: [443-81], from: ["10.0.0.0/8"]}, waive: SGC028: "two"}
tiers: b: ingress: mine: from: ["10.0.0.0/8"]
services: mine: {sctp: [7000-6990], waive: SGC028: "three"}
`},
	})
}
