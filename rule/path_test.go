package rule

import "testing"

func TestPath(t *testing.T) {
	for _, test := range []struct {
		up    string
		names []string
		want  string
	}{
		{"", nil, ""},
		{"", []string{"name"}, "name"},
		{"tiers", nil, "tiers"},
		{"tiers", []string{"web-1_a", "ingress", "0"}, "tiers.web-1_a.ingress.0"},
		{"", []string{"tiers", "web.v2", "egress", "x"}, `tiers."web.v2".egress.x`},
		{`tiers."web.v2"`, []string{"egress"}, `tiers."web.v2".egress`},
		{"assert", []string{`the "world"`}, `assert."the \"world\""`},
		{"tiers", []string{""}, `tiers.""`},
		{"tiers", []string{"ü"}, `tiers."ü"`},
	} {
		if got := Path(test.up, test.names...); got != test.want {
			t.Errorf("%q below %q is %s, not %s", test.names, test.up, got, test.want)
		}
	}
}
