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
			"the quota cannot be read (403 PolicyNotAuthorized): whether it has room for what this plan adds (groups: 0, rules: 1) shows while it is carried out"},
		{&rule.State{}, Options{}, "404 Not Found",
			"the quota cannot be read (404 Not Found): whether it has room for what this plan adds (groups: 2, rules: 6) shows while it is carried out"},
		{settled(tcp(22, rule.Anyone()), tcp(23, rule.Anyone())), Options{DeletesFirst: true}, "403 Forbidden",
			"the quota cannot be read (403 Forbidden): whether it has room for what this plan adds (groups: 0, rules: 0) shows while it is carried out"},
	} {
		p := mustMake(t, shop(http), c.s, c.options)
		got := ""
		for _, note := range p.Unknown(Facts{QuotaUnread: c.unread}) {
			got += note.Message
		}
		if got != c.want {
			t.Errorf("%q: %q, not %q", c.unread, got, c.want)
		}
	}
}
