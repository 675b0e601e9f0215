package plan

import (
	"testing"

	"sgc.dev/sgc/rule"
)

// TestUnknownQuota has a quota that cannot be read be noted with what there is to be room for.
func TestUnknownQuota(t *testing.T) {
	http := tcp(80, rule.Anyone())
	for _, c := range []struct {
		s       *rule.State
		options Options
		unread  string
		want    string
	}{
		{settled(), Options{}, "", ""},
		{settled(), Options{}, "403 PolicyNotAuthorized",
			"the quota cannot be read (403 PolicyNotAuthorized): only creation will show whether there is room for 1 more rule"},
		{&rule.State{}, Options{}, "404 Not Found",
			"the quota cannot be read (404 Not Found): only creation will show whether there is room for 2 more groups and 6 more rules"},
		{settled(tcp(22, rule.Anyone()), tcp(23, rule.Anyone())), Options{DeletesFirst: true}, "403 Forbidden",
			""},
	} {
		p := mustMake(t, shop(http), c.s, c.options)
		problems, notes := Check([]*Plan{p}, c.s, Facts{Quota: Quota{Room{Limit: -1}, Room{Limit: -1}}, QuotaUnread: c.unread}, Permits{})
		if got := Problems(notes).Error(); got != c.want || problems != nil {
			t.Errorf("%q: %q and %v, not %q", c.unread, got, problems, c.want)
		}
	}
}
