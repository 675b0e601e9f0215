package lint

import "testing"

func TestForgottenFamily(t *testing.T) {
	run(t, []row{
		{name: "fires on the world of one family", policy: `
tiers: app: ingress: https: from: ["0.0.0.0/0"]
tiers: web: ingress: http: from: ["::/0", "2001:db8::/32"]`, want: `
3:22 warning SGC004 tiers.app.ingress.https: opens tcp/443 in IPv4 and forgets IPv6; write "public", which is both, or say families: ["ipv4"] to mean it
4:22 warning SGC004 tiers.web.ingress.http: opens tcp/80 in IPv6 and forgets IPv4; write "public", which is both, or say families: ["ipv6"] to mean it
4:43 warning SGC005 tiers.web.ingress.http: "2001:db8::/32" has no effect: all that it opens is already open to "::/0" (p.cue:4:35); remove it, or narrow the other
  4:35 covered by "::/0" in tiers.web.ingress.http
`},
		{name: "asks for networks where less than everyone is let in", policy: `
tiers: app: ingress: https: from: ["64.0.0.0/2"]
tiers: web: ingress: https: from: ["64.0.0.0/2", "0.0.0.0/0"]
tiers: www: ingress: https: from: ["2000::/3"]`, want: `
3:22 warning SGC004 tiers.app.ingress.https: opens tcp/443 in IPv4 and forgets IPv6; name the IPv6 networks that go with "64.0.0.0/2" too, or say families: ["ipv4"] to mean it
4:22 warning SGC004 tiers.web.ingress.https: opens tcp/443 in IPv4 and forgets IPv6; write "public", which is both, or say families: ["ipv4"] to mean it
4:36 warning SGC005 tiers.web.ingress.https: "64.0.0.0/2" has no effect: all that it opens is already open to "0.0.0.0/0" (p.cue:4:50); remove it, or narrow the other
  4:50 covered by "0.0.0.0/0" in tiers.web.ingress.https
5:22 warning SGC004 tiers.www.ingress.https: opens tcp/443 in IPv6 and forgets IPv4; name the IPv4 networks that go with "2000::/3" too, or say families: ["ipv6"] to mean it
`},
		{name: "fires on ping of one family", policy: `
tiers: app: ingress: echo: {icmp4: [{type: 8, code: 0}], from: ["public"]}
tiers: web: ingress: echo: {icmp6: [{type: 128}], from: ["self"]}
tiers: www: ingress: all: {protocols: ["icmp"], from: ["self"]}`, want: `
3:22 warning SGC004 tiers.app.ingress.echo: opens icmp/8:0 in IPv4 and forgets IPv6; open ipv6-icmp/128 too, or say families: ["ipv4"] to mean it
4:22 warning SGC004 tiers.web.ingress.echo: opens ipv6-icmp/128 in IPv6 and forgets IPv4; open icmp/8 too, or say families: ["ipv6"] to mean it
5:22 warning SGC004 tiers.www.ingress.all: opens icmp in IPv4 and forgets IPv6; open ipv6-icmp too, or say families: ["ipv4"] to mean it
`},
		{name: "fires on a set of one family where another set has both", policy: `
addresses: {
	admins: ["198.51.100.1", "2001:db8::1"]
	dbas: ["198.51.100.2"]
}
tiers: db: ingress: {ssh: from: ["dbas"], ntp: from: ["admins"]}`, want: `
7:22 warning SGC004 tiers.db.ingress.ssh: opens tcp/22 in IPv4 and forgets IPv6; name IPv6 networks too, or say families: ["ipv4"] to mean it
`},
		{name: "fires where another rule opens another service", policy: `
tiers: app: ingress: {https: from: ["0.0.0.0/0"], http: from: ["::/0"]}`, want: `
3:23 warning SGC004 tiers.app.ingress.https: opens tcp/443 in IPv4 and forgets IPv6; write "public", which is both, or say families: ["ipv4"] to mean it
3:51 warning SGC004 tiers.app.ingress.http: opens tcp/80 in IPv6 and forgets IPv4; write "public", which is both, or say families: ["ipv6"] to mean it
`},
		{name: "fires where everyone of one family is excepted", policy: `
tiers: app: ingress: https: {from: ["public"], except: ["0.0.0.0/0"]}`, want: `
3:22 warning SGC004 tiers.app.ingress.https: opens tcp/443 in IPv6 and forgets IPv4; except less of IPv4, or say families: ["ipv6"] to mean it
`},
		{name: "keeps silent about both families", policy: `
tiers: app: ingress: {https: from: ["public"], http: from: ["0.0.0.0/0", "::/0"], ssh: from: ["self"]}`},
		{name: "keeps silent where one family is said", policy: `
tiers: {
	a: ingress: https: {from: ["0.0.0.0/0"], families: ["ipv4"]}
	b: {ingress: https: from: ["public"], families: ["ipv6"]}
}`},
		{name: "keeps silent where the whole policy is of one family", policy: `
families: ["ipv4"]
tiers: a: ingress: {https: from: ["public"], ssh: from: ["198.51.100.3"]}`},
		{name: "keeps silent where all sets are of one family", policy: `
addresses: {admins: ["198.51.100.1"], dbas: ["198.51.100.2"]}
tiers: db: ingress: {ssh: from: ["dbas"], ntp: from: ["admins", "203.0.113.9"]}`},
		{name: "keeps silent about private networks", policy: `
addresses: {admins: ["198.51.100.1", "2001:db8::1"], lan: ["10.1.0.0/16", "192.168.7.0/24"], ula: ["fd00:7::/64"]}
tiers: db: ingress: {ssh: from: ["lan"], ntp: from: ["admins"], dns: from: ["ula"]}`},
		{name: "keeps silent about space of one version", policy: `
addresses: admins: ["198.51.100.1", "2001:db8::1"]
tiers: db: {
	ingress: ntp: from: ["admins"]
	egress: {
		metadata: {tcp: [80], to: ["169.254.169.254"]}
		wake: {udp: [9], to: ["255.255.255.255"]}
		names: {udp: [5353], to: ["224.0.0.251"]}
		carrier: {udp: [5351], to: ["100.64.0.1", "100.127.0.0/16"]}
		here: {tcp: [81], to: ["127.0.0.1/32"]}
		start: {udp: [67], to: ["0.0.0.0/32"]}
		clat: {tcp: [82], to: ["192.0.0.2"]}
		here6: {tcp: [83], to: ["::1/128"]}
		link6: {tcp: [84], to: ["fe80::/10"]}
		names6: {udp: [5354], to: ["ff02::fb"]}
		nat64: {tcp: [85], to: ["64:ff9b::/96", "64:ff9b:1::/48"]}
	}
}`},
		{name: "fires beside space of one version", policy: `
addresses: admins: ["198.51.100.1", "2001:db8::1"]
tiers: db: {
	ingress: ntp: from: ["admins"]
	egress: {
		one: {tcp: [80], to: ["169.253.255.255"]}
		two: {tcp: [81], to: ["255.255.255.254"]}
		three: {tcp: [82], to: ["100.128.0.0/9"]}
		four: {tcp: [83], to: ["172.0.0.0/11"]}
		five: {tcp: [84], to: ["10.0.0.0/8", "203.0.113.5"]}
		six: {tcp: [85], to: ["64:ff9b:2::/48"]}
	}
}`, want: `
7:3 warning SGC004 tiers.db.egress.one: opens tcp/80 in IPv4 and forgets IPv6; name IPv6 networks too, or say families: ["ipv4"] to mean it
8:3 warning SGC004 tiers.db.egress.two: opens tcp/81 in IPv4 and forgets IPv6; name IPv6 networks too, or say families: ["ipv4"] to mean it
9:3 warning SGC004 tiers.db.egress.three: opens tcp/82 in IPv4 and forgets IPv6; name IPv6 networks too, or say families: ["ipv4"] to mean it
10:3 warning SGC004 tiers.db.egress.four: opens tcp/83 in IPv4 and forgets IPv6; name IPv6 networks too, or say families: ["ipv4"] to mean it
11:3 warning SGC004 tiers.db.egress.five: opens tcp/84 in IPv4 and forgets IPv6; name IPv6 networks too, or say families: ["ipv4"] to mean it
12:3 warning SGC004 tiers.db.egress.six: opens tcp/85 in IPv6 and forgets IPv4; name IPv4 networks too, or say families: ["ipv6"] to mean it
`},
		{name: "fires on a rule's own ICMP of a version that its peers lack", policy: `
tiers: a: ingress: {
	echo: {icmp4: [{type: 8}], icmp6: [{type: 128}], from: ["10.0.0.0/8"]}
	v6: {icmp4: [{type: 3, code: 4}], icmp6: [{type: 2}], from: ["fd00::/8"]}
	frag: {tcp: [7], protocols: ["ipv6-frag"], from: ["10.1.0.0/16"]}
}`, want: `
4:37 warning SGC004 tiers.a.ingress.echo: ipv6-icmp/128 opens nothing: the peers are all IPv4; name IPv6 networks too, or remove it
5:15 warning SGC004 tiers.a.ingress.v6: icmp/3:4 opens nothing: the peers are all IPv6; name IPv4 networks too, or remove it
6:31 warning SGC004 tiers.a.ingress.frag: ipv6-frag opens nothing: the peers are all IPv4; name IPv6 networks too, or remove it
`},
		{name: "asks for networks where the service has both ICMPs", policy: `
addresses: {admins: ["198.51.100.1", "2001:db8::1"], dbas: ["198.51.100.2"]}
tiers: db: ingress: {ping: from: ["dbas"], ntp: from: ["admins"]}`, want: `
4:22 warning SGC004 tiers.db.ingress.ping: opens icmp/8 in IPv4 and forgets IPv6; name IPv6 networks too, or say families: ["ipv4"] to mean it
`},
		{name: "keeps silent about a service's ICMP, and where families are said", policy: `
tiers: a: ingress: {
	ping: from: ["10.3.0.0/16"]
	echo: {icmp4: [{type: 8}], icmp6: [{type: 128}], from: ["10.2.0.0/16"], families: ["ipv4"]}
}`},
		{name: "keeps silent where another peer or rule opens the other family", policy: `
addresses: {both: ["198.51.100.1", "2001:db8::1"], four: ["198.51.100.2"], six: ["2001:db8::2"]}
tiers: {
	a: ingress: ssh: from: ["four", "six"]
	b: ingress: {ssh: from: ["four"], ssh6: {service: "ssh", from: ["six"]}}
	c: ingress: {https: from: ["0.0.0.0/0"], https6: {tcp: ["440-444"], from: ["::/0"]}}
	d: ingress: {echo: {icmp4: [{type: 8}], from: ["public"]}, echo6: {icmp6: [{type: 128}], from: ["public"]}}
	e: ingress: ntp: from: ["both"]
}`},
		{name: "keeps silent about types without a counterpart and IPv6's own protocols", policy: `
tiers: a: ingress: {
	big: {icmp6: [{type: 2}], from: ["public"]}
	gone: {icmp4: [{type: 3, code: 4}], from: ["public"]}
	frag: {protocols: ["ipv6-frag"], from: ["public"]}
}`},
		{name: "is waived", policy: `
tiers: app: ingress: https: {from: ["0.0.0.0/0"], waive: SGC004: "behind a balancer"}`},
	})
}
