package rule

import "fmt"

// CheckClaims holds policies that go into one project to names and groups of
// their own: each would undo what the other does.
func CheckClaims(sets []*Set) error {
	policies, owner := map[string]*Set{}, map[string]string{}
	for _, set := range sets {
		if other := policies[set.Policy]; other != nil {
			return fmt.Errorf("two policies are named %s%s: give each a name of its own, since the name marks what a policy owns in a cloud", set.Policy, inFiles(other, set))
		}
		policies[set.Policy] = set
		for _, g := range set.Groups {
			if other, taken := owner[g.Name]; taken {
				return fmt.Errorf("%s: policy %s already has a security group %q: run sgc once for each project if they are for different ones", g.Pos, other, g.Name)
			}
			owner[g.Name] = set.Policy
		}
	}
	return nil
}

// inFiles says in which files two policies are, where both have tiers to tell by.
func inFiles(a, b *Set) string {
	if len(a.Groups) == 0 || len(b.Groups) == 0 {
		return ""
	}
	return fmt.Sprintf(", in %s and %s", a.Groups[0].Pos.File, b.Groups[0].Pos.File)
}
