package lint

import "testing"

func TestRefusedNames(t *testing.T) {
	run(t, []row{
		{name: "fires on a tier's group, and on two keys for one", policy: `
groups: {
	hand: name: "default"
	front: name: "shop-web"
	old: name: "legacy"
	older: name: "legacy"
	one: id: "0f3d7c52-9b1e-4a68-8d24-6e5c1b7a9f03"
	two: id: "0f3d7c52-9b1e-4a68-8d24-6e5c1b7a9f03"
}
addressGroups: {office: name: "legacy", branch: name: "legacy"}
tiers: {
	default: ingress: http: from: ["hand", "front", "old", "older"]
	web: {group: "shop-web", ingress: http: from: ["one", "two", "office", "branch"]}
}`, want: `
4:2 warning SGC023 groups.hand: "default" is the security group of tier "default", and sgc plan refuses a second name for it; name the tier instead
  13:2 tier "default"
5:2 warning SGC023 groups.front: "shop-web" is the security group of tier "web", and sgc plan refuses a second name for it; name the tier instead
  14:2 tier "web"
7:2 warning SGC023 groups.older: "old" and "older" are the same security group, and sgc plan refuses two names for one; keep one of them
  6:2 groups.old
9:2 warning SGC023 groups.two: "one" and "two" are the same security group, and sgc plan refuses two names for one; keep one of them
  8:2 groups.one
11:17 warning SGC023 addressGroups.office: "branch" and "office" are the same address group, and sgc plan refuses two names for one; keep one of them
  11:41 addressGroups.branch
`},
		{name: "keeps silent about groups of others, and a tier's name that is not its group's", policy: `
groups: {a: name: "web", b: name: "other", c: id: "0f3d7c52-9b1e-4a68-8d24-6e5c1b7a9f03"}
addressGroups: office: name: "web-2"
tiers: web: {group: "web-2", ingress: http: from: ["a", "b", "c", "office"]}`},
		{name: "is waived on the group and at the top", policy: `
waive: SGC023: "only sgc export is used"
groups: {
	a: {name: "web", waive: SGC023: "the same"}
	b: name: "old"
	c: name: "old"
}
tiers: web: ingress: http: from: ["a", "b", "c"]`},
	})
}
