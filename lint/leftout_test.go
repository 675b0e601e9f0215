package lint

import "testing"

func TestFilesLeftOut(t *testing.T) {
	const policy = `
tiers: web: ingress: https: from: ["public"]
`
	const test = `-- p_test.cue --
package p

assert: "the world reaches web": always: {from: ["public"], to: ["web"]}
`
	run(t, []row{
		{name: "fires on what CUE leaves out by its name", policy: policy + test + `-- _db.cue --
package p

tiers: db: {}
-- p_tool.cue --
package p

tiers: db: {}
`, want: `
1:1 warning SGC018 : is not part of the policy: none of its rules and assertions counts, because its name begins with _; rename it, or move it out of the policy's folder
1:1 warning SGC018 : is not part of the policy: none of its rules and assertions counts, because its name ends in _test.cue; rename it, or move it out of the policy's folder
1:1 warning SGC018 : is not part of the policy: none of its rules and assertions counts, because its name ends in _tool.cue, which is for cue cmd; rename it, or move it out of the policy's folder
`},
		{name: "fires on a file of no package", policy: policy + `-- db.cue --
tiers: db: {}
`, want: `
1:1 warning SGC018 : is not part of the policy: none of its rules and assertions counts, because it has no package clause; begin it with package p, or move it out of the policy's folder
`},
		{name: "keeps silent about data, hidden files and what says itself that it is left out", policy: policy + `-- db.json --
{"tiers": {"db": {}}}
-- db.yaml --
tiers: {db: {}}
-- .db.cue --
package p
-- prod.cue --
@if(prod)

package p

tiers: db: {}
-- never.cue --
@ignore()

package p

tiers: db: {}
-- README.md --
tiers: db: {}
`},
		{name: "is waived", policy: `
waive: SGC018: "cue vet has a policy's tests in files of their own"` + policy + test},
	})
}
