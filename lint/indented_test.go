package lint

import "testing"

func TestIndentedFields(t *testing.T) {
	run(t, []row{
		{name: "fires on what looks like part of a rule, and still waives", policy: `
tiers:
  web:
    ingress:
      ssh: from: ["public"]
      waive: SGC001: "bastion"
`, want: `
7:7 warning SGC019 waive: is at the top of the policy, although it is indented below "tiers"; put it in braces with what it belongs to, or at the start of the line
`},
		{name: "names the field further out, and tells each", policy: `
tiers:
	web:
		ingress:
			http: from: ["public"]
		families: ["ipv4", "ipv6"]
	_note: "x"
		waive: SGC011: "y"
name: "test"
	_own:
		more: "z"
`, want: `
7:3 warning SGC019 families: is at the top of the policy, although it is indented below "tiers"; put it in braces with what it belongs to, or at the start of the line
8:2 warning SGC019 _note: is at the top of the policy, although it is indented below "tiers"; put it in braces with what it belongs to, or at the start of the line
9:3 warning SGC019 waive: is at the top of the policy, although it is indented below "_note"; put it in braces with what it belongs to, or at the start of the line
9:10 note SGC016 waive: the waiver of SGC011 answers nothing here; remove it
11:2 warning SGC019 _own: is at the top of the policy, although it is indented below "name"; put it in braces with what it belongs to, or at the start of the line
`},
		{name: "fires on a section, a second one too", policy: `
tiers: web: ingress: http: from: ["public"]
  tiers: app: {}
`, want: `
4:3 warning SGC019 tiers: is at the top of the policy, although it is indented below "tiers"; put it in braces with what it belongs to, or at the start of the line
`},
		{name: "fires in each file by itself", policy: `
tiers: web: ingress: http: from: ["public"]
-- a.cue --
  package p

  _a: 1
    families: ["ipv4", "ipv6"]
`, want: `
4:5 warning SGC019 families: is at the top of the policy, although it is indented below "_a"; put it in braces with what it belongs to, or at the start of the line
`},
		{name: "keeps silent about lines with several fields, braces, and what is no field", policy: `
	import "list"

	// A comment, and all fields of the policy, are indented alike.
	name: "test", families: list.Concat([["ipv4"], ["ipv6"]])
		// further in
	tiers: web: {
		ingress: http: from: [
			"public",
		]
	}, waive: SGC016: "x"
	tiers:
		web:
			ingress:
				https: from: ["public"]
		if true {tiers: web: description: "x"}
		let x = "y"
	_x: x
families: ["ipv4", "ipv6"]
	servers: {}
`},
		{name: "names what stands in quotes, and what has no name", policy: `
"tiers": web: ingress: http: from: ["public"]
	"families": ["ipv4", "ipv6"]
	[=~"^_"]: {}
		("tiers"): web: description: "x"
`, want: `
4:2 warning SGC019 families: is at the top of the policy, although it is indented below "tiers"; put it in braces with what it belongs to, or at the start of the line
5:2 warning SGC019 [=~"^_"]: is at the top of the policy, although it is indented below "tiers"; put it in braces with what it belongs to, or at the start of the line
6:3 warning SGC019 ("tiers"): is at the top of the policy, although it is indented below "[=~\"^_\"]"; put it in braces with what it belongs to, or at the start of the line
`},
		{name: "fires on what follows a rule on its line", policy: `
tiers: bastion: ingress: ssh: from: ["public"], waive: SGC001: "keys alone"
tiers: legacy: ingress: https: from: [
	"public",
], waive: SGC002: "x", families: ["ipv4", "ipv6"]
services: api: tcp: [8080], waive: SGC007: "later"
`, want: `
3:49 warning SGC019 waive: is at the top of the policy, although it goes on with the line of "tiers"; put it in braces with what it belongs to, or on a line of its own
6:4 warning SGC019 waive: is at the top of the policy, although it goes on with the line of "tiers"; put it in braces with what it belongs to, or on a line of its own
6:11 note SGC016 waive: the waiver of SGC002 answers nothing here; remove it
6:24 warning SGC019 families: is at the top of the policy, although it goes on with the line of "tiers"; put it in braces with what it belongs to, or on a line of its own
7:29 warning SGC019 waive: is at the top of the policy, although it goes on with the line of "services"; put it in braces with what it belongs to, or on a line of its own
`},
		{name: "fires inside of a tier", policy: `
tiers: "d.b": {
	ingress:
		ssh: from: ["public"]
		waive: SGC001: "bastion"
		families: ["ipv4", "ipv6"]
	egress: ntp: to: ["public"], description: "time"
}
`, want: `
6:3 warning SGC019 tiers."d.b".waive: is in tiers."d.b", although it is indented below "ingress"; put it in braces with what it belongs to, or in line with the other fields
7:3 warning SGC019 tiers."d.b".families: is in tiers."d.b", although it is indented below "ingress"; put it in braces with what it belongs to, or in line with the other fields
8:31 warning SGC019 tiers."d.b".description: is in tiers."d.b", although it goes on with the line of "egress"; put it in braces with what it belongs to, or on a line of its own
`},
		{name: "keeps silent about lines whose fields mean the same anywhere, or close what they hold", policy: `
tiers: a: {}, servers: b: tiers: ["a"], services: api: tcp: [8080], families: ["ipv4", "ipv6"]
tiers: c: {ingress: ssh: from: ["public"], waive: SGC001: "bastion"}
tiers: d: ingress: http: {from: ["public"]}, waive: {SGC007: "spare", SGC012: "none"}
tiers: e: _e, families: ["ipv4", "ipv6"]
tiers: {
	f: {}
	  g: description: "g"
}
_e: {}
`},
		{name: "is waived", policy: `
waive: SGC019: "we indent like this"
tiers: web: ingress: http: from: ["public"]
  families: ["ipv4", "ipv6"]
`},
		{name: "is not waived by what is itself indented", policy: `
_w: SGC019: "a value"
tiers: web: ingress: http: from: ["public"]
  waive: SGC019: "here"
  families: ["ipv4", "ipv6"]
`, want: `
5:3 warning SGC019 waive: is at the top of the policy, although it is indented below "tiers"; put it in braces with what it belongs to, or at the start of the line
5:10 note SGC016 waive: the waiver of SGC019 answers nothing here; remove it
6:3 warning SGC019 families: is at the top of the policy, although it is indented below "tiers"; put it in braces with what it belongs to, or at the start of the line
`},
	})
}
