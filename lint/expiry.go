package lint

import (
	"fmt"

	"sgc.dev/sgc/schema"
)

// IneffectiveCodes are the lints of what counts for nothing, which must not go unsaid.
var IneffectiveCodes = []string{"SGC008", "SGC018"}

// Ineffective is the findings of [IneffectiveCodes] alone, for who compiles a policy
// without judging it.
func Ineffective(p *schema.Policy, asOf string) []Finding {
	ws := waivers{used: map[waiverKey]bool{}}
	return sorted(ws.filter(append(expiry(p, Options{AsOf: asOf}), filesLeftOut(&view{Policy: p})...)))
}

// expiry is SGC008 and SGC009. A rule's day is its last: it expires when the day
// is over.
func expiry(p *schema.Policy, o Options) []found {
	var list []found
	for i := range p.Tiers {
		t := &p.Tiers[i]
		for r := range t.All {
			code, message := "", ""
			switch {
			case r.Expires == "":
				continue
			case o.AsOf != "" && r.Expires < o.AsOf:
				code, message = "SGC008", fmt.Sprintf("expired after %s and opens nothing; remove the rule, or set a new day", r.Expires)
			case o.ExpireBy != "" && r.Expires <= o.ExpireBy:
				code, message = "SGC009", fmt.Sprintf("expires after %s; extend it, or plan its removal", r.Expires)
			default:
				continue
			}
			if who := contact(r.Owner, r.Ticket); who != "" {
				message += " (" + who + ")"
			}
			list = append(list, fire(code, r.ExpiresPos, r.Path, message, r.Waive, t.Waive, p.Waive))
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
