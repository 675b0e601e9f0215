package plan

import (
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

// TestStrangers shows rules that name groups which the policy does not: by their names too,
// where these are known, and never in a way that could be a policy's.
func TestStrangers(t *testing.T) {
	nobodys := func(id, name string) rule.LiveGroup { return rule.LiveGroup{ID: id, Name: name} }
	for name, c := range map[string]struct {
		others []rule.LiveGroup
		want   string
	}{
		"a name":              {[]rule.LiveGroup{nobodys("id-old", "legacy lb")}, "group legacy lb (id-old)"},
		"one of two":          {[]rule.LiveGroup{nobodys("id-1", "legacy"), nobodys("id-old", "legacy")}, "group legacy (id-old)"},
		"that of a tier":      {[]rule.LiveGroup{nobodys("id-old", "web")}, "group web (id-old)"},
		"no name":             {[]rule.LiveGroup{nobodys("id-old", "")}, "group id id-old"},
		"another's, unlisted": {nil, "group id id-old"},
	} {
		s := settled(tcp(80, rule.Anyone()), tcp(22, rule.ForeignGroup("id-old")))
		s.Groups = append(s.Groups, c.others...)
		p := mustMake(t, shop(tcp(80, rule.Anyone())), s, Options{})
		var text strings.Builder
		if err := Text(&text, p); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"- ingress IPv4 tcp/22 from " + c.want + " ", "closes: " + c.want + " → web tcp/22 (IPv4)"} {
			if !strings.Contains(text.String(), want) {
				t.Errorf("%s: not %s:\n%s", name, want, text.String())
			}
		}
		if next := mustMake(t, shop(tcp(80, rule.Anyone())), p.After(s), Options{}); !next.Empty() {
			t.Errorf("%s: after it there is something to do", name)
		}
	}
}
