package rule

import "fmt"

// CheckClaims holds policies that go into one project to names and groups of
// their own: each would undo what the other does.
func CheckClaims(sets []*Set) error {
	policies, owner := map[string]*Set{}, map[string]string{}
	for _, set := range sets {
		if other := policies[set.Policy]; other != nil {
			return fmt.Errorf("two policies are called %s%s: the name marks what a policy owns in a cloud", set.Policy, inFiles(other, set))
		}
		policies[set.Policy] = set
		for _, g := range set.Groups {
			if other, taken := owner[g.Name]; taken {
				return fmt.Errorf("%s: security group %q is that of policy %s already: name policies for different projects one by one", g.Pos, g.Name, other)
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
