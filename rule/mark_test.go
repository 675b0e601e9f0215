package rule

import "testing"

// TestParseMark finds a mark where it is one: at the end, whole. What merely
// looks like one says nothing of anybody.
func TestParseMark(t *testing.T) {
	for description, want := range map[string][2]string{
		Mark("shop", "web"):               {"shop", "web"},
		"the web " + Mark("shop", "web"):  {"shop", "web"},
		"[sgc:shop/db] [sgc:shop/web]":    {"shop", "web"},
		"[sgc:shop/web] was here":         {},
		"[sgc:shop/web] ":                 {},
		"[sgc:shop/web":                   {},
		"[sgc:shop]":                      {},
		"[sgc:/web]":                      {},
		"[sgc:shop/]":                     {},
		"sgc:shop/web]":                   {},
		"[SGC:shop/web]":                  {},
		"":                                {},
		"[sgc:shop/web] [sgc:also there]": {},
	} {
		policy, tier, ok := ParseMark(description)
		if got := [2]string{policy, tier}; got != want || ok != (want != [2]string{}) {
			t.Errorf("%q is of %q, %t", description, got, ok)
		}
	}
}
