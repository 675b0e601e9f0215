package lint

import (
	"fmt"

	"sgc.dev/sgc/rule"
)

// What a project may have where nobody raised it, and what its own default group,
// which the first request makes, takes of that: neutron.conf's quota_security_group
// and quota_security_group_rule, and neutron/db/securitygroups_db.py.
const (
	quotaGroups   = 10
	quotaRules    = 100
	defaultGroups = 1
	defaultRules  = 4
)

// quota is SGC011.
func quota(v *view) []found {
	groups, rules := len(v.set.Groups), 0
	for i := range v.set.Groups {
		rules += len(v.set.Groups[i].Rules)
	}
	if groups+defaultGroups <= quotaGroups && rules+defaultRules <= quotaRules {
		return nil
	}
	f := fire("SGC011", v.Pos, "name", fmt.Sprintf(
		"the policy has %s and %s, with the project's default group %d and %d; OpenStack's default quota is %d and %d; need fewer, or have the quota raised and waive SGC011",
		rule.Counted(groups, "group"), rule.Counted(rules, "rule"), groups+defaultGroups, rules+defaultRules, quotaGroups, quotaRules), v.Waive)
	for _, r := range v.rules {
		if r.Except != nil {
			f.Related = append(f.Related, Related{r.Except[0].Pos, fmt.Sprintf(
				"%s comes to %s as written: to leave one address out of everyone takes 32 in IPv4 and 128 in IPv6; except wider networks", r.Path, rule.Counted(len(r.entries), "rule"))})
		}
	}
	return []found{f}
}
