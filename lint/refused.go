package lint

import (
	"fmt"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// RefusedNames is the code of what no plan accepts.
const RefusedNames = "SGC023"

// refusedNames finds keys under groups and addressGroups for what the policy
// makes itself, or has another key for. A plan refuses both, whatever the cloud has.
func refusedNames(v *view) []found {
	tiers := map[string]*schema.Tier{} // by the name of the group
	for i := range v.Tiers {
		tiers[v.Tiers[i].Group] = &v.Tiers[i]
	}
	var list []found
	fire := func(x *schema.External, field, message string, about rule.Pos, what string) {
		f := fire(RefusedNames, x.Pos, field+"."+x.Key, message, x.Waive, v.Waive)
		f.Related = []Related{{about, what}}
		list = append(list, f)
	}
	for i := range v.Groups {
		x := &v.Groups[i]
		if t := tiers[x.Name]; t != nil {
			fire(x, "groups", fmt.Sprintf(
				"%q is the security group of tier %q, and sgc plan refuses a second name for it; name the tier instead", x.Name, t.Name),
				t.Pos, fmt.Sprintf("tier %q", t.Name))
		}
	}
	for field, externals := range map[string][]schema.External{"groups": v.Groups, "addressGroups": v.AddressGroups} {
		type named struct{ name, id string }
		what := map[string]string{"groups": "security group", "addressGroups": "address group"}[field]
		first := map[named]*schema.External{}
		for i := range externals {
			x := &externals[i]
			key := named{x.Name, x.ID}
			if known := first[key]; known != nil {
				fire(x, field, fmt.Sprintf(
					"%q and %q are the same %s, and sgc plan refuses two names for one; keep one of them", known.Key, x.Key, what),
					known.Pos, fmt.Sprintf("%s.%s", field, known.Key))
				continue
			}
			first[key] = x
		}
	}
	return list
}
