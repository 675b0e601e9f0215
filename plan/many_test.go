package plan

import (
	"fmt"
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

// TestManyTags has more tags than any cloud keeps, in the group and in the policy: that is said,
// and said soon.
func TestManyTags(t *testing.T) {
	const many = 20_000
	set, s := shopSet(tcp(80, rule.Anyone())), settled(tcp(80, rule.Anyone()))
	for i := range many {
		set.Groups[1].Tags = append(set.Groups[1].Tags, fmt.Sprintf("mine-%d", i))
		s.Groups[1].Tags = append(s.Groups[1].Tags, fmt.Sprintf("theirs-%d", i))
	}
	s.Groups[1].Tags = append(s.Groups[1].Tags, "MINE-7")
	p := mustMake(t, FromSet(set), s, Options{})
	problems, _ := Check([]*Plan{p}, s, Facts{Quota: Quota{Room{Limit: -1}, Room{Limit: -1}}}, Permits{})
	for i, want := range []string{
		"group web (id-web) has 20003 tags, and clouds keep no more than 50: remove some, so that there is room for 20000 more",
		`group web (id-web) has the tag "MINE-7", which is the same as "mine-7" to clouds`,
	} {
		if len(problems) != 2 || !strings.HasPrefix(problems[i].Message, want) {
			t.Errorf("%v", problems)
		}
	}
	if tags := p.After(s).Groups[1].Tags; len(tags) != 2*many+3 {
		t.Errorf("%d tags after it", len(tags))
	}
}

// TestTooLong refuses what would make a project too long to be read, and nothing else where one is.
func TestTooLong(t *testing.T) {
	s := settled(tcp(80, rule.Anyone()))
	web := &s.Groups[1]
	for i := len(s.Groups[0].Rules) + len(web.Rules); i < MaxRules; i++ {
		web.Rules = append(web.Rules, rule.LiveRule{ID: fmt.Sprint("r", i), Rule: tcp(uint16(i%60_000+1000), rule.Anyone())})
	}
	var kept, fewer []rule.Rule
	for _, l := range web.Rules[:50_000] {
		fewer = append(fewer, l.Rule)
	}
	kept = append(fewer[:len(fewer):len(fewer)], tcp(81, rule.Anyone()))
	for _, c := range []struct {
		want []rule.Rule
		text string
	}{
		{fewer, ""},
		{kept, "this needs 100001 security group rules in all, and of one project sgc reads no more than 100000: name wider networks or port ranges"},
	} {
		p := mustMake(t, shop(c.want...), s, Options{})
		problems, _ := Check([]*Plan{p}, s, Facts{Quota: Quota{Room{Limit: -1}, Room{Limit: -1}}}, Permits{Destroy: true})
		if problems.Error() != c.text {
			t.Errorf("%v, not %q", problems, c.text)
		}
	}
}
