package lint

import (
	"net/netip"
	"testing"

	"sgc.dev/sgc/rule"
)

func TestOpenToTheWorld(t *testing.T) {
	run(t, []row{
		{name: "SGC001 fires on public", policy: `
tiers: app: ingress: ssh: from: ["public"]`, want: `
3:22 warning SGC001 tiers.app.ingress.ssh: opens ssh (tcp/22) to the world (from "public"); name the networks of the administrators
`},
		{name: "SGC001 fires on a range, both families and an address set that is everyone", policy: `
addresses: all: ["0.0.0.0/0", "::/0"]
tiers: app: ingress: desk: {tcp: ["3300-3400", "5901-5980"], udp: [161, 3389], from: ["all", "10.2.0.0/16"]}`, want: `
4:22 warning SGC001 tiers.app.ingress.desk: opens snmp (udp/161), rdp (udp/3389) to the world (from "all"); name the networks of the administrators
4:22 note SGC002 tiers.app.ingress.desk: opens what may be mysql (tcp/3306) to the world (from "all"); if it is, name the tiers that use the database
4:94 warning SGC005 tiers.app.ingress.desk: "10.2.0.0/16" has no effect: all that it opens is already open to "all" (p.cue:4:87); remove it, or narrow the other
  4:87 covered by "all" in tiers.app.ingress.desk
`},
		{name: "SGC001 fires on halves of the world", policy: `
tiers: app: ingress: telnet: from: ["0.0.0.0/1", "128.0.0.0/1", "2000::/3"]`, want: `
3:22 warning SGC001 tiers.app.ingress.telnet: opens telnet (tcp/23) to the world (from "0.0.0.0/1", "128.0.0.0/1", "2000::/3"); name the networks of the administrators
`},
		{name: "SGC001 fires on pieces of the world, of one rule", policy: `
tiers: app: ingress: ssh: from: ["1.0.0.0/8", "3.0.0.0/8", "3.3.0.0/16", "10.0.0.0/8"]`, want: `
3:22 warning SGC001 tiers.app.ingress.ssh: opens ssh (tcp/22) to networks as large as an IPv4 /7 together (from "1.0.0.0/8", "3.0.0.0/8"); name the networks of the administrators
3:60 warning SGC005 tiers.app.ingress.ssh: "3.3.0.0/16" has no effect: all that it opens is already open to "3.0.0.0/8" (p.cue:3:47); remove it, or narrow the other
  3:47 covered by "3.0.0.0/8" in tiers.app.ingress.ssh
`},
		{name: "SGC001 fires on all of it in /8s", policy: `
import "list"
tiers: app: ingress: ssh: from: [for n in list.Range(0, 256, 1) {"\(n).0.0.0/8"}]`, want: `
4:22 warning SGC001 tiers.app.ingress.ssh: opens ssh (tcp/22) to 92.6% of all IPv4 addresses (from "1.0.0.0/8", "2.0.0.0/8", "3.0.0.0/8" and 234 more); name the networks of the administrators
`},
		{name: "SGC001 and SGC002 fire on pieces in several rules, and name them all", policy: `
tiers: app: ingress: {
	a: {tcp: [22], from: ["2a00::/16"]}
	b: {tcp: ["20-30", "3300-3400"], from: ["2a01::/16", "2a02::/16"]}
	c: {tcp: ["3306-3389"], from: ["2a03::/17", "2a03:8000::/17"]}
	d: {tcp: [23], from: ["2a04::/16"]}
}`, want: `
4:2 warning SGC001 tiers.app.ingress.a: together with tiers.app.ingress.b (p.cue:5:2) opens ssh (tcp/22) to networks as large as an IPv6 /15 together (from "2a00::/16", "2a01::/16", "2a02::/16"); name the networks of the administrators
  5:2 opened in part by tiers.app.ingress.b
5:2 note SGC001 tiers.app.ingress.b: together with tiers.app.ingress.c (p.cue:6:2) opens what may be rdp (tcp/3389) to networks as large as an IPv6 /15 together (from "2a01::/16", "2a02::/16", "2a03::/17", "2a03:8000::/17"); if it is, name the networks of the administrators
  6:2 opened in part by tiers.app.ingress.c
5:2 warning SGC001 tiers.app.ingress.b: together with tiers.app.ingress.d (p.cue:7:2) opens telnet (tcp/23) to networks as large as an IPv6 /15 together (from "2a01::/16", "2a02::/16", "2a04::/16"); name the networks of the administrators
  7:2 opened in part by tiers.app.ingress.d
5:2 note SGC002 tiers.app.ingress.b: together with tiers.app.ingress.c (p.cue:6:2) opens what may be mysql (tcp/3306) to networks as large as an IPv6 /15 together (from "2a01::/16", "2a02::/16", "2a03::/17", "2a03:8000::/17"); if it is, name the tiers that use the database
  6:2 opened in part by tiers.app.ingress.c
7:2 note SGC021 tiers.app.ingress.d: lets in telnet (tcp/23) from outside (from "2a04::/16"), and everyone on the way can read it; use ssh in its place
`},
		{name: "SGC001 counts no pieces of one port with those of another, of another tier or version, nor with private networks", policy: `
tiers: app: ingress: {
	vnc: {tcp: [5900], from: ["1.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12"]}
	other: {tcp: [5901], from: ["3.0.0.0/8", "2a00::/16"]}
}
tiers: web: ingress: vnc: {tcp: [5900], from: ["3.0.0.0/8"]}`},
		{name: "SGC001 says nothing of pieces where everyone may come", policy: `
tiers: app: ingress: {
	ssh: {from: ["public"], waive: SGC001: "a bastion"}
	more: {tcp: [22], from: ["1.0.0.0/8", "3.0.0.0/8"], waive: SGC005: "later"}
}`},
		{name: "SGC001 is waived for pieces on the first rule", policy: `
tiers: app: ingress: {
	a: {tcp: [22], from: ["1.0.0.0/8"], waive: SGC001: "ours"}
	b: {tcp: [22], from: ["3.0.0.0/8"]}
}`},
		{name: "SGC003 fires on pieces", policy: `
tiers: app: ingress: any: from: ["1.0.0.0/8", "3.0.0.0/8"]
tiers: web: ingress: {
	a: {protocols: ["tcp"], from: ["1.0.0.0/8"]}
	b: {tcp: ["1-65535"], from: ["3.0.0.0/8"]}
	c: {udp: [161], from: ["1.0.0.0/8", "3.0.0.0/8"]}
}`, want: `
3:22 warning SGC003 tiers.app.ingress.any: opens every protocol to networks as large as an IPv4 /7 together (from "1.0.0.0/8", "3.0.0.0/8"); list the services that strangers need
5:2 warning SGC003 tiers.web.ingress.a: together with tiers.web.ingress.b (p.cue:6:2) opens every tcp port to networks as large as an IPv4 /7 together (from "1.0.0.0/8", "3.0.0.0/8"); list the services that strangers need
  6:2 opened in part by tiers.web.ingress.b
7:2 warning SGC001 tiers.web.ingress.c: opens snmp (udp/161) to networks as large as an IPv4 /7 together (from "1.0.0.0/8", "3.0.0.0/8"); name the networks of the administrators
`},
		{name: "SGC001 fires once for a rule that opens several", policy: `
tiers: app: ingress: all: {tcp: ["1024-65535"], from: ["public"], waive: SGC002: "not here"}`, want: `
3:22 note SGC001 tiers.app.ingress.all: opens what may be docker api (tcp/2375-2377), etcd (tcp/2379-2380), rdp (tcp/3389) and 13 more to the world (from "public"); if it is, name the networks of the administrators
`},
		{name: "SGC001 tells rules apart whose paths read alike", policy: `
tiers: a: ingress: "b.ingress.c": {tcp: [22], from: ["10.0.0.0/8"]}
tiers: "a.ingress.b": ingress: c: {tcp: [80], from: ["public"]}`},
		{name: "SGC001 and SGC002 name the ports that the rule opens", policy: `
tiers: app: ingress: {
	"galera-main": {tcp: [4567], from: ["public"]}
	"vnc-more": {tcp: ["5901-5903", 5907], from: ["public"]}
	pieces: {tcp: ["7473-7474", 5902], from: ["1.0.0.0/8", "3.0.0.0/8"], families: ["ipv4"]}
	mongo: {tcp: ["27010-27018", "8080-8092"], from: ["1.0.0.0/8", "3.0.0.0/8"], families: ["ipv4"]}
}`, want: `
4:2 warning SGC002 tiers.app.ingress.galera-main: opens galera (tcp/4567) to the world (from "public"); name the tiers that use the database
5:2 warning SGC001 tiers.app.ingress.vnc-more: opens vnc (tcp/5901-5903, tcp/5907) to the world (from "public"); name the networks of the administrators
6:2 note SGC002 tiers.app.ingress.pieces: opens what may be neo4j (tcp/7473-7474) to networks as large as an IPv4 /7 together (from "1.0.0.0/8", "3.0.0.0/8"); if it is, name the tiers that use the database
7:2 warning SGC002 tiers.app.ingress.mongo: opens mongodb (tcp/27017-27018) to networks as large as an IPv4 /7 together (from "1.0.0.0/8", "3.0.0.0/8"); name the tiers that use the database
7:2 note SGC002 tiers.app.ingress.mongo: opens what may be influxdb (tcp/8086), couchbase (tcp/8091) to networks as large as an IPv4 /7 together (from "1.0.0.0/8", "3.0.0.0/8"); if it is, name the tiers that use the database
`},
		{name: "SGC001 and SGC002 are notes on wide ranges and under another name", policy: `
services: shop: tcp: [4567]
tiers: app: ingress: {
	shop: from: ["public"]
	game: {tcp: ["27011-27021"], from: ["public"]}
	"docker-old": {tcp: ["2301-2400"], from: ["public"]}
	low: {tcp: ["1-1500"], from: ["public"]}
}
tiers: web: ingress: "docker-wide": {tcp: ["2300-2400"], from: ["public"]}`, want: `
5:2 note SGC002 tiers.app.ingress.shop: opens what may be galera (tcp/4567) to the world (from "public"); if it is, name the tiers that use the database
6:2 note SGC002 tiers.app.ingress.game: opens what may be mongodb (tcp/27017-27019) to the world (from "public"); if it is, name the tiers that use the database
7:2 warning SGC001 tiers.app.ingress.docker-old: opens docker api (tcp/2375-2377) to the world (from "public"); name the networks of the administrators
8:2 note SGC001 tiers.app.ingress.low: opens what may be ssh (tcp/22), telnet (tcp/23), msrpc (tcp/135) and 3 more to the world (from "public"); if it is, name the networks of the administrators
8:2 note SGC002 tiers.app.ingress.low: opens what may be ms-sql-s (tcp/1433) to the world (from "public"); if it is, name the tiers that use the database
8:2 note SGC020 tiers.app.ingress.low: opens what may be sunrpc (tcp/111), ldap (tcp/389), afp (tcp/548), rsync (tcp/873) to the world (from "public"); if it is, name the tiers or the networks that use it
10:22 note SGC001 tiers.web.ingress.docker-wide: opens what may be docker api (tcp/2375-2377), etcd (tcp/2379-2380) to the world (from "public"); if it is, name the networks of the administrators
`},
		{name: "SGC001, SGC002 and SGC020 fire on other ports of what is called like a listener", policy: `
services: ssh: tcp: [2222]
tiers: web: ingress: shell: {service: "ssh", from: ["public"]}
tiers: app: ingress: {
	ssh: from: ["public"]
	Redis: {tcp: [6380], from: ["public"]}
	consul: {tcp: ["18300-18301"], from: ["public"]}
	rdp: {udp: [3390], from: ["public"]}
}`, want: `
4:22 warning SGC001 tiers.web.ingress.shell: opens ssh (tcp/2222) to the world (from "public"); name the networks of the administrators
6:2 warning SGC001 tiers.app.ingress.ssh: opens ssh (tcp/2222) to the world (from "public"); name the networks of the administrators
7:2 warning SGC002 tiers.app.ingress.Redis: opens redis (tcp/6380) to the world (from "public"); name the tiers that use the database
8:2 warning SGC020 tiers.app.ingress.consul: opens consul (tcp/18300-18301) to the world (from "public"); name the tiers or the networks that use it
9:2 warning SGC001 tiers.app.ingress.rdp: opens rdp (udp/3390) to the world (from "public"); name the networks of the administrators
9:2 note SGC017 tiers.app.ingress.rdp: opens udp/3390, but "rdp" is the name of tcp/3389; give the rule another key
`},
		{name: "they keep silent where the name is another's, the protocol, or the ports are many or known", policy: `
services: ssh: tcp: [2222]
tiers: app: ingress: {
	ssh: from: ["10.0.0.0/8"]
	"ssh-alt": {tcp: [2223], from: ["public"]}
	mysql: {udp: [3307], from: ["public"], waive: SGC017: "x"}
	mongodb: {tcp: ["28000-28014"], from: ["public"], waive: SGC017: "x"}
	consul: {tcp: [8500], from: ["public"], waive: SGC001: "x"}
}`},
		{name: "SGC002 keeps silent where little speaks for a database among many ports", policy: `
tiers: app: ingress: {
	rtp: {udp: ["10000-20000"], from: ["public"]}
	passive: {tcp: ["50000-50100"], from: ["public"]}
	cache: {tcp: ["11200-11300"], udp: ["11200-11300"], from: ["public"]}
}
tiers: web: ingress: memcached: {udp: ["11201-11300"], from: ["public"], waive: SGC017: "x"}`, want: `
6:2 note SGC002 tiers.app.ingress.cache: opens what may be memcached (tcp/11211, udp/11211) to the world (from "public"); if it is, name the tiers that use the database
8:22 warning SGC002 tiers.web.ingress.memcached: opens memcached (udp/11211) to the world (from "public"); name the tiers that use the database
`},
		{name: "SGC001 keeps silent about networks, tiers, egress and other ports", policy: `
tiers: app: {
	ingress: ssh: from: ["198.51.100.0/24", "2001:db8::/32", "self", "10.0.0.0/8"]
	ingress: https: from: ["public"]
	ingress: near: {tcp: [20, 24, "5910-5983"], udp: [22], from: ["public"]}
	egress: ssh: to: ["public"]
}`},
		{name: "SGC001 is waived on the rule", policy: `
tiers: app: ingress: ssh: {from: ["public"], waive: SGC001: "a bastion"}`},
		{name: "SGC001 is waived on the tier", policy: `
tiers: app: {ingress: ssh: from: ["public"], waive: SGC001: "a bastion"}`},
		{name: "SGC001 is waived at the top", policy: `
waive: SGC001: "a honeypot"
tiers: app: ingress: ssh: from: ["public"]`},
		{name: "SGC001 is not waived by another code", policy: `
tiers: app: ingress: ssh: {from: ["public"], waive: SGC002: "a bastion"}`, want: `
3:22 warning SGC001 tiers.app.ingress.ssh: opens ssh (tcp/22) to the world (from "public"); name the networks of the administrators
3:53 note SGC016 tiers.app.ingress.ssh: the waiver of SGC002 answers nothing here; remove it
`},
		{name: "SGC002 fires", policy: `
tiers: db: ingress: {
	mysql: from: ["public"]
	postgresql: from: ["2000::/12"]
	cache: {udp: [11211], from: ["public"]}
}`, want: `
4:2 warning SGC002 tiers.db.ingress.mysql: opens mysql (tcp/3306) to the world (from "public"); name the tiers that use the database
5:2 warning SGC002 tiers.db.ingress.postgresql: opens postgresql (tcp/5432) to the world (from "2000::/12"); name the tiers that use the database
5:2 warning SGC004 tiers.db.ingress.postgresql: opens tcp/5432 in IPv6 and forgets IPv4; name the IPv4 networks that go with "2000::/12" too, or say families: ["ipv6"] to mean it
6:2 warning SGC002 tiers.db.ingress.cache: opens memcached (udp/11211) to the world (from "public"); name the tiers that use the database
`},
		{name: "SGC002 keeps silent", policy: `
tiers: app: ingress: https: from: ["public"]
tiers: db: ingress: {mysql: from: ["app"], odd: {udp: [3306], from: ["public"]}}`},
		{name: "SGC002 is waived", policy: `
tiers: db: ingress: mysql: {from: ["public"], waive: SGC002: "open data"}`},
		{name: "SGC003 fires on any and on whole protocols, in place of the others", policy: `
tiers: app: ingress: {
	any: from: ["public"]
}
tiers: web: ingress: {
	wide: {tcp: ["1-65535"], protocols: ["udp"], from: ["public", "::/1", "8000::/1"]}
}`, want: `
4:2 warning SGC003 tiers.app.ingress.any: opens every protocol to the world (from "public"); list the services that strangers need
7:2 warning SGC003 tiers.web.ingress.wide: opens every tcp port, every udp port to the world (from "public", "::/1", "8000::/1"); list the services that strangers need
7:64 warning SGC005 tiers.web.ingress.wide: "::/1" has no effect: all that it opens is already open to "public" (p.cue:7:54); remove it, or narrow the other
  7:54 covered by "public" in tiers.web.ingress.wide
7:72 warning SGC005 tiers.web.ingress.wide: "8000::/1" has no effect: all that it opens is already open to "public" (p.cue:7:54); remove it, or narrow the other
  7:54 covered by "public" in tiers.web.ingress.wide
`},
		{name: "SGC003 keeps silent about egress, tiers and protocols without ports", policy: `
tiers: app: {
	egress: any: to: ["public"]
	ingress: any: from: ["self"]
	ingress: vpn: {protocols: ["esp", "icmp", "icmpv6"], from: ["public"]}
}`},
		{name: "SGC003 is waived", policy: `
tiers: app: ingress: any: {from: ["public"], waive: SGC003: "a router"}`},
	})
}

func TestInternal(t *testing.T) {
	run(t, []row{
		{name: "SGC020 fires, also on pieces of the world", policy: `
tiers: {
	files: ingress: {
		nfs: from: ["public"]
		share: {tcp: [873, 3260], udp: [111], from: ["public"]}
		mine: {tcp: [24007], from: ["1.0.0.0/8", "3.0.0.0/8"], families: ["ipv4"]}
	}
	watch: ingress: {
		prometheus: from: ["public"]
		"node-exporter": from: ["2000::/3"]
	}
	site: ingress: {
		ldap: from: ["public"]
		amqp: from: ["public"]
		"consul-dns": from: ["public"]
		"salt-master": from: ["public"]
	}
}`, want: `
5:3 warning SGC020 tiers.files.ingress.nfs: opens nfs (tcp/2049) to the world (from "public"); name the tiers or the networks that use it
6:3 warning SGC020 tiers.files.ingress.share: opens sunrpc (udp/111), rsync (tcp/873), iscsi (tcp/3260) to the world (from "public"); name the tiers or the networks that use it
7:3 warning SGC020 tiers.files.ingress.mine: opens glusterd (tcp/24007) to networks as large as an IPv4 /7 together (from "1.0.0.0/8", "3.0.0.0/8"); name the tiers or the networks that use it
10:3 warning SGC020 tiers.watch.ingress.prometheus: opens prometheus (tcp/9090) to the world (from "public"); name the tiers or the networks that use it
11:3 warning SGC004 tiers.watch.ingress.node-exporter: opens tcp/9100 in IPv6 and forgets IPv4; name the IPv4 networks that go with "2000::/3" too, or say families: ["ipv6"] to mean it
11:3 warning SGC020 tiers.watch.ingress.node-exporter: opens node-exporter (tcp/9100) to the world (from "2000::/3"); name the tiers or the networks that use it
14:3 warning SGC020 tiers.site.ingress.ldap: opens ldap (tcp/389) to the world (from "public"); name the tiers or the networks that use it
15:3 warning SGC020 tiers.site.ingress.amqp: opens amqp (tcp/5672) to the world (from "public"); name the tiers or the networks that use it
16:3 warning SGC020 tiers.site.ingress.consul-dns: opens consul dns (tcp/8600, udp/8600) to the world (from "public"); name the tiers or the networks that use it
17:3 warning SGC020 tiers.site.ingress.salt-master: opens salt (tcp/4505, tcp/4506) to the world (from "public"); name the tiers or the networks that use it
`},
		{name: "SGC001 and SGC020 are notes on a wide range of system ports", policy: `
tiers: app: ingress: {
	games: {tcp: ["20-30"], udp: ["150-170", "380-395"], from: ["public"]}
	nfs: {tcp: ["2040-2139"], from: ["public"], waive: SGC017: "x"}
	zookeeper: from: ["public"]
	few: {tcp: ["106-115"], from: ["public"]}
}
tiers: web: ingress: games: {tcp: ["380-395"], from: ["1.0.0.0/8", "3.0.0.0/8"], families: ["ipv4"]}`, want: `
4:2 note SGC001 tiers.app.ingress.games: opens what may be ssh (tcp/22), telnet (tcp/23), snmp (udp/161) to the world (from "public"); if it is, name the networks of the administrators
4:2 note SGC020 tiers.app.ingress.games: opens what may be ldap (udp/389) to the world (from "public"); if it is, name the tiers or the networks that use it
5:2 warning SGC020 tiers.app.ingress.nfs: opens nfs (tcp/2049) to the world (from "public"); name the tiers or the networks that use it
6:2 warning SGC020 tiers.app.ingress.zookeeper: opens zookeeper (tcp/2181) to the world (from "public"); name the tiers or the networks that use it
7:2 warning SGC020 tiers.app.ingress.few: opens sunrpc (tcp/111) to the world (from "public"); name the tiers or the networks that use it
9:22 note SGC020 tiers.web.ingress.games: opens what may be ldap (tcp/389) to networks as large as an IPv4 /7 together (from "1.0.0.0/8", "3.0.0.0/8"); if it is, name the tiers or the networks that use it
`},
		{name: "SGC020 keeps silent about wide ranges, other names, networks, egress and what strangers use", policy: `
tiers: app: {
	ingress: {
		game: {tcp: [9090, "4200-4300", "9092-9094"], udp: ["5300-5400"], from: ["public"]}
		pieces: {tcp: ["24001-24011"], from: ["1.0.0.0/8", "3.0.0.0/8"], families: ["ipv4"]}
		nfs: from: ["10.0.0.0/8", "self"]
		dns: from: ["public"]
		smtp: from: ["public"]
		grafana: from: ["public"]
		amqps: from: ["public"]
	}
	egress: nfs: to: ["public"]
}`},
		{name: "SGC020 is waived", policy: `
tiers: {
	a: ingress: ldap: {from: ["public"], waive: SGC020: "the telephone book"}
	b: {ingress: rsync: from: ["public"], waive: SGC020: "a mirror"}
}`},
	})
}

func TestIsWorld(t *testing.T) {
	for text, want := range map[string]bool{
		"0.0.0.0/0": true, "0.0.0.0/1": true, "64.0.0.0/7": true, "8.0.0.0/8": false, "10.0.0.0/8": false,
		"224.0.0.0/4": false, "::/0": true, "2000::/3": true, "2a00::/15": true, "2a01::/16": false,
		"fc00::/7": false, "fe80::/10": false, "ff00::/8": false,
	} {
		if got := isWorld(rule.Prefix(netip.MustParsePrefix(text))); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	for _, r := range []rule.Remote{rule.Tier("app"), rule.ForeignGroup("legacy"), rule.AddressGroup("office"), {}} {
		if isWorld(r) {
			t.Errorf("%s is the world", r)
		}
	}
}

// TestListeners holds the table together: sorted, and no port of two kinds.
func TestListeners(t *testing.T) {
	seen := map[rule.Protocol]map[uint16]string{rule.TCP: {}, rule.UDP: {}}
	for _, k := range kinds {
		last := uint16(0)
		for _, l := range listeners {
			if l.lo < last || l.hi < l.lo || l.hi-l.lo >= mostPorts {
				t.Errorf("%s is out of order", l.name)
			}
			last = l.lo
			for p := l.lo; p <= l.hi && l.is(k.trait); p++ {
				if name := seen[l.protocol][p]; name != "" {
					t.Errorf("%s/%d is %s and %s", l.protocol, p, name, l.name)
				}
				seen[l.protocol][p] = l.name
			}
		}
	}
	for port, name := range map[uint16]string{22: "ssh", 23: "telnet", 2375: "docker api", 2380: "etcd", 3389: "rdp", 5900: "vnc", 5986: "winrm", 6443: "kubernetes api", 10250: "kubelet",
		1433: "ms-sql-s", 3306: "mysql", 5432: "postgresql", 6379: "redis", 9200: "elasticsearch", 27017: "mongodb"} {
		if seen[rule.TCP][port] != name {
			t.Errorf("tcp/%d is %q, not %q", port, seen[rule.TCP][port], name)
		}
	}
	for port, name := range map[uint16]string{161: "snmp", 623: "ipmi", 11211: "memcached", 111: "sunrpc", 5353: "mdns"} {
		if seen[rule.UDP][port] != name {
			t.Errorf("udp/%d is %q, not %q", port, seen[rule.UDP][port], name)
		}
	}
}
