package lint

import "testing"

func TestClearText(t *testing.T) {
	run(t, []row{
		{name: "fires, as a note where TLS may come later or the networks are some", policy: `
tiers: {
	files: ingress: {
		ftp: from: ["public"]
		tftp: from: ["10.0.0.0/8", "::/0"]
		mail: {tcp: [110, 143, 993], from: ["public"]}
	}
	old: ingress: {
		telnet: from: ["198.51.100.0/24", "2001:db8::/32"]
		logs: {udp: ["510-515"], from: ["203.0.113.9"]}
		amqp: from: ["198.51.100.0/24", "2001:db8::/32"]
	}
}
servers: old: {tiers: ["files", "old"], addresses: ["198.51.100.0/28"], waive: SGC012: "test"}`, want: `
5:3 warning SGC021 tiers.files.ingress.ftp: lets in ftp (tcp/21) from outside (from "public"), and everyone on the way can read it; use sftp in its place
6:3 warning SGC021 tiers.files.ingress.tftp: lets in tftp (udp/69) from outside (from "::/0"), and everyone on the way can read it; use https in its place
7:3 note SGC021 tiers.files.ingress.mail: lets in pop3 (tcp/110), imap (tcp/143) from outside (from "public"), and everyone on the way can read it; use pop3s, imaps in its place
10:3 note SGC021 tiers.old.ingress.telnet: lets in telnet (tcp/23) from outside (from "198.51.100.0/24", "2001:db8::/32"), and everyone on the way can read it; use ssh in its place
11:3 note SGC021 tiers.old.ingress.logs: lets in syslog (udp/514) from outside (from "203.0.113.9"), and everyone on the way can read it; use syslog-tls in its place
12:3 note SGC021 tiers.old.ingress.amqp: lets in amqp (tcp/5672) from outside (from "198.51.100.0/24", "2001:db8::/32"), and everyone on the way can read it; use amqps in its place
`},
		{name: "says nothing of what other lints say of the world", policy: `
tiers: a: ingress: {telnet: from: ["public"], ldap: from: ["public"]}`, want: `
3:21 warning SGC001 tiers.a.ingress.telnet: opens telnet (tcp/23) to the world (from "public"); name the networks of the administrators
3:47 warning SGC020 tiers.a.ingress.ldap: opens ldap (tcp/389) to the world (from "public"); name the tiers or the networks that use it
`},
		{name: "keeps silent about private networks, the policy's servers, tiers, egress, wide ranges and what is encrypted", policy: `
groups: others: name: "others"
tiers: a: {
	ingress: {
		ftp: from: ["10.1.0.0/16", "fd00::/8", "198.51.100.7", "198.51.100.16/29", "self", "others"]
		wide: {tcp: ["20-30"], from: ["203.0.113.0/24"]}
		imaps: from: ["203.0.113.0/24"]
		http: from: ["public"]
	}
	egress: ftp: to: ["public"]
}
servers: a: {tiers: ["a"], addresses: ["198.51.100.7", "198.51.100.16/28"]}`},
		{name: "is waived on the rule and on the tier", policy: `
tiers: {
	a: ingress: ftp: {from: ["public"], waive: SGC021: "a public mirror"}
	b: {ingress: ftp: from: ["public"], waive: SGC021: "a public mirror"}
}`},
	})
}
