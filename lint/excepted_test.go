package lint

import "testing"

func TestLetInAnyway(t *testing.T) {
	run(t, []row{
		{name: "fires on another rule, in the IP version and for the ports that both have", policy: `
addresses: {scanners: ["198.51.100.7", "2001:db8::7"], office: ["198.51.100.0/24"]}
tiers: a: {
	ingress: {
		https: {from: ["public"], except: ["scanners", "203.0.113.9"]}
		range: {tcp: ["440-449"], from: ["office", "203.0.113.0/28", "192.0.2.0/24"]}
		six: {tcp: [443], from: ["2001:db8::/64"]}
		other: {tcp: [444], from: ["office"]}
		udp: {udp: [443], from: ["office"]}
		four: {icmp4: [{type: 3}], from: ["office"]}
	}
	egress: https: to: ["office"]
}
tiers: b: ingress: https: from: ["office"]
waive: {SGC004: "x", SGC005: "x"}`, want: `
7:36 warning SGC027 tiers.a.ingress.range: "office" opens tcp/440-449 from "scanners", which tiers.a.ingress.https (p.cue:6:3) excepts; no rule closes what another opens: except it here too
  6:38 excepted in tiers.a.ingress.https
7:46 warning SGC027 tiers.a.ingress.range: "203.0.113.0/28" opens tcp/440-449 from "203.0.113.9", which tiers.a.ingress.https (p.cue:6:3) excepts; no rule closes what another opens: except it here too
  6:38 excepted in tiers.a.ingress.https
8:28 warning SGC027 tiers.a.ingress.six: "2001:db8::/64" opens tcp/443 from "scanners", which tiers.a.ingress.https (p.cue:6:3) excepts; no rule closes what another opens: except it here too
  6:38 excepted in tiers.a.ingress.https
`},
		{name: "fires on everyone, every protocol, and egress", policy: `
tiers: a: egress: {
	ntp: {to: ["10.0.0.0/8"], except: ["10.1.0.0/16"]}
	any: {to: ["public"], families: ["ipv4"]}
}`, want: `
4:2 warning SGC005 tiers.a.egress.ntp: has no effect: all that it opens is already open through tiers.a.egress.any (p.cue:5:2); remove it, or narrow the other
  5:2 covered by tiers.a.egress.any
5:13 warning SGC027 tiers.a.egress.any: "public" opens any to "10.1.0.0/16", which tiers.a.egress.ntp (p.cue:4:2) excepts; no rule closes what another opens: except it here too
  4:37 excepted in tiers.a.egress.ntp
`},
		{name: "fires on tiers and groups in the same from, and on tiers whose servers are there", policy: `
groups: theirs: name: "theirs"
tiers: {
	a: ingress: {
		https: {from: ["public", "self", "theirs", "b"], except: ["10.0.0.0/8"]}
		"tls-b": {tcp: [443], from: ["b", "c", "theirs"]}
	}
	a: egress: https: to: ["a"]
	b: egress: https: to: ["a"]
	c: egress: https: to: ["a"]
}
servers: {a: tiers: ["a"], b: {tiers: ["b"], addresses: ["10.1.2.3", "2001:db8::3"]}, c: {tiers: ["c"], addresses: ["192.0.2.3"]}}
waive: SGC005: "x"`, want: `
6:28 warning SGC027 tiers.a.ingress.https: except removes nobody from "self", which opens tcp/443 from whoever of "10.0.0.0/8" is in it; remove it, or give it a rule of its own
  6:61 excepted in tiers.a.ingress.https
6:36 warning SGC027 tiers.a.ingress.https: except removes nobody from "theirs", which opens tcp/443 from whoever of "10.0.0.0/8" is in it; remove it, or give it a rule of its own
  6:61 excepted in tiers.a.ingress.https
6:46 warning SGC027 tiers.a.ingress.https: "b" opens tcp/443 from "10.0.0.0/8", which tiers.a.ingress.https (p.cue:6:3) excepts; no rule closes what another opens: remove the tier
  6:61 excepted in tiers.a.ingress.https
7:32 warning SGC027 tiers.a.ingress.tls-b: "b" opens tcp/443 from "10.0.0.0/8", which tiers.a.ingress.https (p.cue:6:3) excepts; no rule closes what another opens: remove the tier
  6:61 excepted in tiers.a.ingress.https
`},
		{name: "fires on what others may open", policy: `
tiers: a: {
	ingress: https: {from: ["10.0.0.0/8"], except: ["10.1.0.0/16"]}
	others: ingress: {
		"by hand": {tcp: [443], from: ["10.1.2.0/24"]}
		"of the office": {tcp: [443], from: ["10.2.0.0/16"]}
	}
}
tiers: b: {
	ingress: https: from: ["10.1.0.0/16"]
	others: ingress: "by hand": {tcp: [443], from: ["10.0.0.0/8"], except: ["10.1.0.0/16"]}
}`, want: `
6:34 warning SGC027 tiers.a.others.ingress."by hand": "10.1.2.0/24" lets others open tcp/443 from "10.1.0.0/16", which tiers.a.ingress.https (p.cue:4:11) excepts; no rule closes what another opens: except it here too
  4:50 excepted in tiers.a.ingress.https
`},
		{name: "keeps silent where the other excepts the same, has expired, or opens nothing that was to be open", policy: `
addresses: {office: ["198.51.100.0/24"], printers: ["198.51.100.0/28", "10.0.0.0/8"]}
tiers: a: ingress: {
	https: {from: ["office"], except: ["printers"]}
	tls: {tcp: [443], from: ["192.0.2.0/24", "198.51.100.0/25"], except: ["198.51.100.0/28"]}
	ten: {tcp: [443], from: ["10.0.0.0/8"]}
	over: {tcp: [443], from: ["office"], expires: "2020-01-01", waive: SGC008: "over"}
}
waive: {SGC005: "x"}`},
		{name: "is waived on either rule", policy: `
tiers: a: ingress: {
	https: {from: ["10.0.0.0/8"], except: ["10.1.0.0/16"], waive: SGC027: "for all"}
	tls: {tcp: [443], from: ["10.1.0.0/17"]}
}
tiers: b: ingress: {
	https: {from: ["10.0.0.0/8"], except: ["10.1.0.0/16"]}
	tls: {tcp: [443], from: ["10.1.0.0/17"], waive: SGC027: "for one"}
}`},
	})
}

// TestWorldButSome: to the lints about the world it is the world, however little of it is left.
func TestWorldButSome(t *testing.T) {
	run(t, []row{
		{name: "everyone but some, or but nearly all", policy: `
tiers: a: ingress: {
	ssh: {from: ["public"], except: ["198.51.100.7", "2001:db8::7"]}
	mysql: {from: ["0.0.0.0/0"], except: ["128.0.0.0/1", "64.0.0.0/2", "32.0.0.0/3", "16.0.0.0/4", "0.0.0.0/5", "8.0.0.0/6", "12.0.0.0/7", "14.0.0.0/8"], families: ["ipv4"]}
	x: {protocols: ["tcp"], from: ["2000::/3"], except: ["3000::/4"], families: ["ipv6"]}
	y: {tcp: [5432], from: ["10.0.0.0/8"], except: ["10.1.0.0/16"], families: ["ipv4"]}
}
waive: SGC027: "x"`, want: `
4:2 warning SGC001 tiers.a.ingress.ssh: opens ssh (tcp/22) to the world (from "public except 198.51.100.7, 2001:db8::7"); name the networks of the administrators
5:2 warning SGC002 tiers.a.ingress.mysql: opens mysql (tcp/3306) to the world (from "0.0.0.0/0 except 128.0.0.0/1, 64.0.0.0/2, 32.0.0.0/3 and 5 more"); name the tiers that use the database
6:2 warning SGC003 tiers.a.ingress.x: opens every tcp port to the world (from "2000::/3 except 3000::/4"); list the services that strangers need
`},
		{name: "the quota says what it costs", policy: `
waive: SGC001: "all"
tiers: a: ingress: ssh: {from: ["public"], except: ["198.51.100.7", "2001:db8::7"]}`, want: `
5:1 warning SGC011 name: the policy has 1 group and 160 rules, with the project's default group 2 and 164; OpenStack's default quota is 10 and 100; need fewer, or have the quota raised and waive SGC011
  4:53 tiers.a.ingress.ssh comes to 160 rules as written: to leave one address out of everyone takes 32 in IPv4 and 128 in IPv6; except wider networks
`},
	})
}
