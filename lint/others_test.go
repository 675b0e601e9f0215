package lint

import "testing"

func TestOthers(t *testing.T) {
	run(t, []row{
		{name: "SGC001, SGC002 and SGC003 fire on what others may open", policy: `
tiers: app: others: ingress: {
	"by hand": {tcp: ["20-30"], from: ["public"]}
	"by the backup": {service: "mysql", from: ["0.0.0.0/0"]}
	"by the tests": {protocols: ["udp"], from: ["public"]}
	"of the office": {tcp: [22], from: ["192.0.2.0/24"]}
}`, want: `
4:2 note SGC001 tiers.app.others.ingress."by hand": lets others open what may be ssh (tcp/22), telnet (tcp/23) to the world (from "public"); if it is, name the networks of the administrators
5:2 warning SGC002 tiers.app.others.ingress."by the backup": lets others open mysql (tcp/3306) to the world (from "0.0.0.0/0"); name the tiers that use the database
6:2 warning SGC003 tiers.app.others.ingress."by the tests": lets others open every udp port to the world (from "public"); list the services that strangers need
`},
		{name: "pieces of the world count, by whomever", policy: `
tiers: app: {
	ingress: ssh: from: ["1.0.0.0/8"]
	others: ingress: "by hand": {tcp: [22], from: ["3.0.0.0/8"]}
}
tiers: web: others: ingress: "by hand": {tcp: [22], from: ["5.0.0.0/8"]}`, want: `
4:11 warning SGC001 tiers.app.ingress.ssh: together with tiers.app.others.ingress."by hand" (p.cue:5:19) opens ssh (tcp/22) to networks as large as an IPv4 /7 together (from "1.0.0.0/8", "3.0.0.0/8"); name the networks of the administrators
  5:19 opened in part by tiers.app.others.ingress."by hand"
`},
		{name: "a waiver answers, beside it or in its tier", policy: `
tiers: app: others: ingress: "by hand": {tcp: [22], from: ["public"], waive: SGC001: "the honeypot"}
tiers: web: {
	others: ingress: "by hand": {tcp: [22], from: ["public"]}
	waive: SGC001: "another"
}`},
		{name: "a waiver beside it that answers nothing", policy: `
tiers: app: others: ingress: "by hand": {tcp: [80], from: ["public"], waive: SGC001: "the honeypot"}`, want: `
3:78 note SGC016 tiers.app.others.ingress."by hand": the waiver of SGC001 answers nothing here; remove it
`},
		{name: "SGC008 and nothing else of what they might until a day", policy: `
tiers: app: others: ingress: "by hand": {tcp: [22], from: ["public"], expires: "2026-01-31"}`, want: `
3:71 warning SGC008 tiers.app.others.ingress."by hand": expired after 2026-01-31 and opens nothing; remove the rule, or set a new day
`},
		{name: "SGC007 knows what it names, and SGC005 takes nothing for covered by it", policy: `
addresses: office: ["192.0.2.0/24"]
services: own: tcp: [8080]
groups: lb: name: "lb"
tiers: app: {
	ingress: own: from: ["192.0.2.7"]
	others: ingress: "by hand": {service: "own", from: ["office", "lb"]}
}`},
	})
}
