package lint

import "fmt"

// expiry is SGC008 and SGC009. A rule's day is its last: it expires when the day
// is over.
func expiry(v *view) []found {
	var list []found
	for i := range v.Tiers {
		t := &v.Tiers[i]
		for j := range t.Rules {
			r := &t.Rules[j]
			code, message := "", ""
			switch {
			case r.Expires == "":
				continue
			case v.options.AsOf != "" && r.Expires < v.options.AsOf:
				code, message = "SGC008", fmt.Sprintf("expired after %s and opens nothing; remove the rule, or set a new day", r.Expires)
			case v.options.ExpireBy != "" && r.Expires <= v.options.ExpireBy:
				code, message = "SGC009", fmt.Sprintf("opens nothing any more after %s; set a new day, or prepare for the end", r.Expires)
			default:
				continue
			}
			if who := contact(r.Owner, r.Ticket); who != "" {
				message += " (" + who + ")"
			}
			list = append(list, fire(code, r.ExpiresPos, r.Path, message, r.Waive, t.Waive, v.Waive))
		}
	}
	return list
}

// contact is whom and where to ask about a rule.
func contact(owner, ticket string) string {
	switch {
	case owner != "" && ticket != "":
		return fmt.Sprintf("owner %q, ticket %q", owner, ticket)
	case owner != "":
		return fmt.Sprintf("owner %q", owner)
	case ticket != "":
		return fmt.Sprintf("ticket %q", ticket)
	}
	return ""
}
