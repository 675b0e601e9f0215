package access

import "sgc.dev/sgc/rule"

// Meet is the packets that both r and s allow, which one rule always says. ok is
// false where there are none, as far as is known: a group and a network have
// none in common, and neither has a rule that [rule.Rule.Check] refuses.
func Meet(r, s rule.Rule) (both rule.Rule, ok bool) {
	if !Overlaps(r, s) {
		return rule.Rule{}, false
	}
	both = half{r.Direction, r.Family}.rule(r.Span().Meet(s.Span()), r.Remote)
	if remoteCovers(r.Remote, s.Remote) {
		both.Remote = s.Remote
	}
	return both, true
}
