package rule

import "testing"

func TestCounted(t *testing.T) {
	for n, want := range []string{"0 rules", "1 rule", "2 rules"} {
		if got := Counted(n, "rule"); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}
