package lint

import "testing"

func TestUnansweredTiers(t *testing.T) {
	run(t, []row{
		{name: "fires on ingress from a tier that may not send it", policy: `
tiers: {
	out: egress: https: to: ["public"]
	app: ingress: https: from: ["public"]
	db: ingress: {
		postgresql: from: ["10.0.0.0/8", "app"]
		web: {tcp: [443, 81], udp: [82], from: ["app"]}
	}
}
servers: {app1: tiers: ["app", "out"], app2: tiers: ["app", "out"], db: tiers: ["db", "out"]}`, want: `
7:36 warning SGC010 tiers.db.ingress.postgresql: lets tcp/5432 in from tier "app", but no server that carries "app" may send it; add the egress to one of its tiers, or take the peer out
  11:11 server "app1" carries "app", "out"
  11:40 server "app2" carries "app", "out"
8:43 warning SGC010 tiers.db.ingress.web: lets tcp/81, udp/82 in from tier "app", but no server that carries "app" may send it; add the egress to one of its tiers, or take the peer out
  11:11 server "app1" carries "app", "out"
  11:40 server "app2" carries "app", "out"
`},
		{name: "fires on egress to a tier that does not let it in", policy: `
tiers: {
	app: egress: {mysql: to: ["db"], ntp: to: ["public"]}
	db: {ingress: postgresql: from: ["app"], egress: ntp: to: ["public"]}
	other: ingress: mysql: from: ["app"]
}
servers: {
	app: {tiers: ["app"], waive: SGC001: "x", waive: SGC016: "y"}
	db: tiers: ["db"]
	other: {tiers: ["other"], waive: SGC012: "silent"}
}`, want: `
4:28 warning SGC010 tiers.app.egress.mysql: lets tcp/3306 out to tier "db", but no server that carries "db" lets it in; add the ingress to one of its tiers, or take the peer out
  10:2 server "db" carries "db"
5:35 warning SGC010 tiers.db.ingress.postgresql: lets tcp/5432 in from tier "app", but no server that carries "app" may send it; add the egress to one of its tiers, or take the peer out
  9:2 server "app" carries "app"
6:32 warning SGC010 tiers.other.ingress.mysql: lets tcp/3306 in from tier "app", but no server that carries "app" may send it; add the egress to one of its tiers, or take the peer out
  9:2 server "app" carries "app"
`},
		{name: "fires on self", policy: `
tiers: {galera: ingress: galera: {tcp: [4567], from: ["self"]}, out: egress: ntp: to: ["public"]}
servers: db: tiers: ["galera", "out"]`, want: `
3:55 warning SGC010 tiers.galera.ingress.galera: lets tcp/4567 in from tier "galera", but no server that carries "galera" may send it; add the egress to one of its tiers, or take the peer out
  4:10 server "db" carries "galera", "out"
`},
		{name: "judges a tier that many servers share like any other", policy: `
waive: SGC011: "there is room"
tiers: {
	for i, n in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r"] {
		(n): {
			ingress: in: {tcp: [100 + i], from: ["base"]}
			egress: out: {tcp: [300 + i], to: ["base"]}
		}
		base: egress: "to-\(n)": {tcp: [100 + i], to: [n]}
		base: ingress: "from-\(n)": {tcp: [300 + i], from: [n]}
	}
	base: {
		ingress: {mesh: {tcp: [210], from: ["base"]}, lost: {tcp: [211], from: ["base"]}, peer: {udp: [317], from: ["base"]}}
		egress: mesh: {tcp: [210], to: ["r"]}
	}
	r: {ingress: lone: {tcp: [118], from: ["base"]}, egress: base: {udp: [317], to: ["base"]}}
}
servers: {for n in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r"] {"s-\(n)": tiers: [n, "base"]}}`, want: `
14:75 warning SGC010 tiers.base.ingress.lost: lets tcp/211 in from tier "base", but no server that carries "base" may send it; add the egress to one of its tiers, or take the peer out
  19:112 server "s-a" carries "a", "base"
  19:112 server "s-b" carries "b", "base"
  19:112 server "s-c" carries "c", "base"
17:41 warning SGC010 tiers.r.ingress.lone: lets tcp/118 in from tier "base", but no server that carries "base" may send it; add the egress to one of its tiers, or take the peer out
  19:112 server "s-a" carries "a", "base"
  19:112 server "s-b" carries "b", "base"
  19:112 server "s-c" carries "c", "base"
`},
		{name: "keeps silent where a tier of the server has it", policy: `
waive: SGC011: "there is room"
tiers: {
	anyone: egress: any: to: ["public"]
	net: egress: wide: {tcp: ["5000-6000"], to: ["10.0.0.0/8"]}
	tier: egress: postgresql: to: ["base"]
	four: egress: postgresql: {to: ["public"], families: ["ipv4"]}
	foreign: egress: postgresql: to: ["legacy"]
	a: {}, b: {}, c: {}, d: {}, e: {}
	base: ingress: ssh: from: ["198.51.100.0/24"]
	db: ingress: postgresql: from: ["a", "b", "c", "d", "e"]
}
groups: legacy: name: "old"
servers: {
	a: tiers: ["a", "anyone"]
	b: tiers: ["b", "net"]
	c: tiers: ["c", "tier"]
	d: tiers: ["d", "four"]
	e: tiers: ["e", "foreign"]
	db: tiers: ["db", "base", "anyone"]
}`},
		{name: "keeps silent where one of several servers has it, and about ping in one family", policy: `
tiers: {
	out: egress: {https: to: ["public"], echo: {icmp4: [{type: 8}], to: ["public"], families: ["ipv4"]}}
	ntp: egress: ntp: to: ["public"]
	app: {}
	db: ingress: {https: from: ["app"], ping: from: ["app"]}
}
servers: {one: tiers: ["app", "ntp"], two: tiers: ["app", "out"], db: tiers: ["db", "ntp"]}`},
		{name: "keeps silent about tiers that no server carries", policy: `
tiers: {app: ingress: https: from: ["public"], db: ingress: postgresql: from: ["app"]}`},
		{name: "is waived", policy: `
tiers: {
	out: egress: https: to: ["public"]
	app: {}
	db: ingress: postgresql: {from: ["app"], waive: SGC010: "the default group is there too"}
}
servers: {app: tiers: ["app", "out"], db: tiers: ["db", "out"]}`},
	})
}

func TestServers(t *testing.T) {
	run(t, []row{
		{name: "SGC012 fires, also where the only egress expired", policy: `
tiers: {
	db: ingress: postgresql: from: ["10.0.0.0/8"]
	old: egress: ntp: {to: ["public"], expires: "2026-06-06", waive: SGC008: "over"}
}
servers: {
	db: tiers: ["db"]
	"db-2": tiers: ["db", "old"]
}`, want: `
8:2 warning SGC012 servers.db: may send nothing of its own: no DNS, no NTP, no updates, on OVN not even DHCP; give it a tier with egress, or waive SGC012 with the reason
9:2 warning SGC012 servers.db-2: may send nothing of its own: no DNS, no NTP, no updates, on OVN not even DHCP; give it a tier with egress, or waive SGC012 with the reason
`},
		{name: "SGC012 keeps silent", policy: `
tiers: {db: ingress: postgresql: from: ["10.0.0.0/8"], out: egress: ntp: to: ["10.0.0.1"]}
servers: db: tiers: ["db", "out"]`},
		{name: "SGC012 is waived on the server", policy: `
tiers: db: ingress: postgresql: from: ["10.0.0.0/8"]
servers: db: {tiers: ["db"], waive: SGC012: "an image"}`},
		{name: "SGC014 fires", policy: `
tiers: {
	full: egress: ntp: to: ["public"]
	less: {stateful: false, ingress: syslog: from: ["10.0.0.0/8"], waive: SGC013: "one way"}
	more: egress: http: to: ["public"]
}
servers: x: tiers: ["more", "less", "full"]`, want: `
8:10 warning SGC014 servers.x: carries stateful tiers ("more", "full") and stateless ones ("less"), and Neutron refuses both on one port; make them all of one kind
`},
		{name: "SGC014 keeps silent about servers of one kind", policy: `
tiers: {
	full: egress: ntp: to: ["public"]
	less: {stateful: false, egress: syslog: to: ["10.0.0.0/8"], waive: SGC013: "one way"}
}
servers: {x: tiers: ["full"], y: tiers: ["less"]}`},
		{name: "SGC014 is waived", policy: `
tiers: {
	full: egress: ntp: to: ["public"]
	less: {stateful: false, ingress: syslog: from: ["10.0.0.0/8"], waive: SGC013: "one way"}
}
servers: x: {tiers: ["full", "less"], waive: SGC014: "two ports"}`},
	})
}

func TestStatelessWithoutReturn(t *testing.T) {
	run(t, []row{
		{name: "fires", policy: `
tiers: {
	dns: {stateful: false, ingress: dns: {from: ["public"], families: ["ipv6"]}}
	ping: {stateful: false, ingress: ping: from: ["self"]}
	out: {stateful: false, egress: https: {to: ["10.0.0.0/8"], families: ["ipv4"]}, ingress: "path-mtu": from: ["public"]}
	all: {stateful: false, egress: any: to: ["public"]}
}`, want: `
4:2 warning SGC013 tiers.dns: is stateless, and these answers have no rule: egress IPv6 tcp, egress IPv6 udp, ingress IPv6 ipv6-icmp/2 (path-mtu); add them, or make the tier stateful
5:2 warning SGC013 tiers.ping: is stateless, and these answers have no rule: egress IPv4 icmp/0, egress IPv6 ipv6-icmp/129; add them, or make the tier stateful
6:2 warning SGC013 tiers.out: is stateless, and these answers have no rule: ingress IPv4 tcp; add them, or make the tier stateful
7:2 warning SGC013 tiers.all: is stateless, and these answers have no rule: ingress IPv4 any, ingress IPv6 any, ingress IPv4 icmp/3:4 (path-mtu), ingress IPv6 ipv6-icmp/2 (path-mtu); add them, or make the tier stateful
`},
		{name: "fires where only a stateful mate answers", policy: `
tiers: {
	out: egress: any: to: ["public"]
	sink: {stateful: false, ingress: {syslog: {from: ["10.0.0.0/8"], families: ["ipv4"]}, "path-mtu": from: ["public"]}}
}
servers: x: {tiers: ["out", "sink"], waive: SGC014: "two ports"}`, want: `
5:2 warning SGC013 tiers.sink: is stateless, and these answers have no rule: egress IPv4 udp; add them, or make the tier stateful
`},
		{name: "keeps silent where answers pass, by the tier or by a mate", policy: `
tiers: {
	dns: {
		stateful: false
		ingress: {dns: from: ["public"], "path-mtu": from: ["public"]}
		egress: answers: {udp: ["1024-65535"], tcp: ["1024-65535"], to: ["public"]}
	}
	a: {stateful: false, ingress: {ntp: from: ["public"], icmp: from: ["public"]}}
	b: {stateful: false, egress: any: to: ["public"]}
	c: {stateful: false, ingress: "path-mtu": from: ["public"]}
	d: {stateful: false, ingress: vrrp: from: ["self"], egress: vrrp: to: ["self"]}
	e: {stateful: true, ingress: ntp: from: ["public"]}
	f: stateful: false
}
servers: {
	x: tiers: ["a", "b", "c"]
	y: {tiers: ["dns", "d"]}
	z: {tiers: ["f"], waive: SGC012: "nothing"}
	w: {tiers: ["e"], waive: SGC012: "nothing"}
}`},
		{name: "is waived", policy: `
tiers: sink: {stateful: false, ingress: syslog: from: ["10.0.0.0/8"], waive: SGC013: "one way"}`},
	})
}
