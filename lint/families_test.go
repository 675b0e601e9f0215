package lint

import "testing"

func TestForgottenFamily(t *testing.T) {
	run(t, []row{
		{name: "fires on the world of one family", policy: `
tiers: app: ingress: https: from: ["0.0.0.0/0"]
tiers: web: ingress: http: from: ["::/0", "2001:db8::/32"]`, want: `
3:22 warning SGC004 tiers.app.ingress.https: opens tcp/443 in IPv4 and forgets IPv6; write "public", which is both, or say families: ["ipv4"] to mean it
4:22 warning SGC004 tiers.web.ingress.http: opens tcp/80 in IPv6 and forgets IPv4; write "public", which is both, or say families: ["ipv6"] to mean it
4:43 warning SGC005 tiers.web.ingress.http: "2001:db8::/32" adds nothing: all that it opens is opened by "::/0" (p.cue:4:35); take it out, or narrow the other
  4:35 covered by "::/0" in tiers.web.ingress.http
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
