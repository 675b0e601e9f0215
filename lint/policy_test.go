package lint

import "testing"

func TestExpiry(t *testing.T) {
	run(t, []row{
		{name: "SGC008 and SGC009 fire", policy: `
tiers: a: ingress: {
	https: {from: ["public"], expires: "2027-01-31", owner: "shop", ticket: "OPS-7"}
	http: {from: ["public"], expires: "2027-02-01", owner: "web"}
	ntp: {from: ["public"], expires: "2027-03-03", ticket: "OPS-8"}
	dns: {from: ["public"], expires: "2027-03-04"}
	"domain-s": {
		from: ["public"]
		expires: "1999-12-31"
	}
}`, want: `
4:28 warning SGC008 tiers.a.ingress.https: expired after 2027-01-31 and opens nothing; remove the rule, or set a new day (owner "shop", ticket "OPS-7")
5:27 warning SGC009 tiers.a.ingress.http: expires after 2027-02-01; extend it, or plan its removal (owner "web")
6:26 warning SGC009 tiers.a.ingress.ntp: expires after 2027-03-03; extend it, or plan its removal (ticket "OPS-8")
10:3 warning SGC008 tiers.a.ingress.domain-s: expired after 1999-12-31 and opens nothing; remove the rule, or set a new day
`},
		{name: "both are waived", policy: `
tiers: a: ingress: {
	https: {from: ["public"], expires: "2027-01-31", waive: SGC008: "back in May"}
	http: {from: ["public"], expires: "2027-02-01", waive: SGC009: "known"}
}`},
		{name: "a waiver of theirs waits for its day", policy: `
tiers: a: ingress: {
	https: {from: ["public"], expires: "2031-01-31", waive: SGC008: "ends by itself", waive: SGC009: "known"}
}`},
		{name: "an expired rule opens nothing and is judged no further", policy: `
tiers: a: ingress: ssh: {from: ["public"], expires: "2027-01-31", waive: {SGC001: "a trial", SGC008: "back in May"}}`},
	})
}

func TestQuota(t *testing.T) {
	run(t, []row{
		{name: "fires on the tenth group", policy: `
tiers: {for n in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"] {(n): {}}}`, want: `
4:1 warning SGC011 name: the policy has 10 groups and 0 rules, with the project's default group 11 and 4; OpenStack's default quota is 10 and 100; need fewer, or have the quota raised and waive SGC011
`},
		{name: "keeps silent about nine", policy: `
tiers: {for n in ["a", "b", "c", "d", "e", "f", "g", "h", "i"] {(n): {}}}`},
		{name: "fires on the 97th rule", policy: `
tiers: a: ingress: x: {tcp: [for a in [0, 1, 2, 3, 4, 5, 6, 7] for b in [1, 3, 5, 7, 9, 11] {a*100 + b}], from: ["10.0.0.0/8", "fd00::/8"]}
tiers: b: ingress: y: {udp: [7], from: ["10.0.0.0/8"]}`, want: `
5:1 warning SGC011 name: the policy has 2 groups and 97 rules, with the project's default group 3 and 101; OpenStack's default quota is 10 and 100; need fewer, or have the quota raised and waive SGC011
`},
		{name: "keeps silent about 96 rules, counted after minimising", policy: `
tiers: a: ingress: x: {tcp: [for a in [0, 1, 2, 3, 4, 5, 6, 7] for b in [1, 2, 4, 6, 8, 10, 15] {a*100 + b}], from: ["10.0.0.0/8", "fd00::/8"]}`},
		{name: "is waived", policy: `
waive: SGC011: "we have 50"
tiers: {for n in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"] {(n): {}}}`},
	})
}

func TestWaivers(t *testing.T) {
	run(t, []row{
		{name: "SGC015 fires everywhere", policy: `
waive: SGC900: "a"
addresses: lan: {cidrs: ["10.0.0.0/8"], waive: SGC901: "b"}
services: api: {tcp: [8080], waive: sgc001: "c"}
groups: legacy: {name: "old", waive: SGC903: "d"}
addressGroups: office: {name: "office", waive: SGC904: "e"}
tiers: app: {
	ingress: api: {from: ["lan", "legacy", "office"], waive: SGC905: "f"}
	egress: ntp: to: ["public"]
	waive: SGC906: "g"
}
servers: app: {tiers: ["app"], waive: SGC907: "h"}`, want: `
3:8 warning SGC015 waive: no lint has the code "SGC900"; correct it, or remove the waiver
4:48 warning SGC015 addresses.lan: no lint has the code "SGC901"; correct it, or remove the waiver
5:37 warning SGC015 services.api: no lint has the code "sgc001"; did you mean "SGC001"?
6:38 warning SGC015 groups.legacy: no lint has the code "SGC903"; correct it, or remove the waiver
7:48 warning SGC015 addressGroups.office: no lint has the code "SGC904"; correct it, or remove the waiver
9:59 warning SGC015 tiers.app.ingress.api: no lint has the code "SGC905"; correct it, or remove the waiver
11:9 warning SGC015 tiers.app: no lint has the code "SGC906"; correct it, or remove the waiver
13:39 warning SGC015 servers.app: no lint has the code "SGC907"; correct it, or remove the waiver
`},
		{name: "SGC015 says what is near", policy: `
waive: {SGC01: "a", SGC0012: "b", "SGC-008": "c", GSC005: "d", ssh: "e"}
tiers: app: ingress: http: from: ["public"]`, want: `
3:9 warning SGC015 waive: no lint has the code "SGC01"; did you mean "SGC001"?
3:21 warning SGC015 waive: no lint has the code "SGC0012"; did you mean "SGC012"?
3:35 warning SGC015 waive: no lint has the code "SGC-008"; did you mean "SGC008"?
3:51 warning SGC015 waive: no lint has the code "GSC005"; did you mean "SGC005"?
3:64 warning SGC015 waive: no lint has the code "ssh"; correct it, or remove the waiver
`},
		{name: "SGC016 fires at a wrong place, and the nearest waiver answers", policy: `
waive: SGC003: "top"
tiers: app: {
	ingress: ssh: {from: ["public"], waive: SGC001: "rule"}
	egress: ntp: to: ["public"]
	waive: SGC001: "tier"
}
servers: app: {tiers: ["app"], waive: SGC001: "server"}`, want: `
3:8 note SGC016 waive: the waiver of SGC003 answers nothing here; remove it
7:9 note SGC016 tiers.app: the waiver of SGC001 answers nothing here; remove it
9:39 note SGC016 servers.app: the waiver of SGC001 answers nothing here; remove it
`},
		{name: "a waiver that a pattern puts at many places is one", policy: `
tiers: [string]: waive: SGC001: "bastions, some of them"
tiers: a: ingress: ssh: from: ["public"]
tiers: b: ingress: https: from: ["public"]`},
		{name: "SGC016 fires once for a pattern", policy: `
tiers: [string]: waive: SGC001: "no bastion any more"
tiers: a: ingress: http: from: ["public"]
tiers: b: ingress: https: from: ["public"]`, want: `
3:25 note SGC016 tiers.a: the waiver of SGC001 answers nothing here; remove it
`},
		{name: "both are waived", policy: `
waive: SGC015: "newer versions know it"
tiers: a: {ingress: https: from: ["public"], waive: {SGC900: "x", SGC001: "in production", SGC016: "by environment"}}`},
	})
}

// TestOrder holds that findings come by position, then code, whatever finds them.
func TestOrder(t *testing.T) {
	run(t, []row{{name: "one line", policy: `
tiers: a: ingress: {x: {tcp: [22, 3306], from: ["0.0.0.0/0"]}, y: {tcp: [22], from: ["0.0.0.0/0"]}}`, want: `
3:21 warning SGC001 tiers.a.ingress.x: opens ssh (tcp/22) to the world (from "0.0.0.0/0"); name the networks of the administrators
3:21 warning SGC002 tiers.a.ingress.x: opens mysql (tcp/3306) to the world (from "0.0.0.0/0"); name the tiers that use the database
3:21 warning SGC004 tiers.a.ingress.x: opens tcp/22, tcp/3306 in IPv4 and forgets IPv6; write "public", which is both, or say families: ["ipv4"] to mean it
3:64 warning SGC001 tiers.a.ingress.y: opens ssh (tcp/22) to the world (from "0.0.0.0/0"); name the networks of the administrators
3:64 warning SGC004 tiers.a.ingress.y: opens tcp/22 in IPv4 and forgets IPv6; write "public", which is both, or say families: ["ipv4"] to mean it
3:64 warning SGC005 tiers.a.ingress.y: has no effect: all that it opens is already open through tiers.a.ingress.x (p.cue:3:21); remove it, or narrow the other
  3:21 covered by tiers.a.ingress.x
`}})
}
