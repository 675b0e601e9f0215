package lint

import "testing"

func TestIdleConditionals(t *testing.T) {
	run(t, []row{
		{name: "fires on patterns and optional fields of names that there are not, and on definitions", policy: `
tiers: ["wbe"]: ingress: http: from: ["public"]
tiers: [=~"^db-"]: ingress: http: from: ["public"]
tiers: ["x" | "y"]: ingress: http: from: ["public"]
tiers: web: {
	ingress: {
		https: from: ["public"]
		ntp?: from: ["public"]
		#ssh: from: ["public"]
		_dns: from: ["public"]
	}
	egress: ["https"]: owner: "ops"
	others: ingress: [=~"^b$"]: owner: "ops"
}
tiers: [string]: ingress: ["htps"]: owner: "ops"
tiers: [!="wbe"]: description: "x"
tiers: [!="zzzz"]: description: "x"
servers: app?: tiers: ["web"]
services: ["api"]: tcp: [8080]
addresses: ["lan"]: ["10.0.0.0/8"]
groups: ["g"]: name: "g"
addressGroups: ["h"]: name: "h"
assert: ["a"]: never: {from: ["public"], to: ["web"]}`, want: `
3:8 warning SGC029 tiers: ["wbe"] matches no tier and has no effect; did you mean "web"?
4:8 note SGC029 tiers: [=~"^db-"] matches no tier and has no effect; correct it, or remove it
5:8 note SGC029 tiers: ["x" | "y"] matches no tier and has no effect; correct it, or remove it
9:3 warning SGC029 tiers.web.ingress: ntp? matches no rule and has no effect; write "ntp:" for one, or remove it
10:3 warning SGC029 tiers.web.ingress: #ssh is a definition, not a rule, and nothing refers to it; write "ssh:", or remove it
11:3 warning SGC029 tiers.web.ingress: _dns is hidden, not a rule, and nothing refers to it; write "dns:", or remove it
13:10 warning SGC029 tiers.web.egress: ["https"] matches no rule and has no effect; write "https:" for one, or remove it
14:19 note SGC029 tiers.web.others.ingress: [=~"^b$"] matches no rule and has no effect; correct it, or remove it
16:27 warning SGC029 tiers: ["htps"] matches no rule and has no effect; did you mean "https"?
17:8 warning SGC029 tiers: [!="wbe"] leaves out no tier, and so means all of them; did you mean "web"?
18:8 warning SGC029 tiers: [!="zzzz"] leaves out no tier, and so means all of them; correct it, or write [string]
19:10 warning SGC029 servers: app? matches no server and has no effect; write "app:" for one, or remove it
20:11 warning SGC029 services: ["api"] matches no service and has no effect; write "api:" for one, or remove it
21:12 warning SGC029 addresses: ["lan"] matches no address set and has no effect; write "lan:" for one, or remove it
22:9 warning SGC029 groups: ["g"] matches no group and has no effect; write "g:" for one, or remove it
23:16 warning SGC029 addressGroups: ["h"] matches no address group and has no effect; write "h:" for one, or remove it
24:9 warning SGC029 assert: ["a"] matches no assertion and has no effect; write "a:" for one, or remove it
`},
		{name: "keeps silent about what speaks of something, is referred to, cannot be told, or is under a condition", policy: `
_name: "wbe"
_base: ingress: ["htps"]: owner: "ops"
tiers: [Name=string]: description: Name
tiers: [=~"^w" | "db"]: {ingress: [string]: owner: "ops"}
tiers: [_name]: {}
tiers: [!="web"]: {}
tiers: {
	web: {
		ingress: {
			https: from: ["public"]
			https?: ticket: "OPS-7"
			ingress: {tcp: [8080], from: ["self"]}
			#own: {from: ["public"], ...}
			http: #own
			#far: {from: ["public"], ...}
			ntp: tiers.web.ingress.#far
			_other: "why there are so few"
			_near: {from: ["public"], ...}
			smtp: tiers.web.ingress._near
			"#odd": {tcp: [8081], from: ["self"]}
		}
		waive?: SGC001: "x"
		others: ingress: {
			["reason"]: owner: "ops"
			reason: {tcp: [8080], from: ["public"]}
		}
	}
	if false {
		["wbe"]: ingress: http: from: ["public"]
	}
}`},
		{name: "is waived at the top", policy: `
waive: SGC029: "for other sites"
tiers: ["wbe"]: ingress: http: from: ["public"]`},
	})
}
