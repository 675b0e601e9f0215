package lint

import "testing"

func TestCoveredRules(t *testing.T) {
	run(t, []row{
		{name: "fires on equal rules, at the later", policy: `
tiers: a: ingress: {
	https: from: ["10.0.0.0/8"]
	b: {tcp: [443], from: ["10.0.0.0/8"]}
}`, want: `
5:2 warning SGC005 tiers.a.ingress.b: has no effect: all that it opens is already open through tiers.a.ingress.https (p.cue:4:2); remove it, or narrow the other
  4:2 covered by tiers.a.ingress.https
`},
		{name: "fires on wider ports, networks and protocols", policy: `
tiers: {
	a: ingress: {narrow: {tcp: [8080], from: ["10.3.0.0/16"]}, wide: {tcp: ["8000-8100"], from: ["10.3.0.0/16"]}}
	b: ingress: {narrow: {tcp: [8081], from: ["10.4.0.0/16"]}, wide: {tcp: [8081], from: ["10.0.0.0/8"]}}
	c: egress: {narrow: {udp: [53], to: ["a"]}, wide: {service: "any", to: ["a"]}}
	d: egress: {narrow: {udp: [53], to: ["b"]}, wide: {udp: [53], to: ["public"]}}
	e: ingress: {narrow: {icmp4: [{type: 3, code: 4}], from: ["public"]}, wide: {icmp4: [{type: 3}], from: ["public"]}}
}`, want: `
4:15 warning SGC005 tiers.a.ingress.narrow: has no effect: all that it opens is already open through tiers.a.ingress.wide (p.cue:4:61); remove it, or narrow the other
  4:61 covered by tiers.a.ingress.wide
5:15 warning SGC005 tiers.b.ingress.narrow: has no effect: all that it opens is already open through tiers.b.ingress.wide (p.cue:5:61); remove it, or narrow the other
  5:61 covered by tiers.b.ingress.wide
6:14 warning SGC005 tiers.c.egress.narrow: has no effect: all that it opens is already open through tiers.c.egress.wide (p.cue:6:46); remove it, or narrow the other
  6:46 covered by tiers.c.egress.wide
7:14 warning SGC005 tiers.d.egress.narrow: has no effect: all that it opens is already open through tiers.d.egress.wide (p.cue:7:46); remove it, or narrow the other
  7:46 covered by tiers.d.egress.wide
8:15 warning SGC005 tiers.e.ingress.narrow: has no effect: all that it opens is already open through tiers.e.ingress.wide (p.cue:8:72); remove it, or narrow the other
  8:72 covered by tiers.e.ingress.wide
`},
		{name: "fires on a rule that several cover", policy: `
tiers: a: ingress: {
	http: from: ["self"]
	https: from: ["self"]
	web: {tcp: [80, 443], from: ["self"]}
}`, want: `
6:2 warning SGC005 tiers.a.ingress.web: has no effect: all that it opens is already open through tiers.a.ingress.http (p.cue:4:2), tiers.a.ingress.https (p.cue:5:2); remove it, or narrow the other
  4:2 covered by tiers.a.ingress.http
  5:2 covered by tiers.a.ingress.https
`},
		{name: "fires on a peer of the same rule", policy: `
addresses: admins: ["198.51.100.7", "2001:db8::7"]
tiers: a: ingress: https: from: [
	"admins",
	"public",
]`, want: `
5:2 warning SGC005 tiers.a.ingress.https: "admins" has no effect: all that it opens is already open to "public" (p.cue:6:2); remove it, or narrow the other
  6:2 covered by "public" in tiers.a.ingress.https
`},
		{name: "fires on a peer that is there twice", policy: `
tiers: a: ingress: https: from: ["public", "public"]`, want: `
3:44 warning SGC005 tiers.a.ingress.https: "public" is there twice: remove one
  3:34 covered by "public" in tiers.a.ingress.https
`},
		{name: "fires on a peer that another rule covers", policy: `
tiers: a: ingress: {
	https: from: ["10.5.0.0/16", "10.6.0.0/16"]
	web: {tcp: ["440-450"], from: ["10.5.0.0/16"]}
}`, want: `
4:16 warning SGC005 tiers.a.ingress.https: "10.5.0.0/16" has no effect: all that it opens is already open to "10.5.0.0/16" (p.cue:5:33); remove it, or narrow the other
  5:33 covered by "10.5.0.0/16" in tiers.a.ingress.web
`},
		{name: "fires on a rule that expires with the rule that covers it, or before what stays", policy: `
tiers: a: ingress: {
	x: {tcp: [71], from: ["10.0.0.0/8"], expires: "2029-01-01"}
	y: {tcp: [71], from: ["10.7.0.0/16"], expires: "2029-01-01"}
}
tiers: b: ingress: {
	x: {tcp: [72], from: ["10.8.0.0/16"], expires: "2029-02-02"}
	y: {tcp: [72], from: ["10.8.0.0/16"]}
}`, want: `
5:2 warning SGC005 tiers.a.ingress.y: has no effect: all that it opens is already open through tiers.a.ingress.x (p.cue:4:2); remove it, or narrow the other
  4:2 covered by tiers.a.ingress.x
8:2 warning SGC005 tiers.b.ingress.x: has no effect: all that it opens is already open through tiers.b.ingress.y (p.cue:9:2); remove it, or narrow the other
  9:2 covered by tiers.b.ingress.y
`},
		{name: "keeps silent where the cover expires, or expired", policy: `
tiers: a: ingress: {
	x: {tcp: [71], from: ["10.0.0.0/8"], expires: "2029-01-01"}
	y: {tcp: [71], from: ["10.7.0.0/16"]}
}
tiers: b: ingress: {
	x: {tcp: [72], from: ["10.0.0.0/8"], expires: "2020-01-01", waive: SGC008: "over"}
	y: {tcp: [72], from: ["10.8.0.0/16"]}
}`},
		{name: "keeps silent where something is left", policy: `
tiers: {
	a: ingress: {x: {tcp: [80, 81], from: ["self"]}, y: {tcp: [81, 82], from: ["self"]}}
	b: ingress: {x: {tcp: [80], from: ["10.0.0.0/8"]}, y: {tcp: ["80-81"], from: ["10.1.0.0/16"]}}
	c: {ingress: x: {tcp: [80], from: ["self"]}, egress: x: {tcp: [80], to: ["self"]}}
	d: ingress: {x: {tcp: [80], from: ["a"]}, y: {tcp: [80], from: ["10.0.0.0/8"]}}
	e: ingress: {x: {udp: [80], from: ["a"]}, y: {tcp: [80], from: ["a"]}}
	f: ingress: {x: {tcp: [80], from: ["public"], families: ["ipv4"]}, y: {tcp: [80], from: ["a"]}}
	g: ingress: {x: {tcp: ["80-85"], from: ["a"]}, y: {tcp: ["86-90"], from: ["a"]}, z: {tcp: ["84-87"], from: ["a"]}}
}`},
		{name: "keeps silent about what one peer says twice", policy: `
addresses: lan: {cidrs: ["10.0.0.0/8", "10.9.0.0/16"], waive: SGC006: "grown"}
tiers: a: ingress: web: {tcp: [80, "79-81"], from: ["lan"]}`},
		{name: "is waived", policy: `
tiers: a: ingress: {
	https: from: ["10.0.0.0/8"]
	b: {tcp: [443], from: ["10.0.0.0/8"], waive: SGC005: "for its readers"}
}`},
	})
}
