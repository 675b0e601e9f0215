package lint

import "testing"

func TestOverlappingSets(t *testing.T) {
	run(t, []row{
		{name: "fires on a network in another set's", policy: `
addresses: {
	offices: ["198.51.100.0/24", "2001:db8::/32"]
	berlin: ["198.51.100.64/26", "203.0.113.5", "2001:db8:7::/48"]
}
tiers: a: ingress: {https: from: ["offices"], ssh: from: ["berlin"]}`, want: `
5:11 note SGC006 addresses.berlin: 198.51.100.64/26 lies in 198.51.100.0/24 of address set "offices", and one more network overlaps; write each network once, or waive SGC006 if the sets are meant to share it
  4:12 198.51.100.0/24 of address set "offices"
`},
		{name: "fires on equal networks, at the later", policy: `
addresses: {
	z: ["203.0.113.5", "10.0.0.0/8"]
	y: ["192.0.2.1", "203.0.113.5/32"]
}
tiers: a: ingress: {https: from: ["z"], ssh: from: ["y"]}`, want: `
5:19 note SGC006 addresses.y: 203.0.113.5/32 is in address set "z" too; write each network once, or waive SGC006 if the sets are meant to share it
  4:6 203.0.113.5 of address set "z"
`},
		{name: "keeps silent where one set lies wholly in the other, in one network or in several together", policy: `
addresses: {
	offices: ["198.51.100.0/24", "2001:db8::/32", "203.0.113.0/25", "203.0.113.128/25"]
	berlin: ["198.51.100.64/26", "203.0.113.0/24", "2001:db8:7::/48"]
	paris: ["203.0.113.9", "2001:db8:7::/48"]
	again: ["203.0.113.9", "2001:db8:7::/48"]
}
tiers: a: ingress: {https: from: ["offices"], ssh: from: ["berlin"], http: from: ["paris"], ntp: from: ["again"]}`},
		{name: "keeps silent about a set that lies in several others, and about one that rules only leave out", policy: `
addresses: {
	berlin: ["198.51.100.0/24"]
	paris: ["203.0.113.0/24"]
	printers: ["198.51.100.7", "203.0.113.7"]
	guests: ["198.51.100.128/25", "192.0.2.0/24"]
}
tiers: a: ingress: {
	https: {from: ["berlin", "paris"], except: ["printers", "guests"]}
	ssh: from: ["printers"]
}`},
		{name: "fires on a set that one rule leaves out and another names", policy: `
addresses: {
	berlin: ["198.51.100.0/24"]
	guests: ["198.51.100.128/25", "192.0.2.0/24"]
}
tiers: a: ingress: {
	https: {from: ["berlin"], except: ["guests"]}
	http: from: ["guests"]
}`, want: `
5:11 note SGC006 addresses.guests: 198.51.100.128/25 lies in 198.51.100.0/24 of address set "berlin"; write each network once, or waive SGC006 if the sets are meant to share it
  4:11 198.51.100.0/24 of address set "berlin"
`},
		{name: "fires on one that another names by way of a set", policy: `
addresses: {
	berlin: ["198.51.100.0/24"]
	guests: ["198.51.100.128/25", "192.0.2.0/24"]
	all: ["guests", "203.0.113.0/24"]
}
tiers: a: ingress: {
	https: {from: ["berlin"], except: ["guests"]}
	http: from: ["all"]
}`, want: `
5:11 note SGC006 addresses.guests: 198.51.100.128/25 lies in 198.51.100.0/24 of address set "berlin"; write each network once, or waive SGC006 if the sets are meant to share it
  4:11 198.51.100.0/24 of address set "berlin"
`},
		{name: "fires inside one set, and on what another shares with it", policy: `
addresses: lan: ["10.0.0.0/8", "10.1.0.0/16"]
addresses: lab: ["10.2.0.0/16", "192.0.2.0/24"]
tiers: a: ingress: https: from: ["lan", "lab"]`, want: `
3:32 note SGC006 addresses.lan: 10.1.0.0/16 lies in 10.0.0.0/8 of this set as well; write each network once, or waive SGC006 if the sets are meant to share it
  3:18 10.0.0.0/8 of address set "lan"
4:18 note SGC006 addresses.lab: 10.2.0.0/16 lies in 10.0.0.0/8 of address set "lan"; write each network once, or waive SGC006 if the sets are meant to share it
  3:18 10.0.0.0/8 of address set "lan"
`},
		{name: "fires inside one set", policy: `
addresses: lan: ["10.0.0.0/8", "10.1.0.0/16", "10.2.0.0/16", "10.2.3.0/24"]
tiers: a: ingress: https: from: ["lan"]`, want: `
3:32 note SGC006 addresses.lan: 10.1.0.0/16 lies in 10.0.0.0/8 of this set as well, and 2 more networks overlap; write each network once, or waive SGC006 if the sets are meant to share it
  3:18 10.0.0.0/8 of address set "lan"
`},
		{name: "keeps silent about sets apart", policy: `
addresses: {x: ["10.0.0.0/9", "2001:db9::/32"], y: ["10.128.0.0/9", "2001:db8::/33"], z: ["2001:db8:8000::/33"]}
tiers: a: ingress: {https: from: ["x"], ssh: from: ["y", "z"]}`},
		{name: "keeps silent about a set and what it is made of, however far down", policy: `
addresses: {
	all: ["some", "10.0.0.0/8"]
	some: ["one", "192.0.2.0/24"]
	one: ["10.1.0.0/16", "192.0.2.7"]
}
tiers: a: ingress: {https: from: ["all"], ssh: from: ["one"]}`},
		{name: "fires on two sets that are made of overlapping ones", policy: `
addresses: {
	left: ["one"]
	right: ["two"]
	one: ["10.1.0.0/16", "192.0.2.0/24"]
	two: ["10.0.0.0/8"]
}
tiers: a: ingress: {https: from: ["left"], ssh: from: ["right"]}`, want: `
6:8 note SGC006 addresses.one: 10.1.0.0/16 lies in 10.0.0.0/8 of address set "two"; write each network once, or waive SGC006 if the sets are meant to share it
  7:8 10.0.0.0/8 of address set "two"
`},
		{name: "is waived on either set or at the top", policy: `
waive: SGC006: "two views of one network"
addresses: {
	x: {cidrs: ["10.0.0.0/8", "192.0.2.1"], waive: SGC006: "the wide one"}
	y: ["10.1.0.0/16", "192.0.2.2"]
	v: ["192.168.0.0/16", "192.0.2.3"]
	w: {cidrs: ["192.168.3.0/24", "192.0.2.4"], waive: SGC006: "the narrow one"}
	t: ["172.16.0.0/16", "192.0.2.5"]
	u: ["172.16.0.0/12", "192.0.2.6"]
}
tiers: a: ingress: https: from: ["x", "v", "u"]
tiers: b: ingress: https: from: ["y", "w", "t"]`},
	})
}

func TestUnusedDefinitions(t *testing.T) {
	run(t, []row{
		{name: "fires", policy: `
addresses: lan: ["10.0.0.0/8"]
services: api: tcp: [8080]
groups: legacy: name: "old"
addressGroups: office: id: "0f4d3a52-8b1c-4a6e-9d27-5c6a1e3b7f90"
tiers: {
	"on-call": ingress: https: from: ["self"]
	app: {ingress: https: from: ["on-call"], egress: ntp: to: ["public"]}
}
servers: app: tiers: ["app"]`, want: `
3:12 note SGC007 addresses.lan: address set "lan" is used by no rule and no assertion; remove it, or use it
4:11 note SGC007 services.api: service "api" is used by no rule and no assertion; remove it, or use it
5:9 note SGC007 groups.legacy: group "legacy" is used by no rule and no assertion; remove it, or use it
6:16 note SGC007 addressGroups.office: address group "office" is used by no rule and no assertion; remove it, or use it
8:2 note SGC007 tiers.on-call: tier "on-call" is carried by no server; add it to a server's tiers, or remove it
`},
		{name: "fires on a service whose name is the key of a rule with ports of its own", policy: `
services: api: tcp: [8080]
tiers: app: ingress: api: {tcp: [8081], from: ["self"]}`, want: `
3:11 note SGC007 services.api: service "api" is used by no rule and no assertion; remove it, or use it
4:22 note SGC017 tiers.app.ingress.api: opens tcp/8081, but "api" is the name of tcp/8080; give the rule another key
`},
		{name: "keeps silent about what expressions refer to, and about no more", policy: `
addresses: {
	admins: ["10.0.0.0/8"]
	"on-call": ["192.168.1.0/24"]
	dmz: {cidrs: ["172.16.0.0/12"]}
	lan: ["100.64.0.0/10"]
	wide: lan
	left: ["198.18.0.0/15"]
}
services: {api: tcp: [8080], odd: tcp: [8081]}
groups: {legacy: name: "old", other: name: "other"}
let all = groups
tiers: app: ingress: {
	https: from: addresses.admins
	http: from: addresses["on-call"]
	metrics: {tcp: services.api.tcp, from: addresses.dmz.cidrs}
	ssh: from: [all.legacy.name]
}
tiers: old: {group: "elder", ingress: ntp: from: ["wide"]}`, want: `
9:2 note SGC007 addresses.left: address set "left" is used by no rule and no assertion; remove it, or use it
11:30 note SGC007 services.odd: service "odd" is used by no rule and no assertion; remove it, or use it
`},
		{name: "keeps silent about what is used, by expired rules and assertions too", policy: `
addresses: {lan: ["10.0.0.0/8"], dmz: ["192.168.1.0/24"], old: ["172.16.0.0/12"]}
services: {api: tcp: [8080], odd: tcp: [8081], "https": tcp: [8443]}
groups: legacy: name: "old"
addressGroups: office: name: "office"
tiers: app: ingress: {
	api: from: ["lan", "legacy", "office"]
	tls: {service: "https", from: ["self"]}
	ssh: {from: ["old"], expires: "2020-02-02", waive: SGC008: "over"}
}
assert: "no dmz": never: {from: ["dmz"], to: ["app"], service: "odd"}`},
		{name: "tells of a set of sets alone, and not of its parts", policy: `
addresses: {all: ["some"], some: ["one"], one: ["10.0.0.0/8"]}
tiers: app: ingress: https: from: ["self"]`, want: `
3:13 note SGC007 addresses.all: address set "all" is used by no rule and no assertion; remove it, or use it
`},
		{name: "tells of a service of services alone, and not of its parts", policy: `
services: {all: includes: ["some"], some: includes: ["one", "http"], one: tcp: [8080], used: includes: ["part"], part: tcp: [8081]}
tiers: app: ingress: used: from: ["self"]`, want: `
3:12 note SGC007 services.all: service "all" is used by no rule and no assertion; remove it, or use it
`},
		{name: "keeps silent about tiers where there are no servers", policy: `
tiers: app: ingress: https: from: ["public"]`},
		{name: "keeps silent about a set that is empty, as it may be, and whom a rule excepts", policy: `
addresses: {
	vendors: {cidrs: [], mayBeEmpty: true}
	scanners: ["198.51.100.7"]
}
tiers: app: ingress: http: {from: ["0.0.0.0/0"], except: ["scanners"], families: ["ipv4"]}`},
		{name: "waivers of it wait for the environment that needs them, and those of a rule that opens nothing here", policy: `
addresses: {
	lan: {cidrs: ["10.0.0.0/8"], waive: SGC007: "for nobody in production"}
	vendors: {cidrs: [], mayBeEmpty: true}
}
tiers: app: ingress: {
	https: from: ["lan"]
	ssh: {from: ["vendors"], waive: SGC001: "vendors may be anywhere"}
}`},
		{name: "is waived on each", policy: `
addresses: lan: {cidrs: ["10.0.0.0/8"], waive: SGC007: "a"}
services: api: {tcp: [8080], waive: SGC007: "b"}
groups: legacy: {name: "old", waive: SGC007: "c"}
addressGroups: office: {name: "office", waive: SGC007: "d"}
tiers: {
	spare: {ingress: https: from: ["public"], waive: SGC007: "e"}
	app: {ingress: https: from: ["public"], egress: ntp: to: ["public"]}
}
servers: app: tiers: ["app"]`},
		{name: "is waived at the top", policy: `
waive: SGC007: "an address book"
addresses: {lan: ["10.0.0.0/8"], dmz: ["192.168.1.0/24"]}
tiers: app: ingress: https: from: ["public"]`},
	})
}
