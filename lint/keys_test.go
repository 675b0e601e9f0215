package lint

import "testing"

func TestMisnamedKeys(t *testing.T) {
	run(t, []row{
		{name: "fires on other ports than the catalog's", policy: `
tiers: app: {
	ingress: {
		ssh: {tcp: [2222], from: ["198.51.100.0/24"]}
		any: {tcp: [1], from: ["198.51.101.0/24"]}
		https: {tcp: [443], udp: [443], from: ["public"]}
		ping: {icmp4: [{type: 13}], icmp6: [{type: 128}], from: ["public"]}
	}
	egress: {
		dns: {protocols: ["udp"], to: ["198.51.103.0/24"]}
		"ceph-osd": {tcp: ["6700-6900"], to: ["198.51.104.0/24"]}
	}
}`, want: `
5:3 note SGC017 tiers.app.ingress.ssh: opens tcp/2222, but "ssh" is the name of tcp/22; give the rule another key
6:3 note SGC017 tiers.app.ingress.any: opens tcp/1, but "any" is the name of every protocol; give the rule another key
7:3 note SGC017 tiers.app.ingress.https: opens udp/443, but "https" is the name of tcp/443; give the rule another key
8:3 warning SGC004 tiers.app.ingress.ping: opens ipv6-icmp/128 in IPv6 and forgets IPv4; open icmp/8 too, or say families: ["ipv6"] to mean it
8:3 note SGC017 tiers.app.ingress.ping: opens icmp/13, but "ping" is the name of icmp/8, ipv6-icmp/128; give the rule another key
11:3 note SGC017 tiers.app.egress.dns: opens udp, but "dns" is the name of tcp/53, udp/53; give the rule another key
12:3 note SGC017 tiers.app.egress.ceph-osd: opens tcp/6700-6900, but "ceph-osd" is the name of tcp/6800-7300; give the rule another key
`},
		{name: "goes by the policy's own service first", policy: `
services: {ssh: tcp: [2222], api: {tcp: ["8000-8010"]}}
tiers: app: ingress: {
	ssh: {tcp: [22], from: ["198.51.100.0/24"]}
	api: {tcp: [8010, 8011], from: ["198.51.101.0/24"]}
	ssh2: {service: "ssh", from: ["198.51.102.0/24"]}
	api2: {service: "api", from: ["198.51.102.0/24"]}
}`, want: `
5:2 note SGC017 tiers.app.ingress.ssh: opens tcp/22, but "ssh" is the name of tcp/2222; give the rule another key
6:2 note SGC017 tiers.app.ingress.api: opens tcp/8011, but "api" is the name of tcp/8000-8010; give the rule another key
`},
		{name: "fires on another service", policy: `
services: web: includes: ["http", "https"]
tiers: app: ingress: {
	http: {service: "web", from: ["198.51.101.0/24"]}
	ftp: {service: "https", from: ["198.51.102.0/24"]}
	any: {service: "ntp", from: ["public"]}
	web: {service: "http", from: ["198.51.103.0/24"]}
}`, want: `
5:2 note SGC017 tiers.app.ingress.http: opens tcp/443, but "http" is the name of tcp/80; give the rule another key
6:2 note SGC017 tiers.app.ingress.ftp: opens tcp/443, but "ftp" is the name of tcp/21; give the rule another key
7:2 note SGC017 tiers.app.ingress.any: opens udp/123, but "any" is the name of every protocol; give the rule another key
`},
		{name: "keeps silent about the service's ports, ports inside them, and other keys", policy: `
tiers: app: {
	ingress: {
		ssh: {tcp: [22], from: ["198.51.100.0/24"]}
		dns: {udp: [53], from: ["198.51.101.0/24"]}
		"ceph-osd": {tcp: ["6900-7000", 7300], from: ["198.51.102.0/24"]}
		ping: {icmp4: [{type: 8, code: 0}], icmp6: [{type: 128}], from: ["public"]}
		"ssh-alt": {tcp: [2222], from: ["198.51.103.0/24"]}
		web: {service: "https", from: ["public"]}
		esp: {protocols: [50], from: ["198.51.104.0/24"]}
	}
	egress: any: to: ["public"]
}`},
		{name: "is waived by rule, tier and policy", policy: `
waive: SGC017: "top"
tiers: {
	a: {ingress: ssh: {tcp: [2222], from: ["198.51.100.0/24"], waive: SGC017: "rule"}}
	b: {ingress: ssh: {tcp: [2223], from: ["198.51.100.0/24"]}, waive: SGC017: "tier"}
	c: {ingress: ssh: {tcp: [2224], from: ["198.51.100.0/24"]}}
}`},
	})
}
