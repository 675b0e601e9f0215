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
7:7 warning SGC019 waive: stands at the top of the policy, although it is indented below "tiers"; put it in braces with what it belongs to, or at the start of the line
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
7:3 warning SGC019 families: stands at the top of the policy, although it is indented below "tiers"; put it in braces with what it belongs to, or at the start of the line
8:2 warning SGC019 _note: stands at the top of the policy, although it is indented below "tiers"; put it in braces with what it belongs to, or at the start of the line
9:3 warning SGC019 waive: stands at the top of the policy, although it is indented below "_note"; put it in braces with what it belongs to, or at the start of the line
9:10 note SGC016 waive: the waiver of SGC011 answers nothing here; remove it
11:2 warning SGC019 _own: stands at the top of the policy, although it is indented below "name"; put it in braces with what it belongs to, or at the start of the line
`},
		{name: "fires on a section, a second one too", policy: `
tiers: web: ingress: http: from: ["public"]
  tiers: app: {}
`, want: `
4:3 warning SGC019 tiers: stands at the top of the policy, although it is indented below "tiers"; put it in braces with what it belongs to, or at the start of the line
`},
		{name: "fires in each file by itself", policy: `
tiers: web: ingress: http: from: ["public"]
-- a.cue --
  package p

  _a: 1
    families: ["ipv4", "ipv6"]
`, want: `
4:5 warning SGC019 families: stands at the top of the policy, although it is indented below "_a"; put it in braces with what it belongs to, or at the start of the line
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
4:2 warning SGC019 families: stands at the top of the policy, although it is indented below "tiers"; put it in braces with what it belongs to, or at the start of the line
5:2 warning SGC019 [=~"^_"]: stands at the top of the policy, although it is indented below "tiers"; put it in braces with what it belongs to, or at the start of the line
6:3 warning SGC019 ("tiers"): stands at the top of the policy, although it is indented below "[=~\"^_\"]"; put it in braces with what it belongs to, or at the start of the line
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
5:3 warning SGC019 waive: stands at the top of the policy, although it is indented below "tiers"; put it in braces with what it belongs to, or at the start of the line
5:10 note SGC016 waive: the waiver of SGC019 answers nothing here; remove it
6:3 warning SGC019 families: stands at the top of the policy, although it is indented below "tiers"; put it in braces with what it belongs to, or at the start of the line
`},
	})
}
