package rule

import "fmt"

// CheckClaims holds policies that go into one project to names and groups of
// their own: each would undo what the other does.
func CheckClaims(sets []*Set) error {
	policies, owner := map[string]bool{}, map[string]string{}
	for _, set := range sets {
		if policies[set.Policy] {
			return fmt.Errorf("two policies are called %s: the name marks what a policy owns in a cloud", set.Policy)
		}
		policies[set.Policy] = true
		for _, g := range set.Groups {
			if other, taken := owner[g.Name]; taken {
				return fmt.Errorf("%s: security group %q is that of policy %s already: name policies for different projects one by one", g.Pos, g.Name, other)
			}
			owner[g.Name] = set.Policy
		}
	}
	return nil
}
