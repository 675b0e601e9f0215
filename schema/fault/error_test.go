package fault

import (
	"strings"
	"testing"
)

func TestShortened(t *testing.T) {
	for s, want := range map[string]string{
		"":                                    "",
		strings.Repeat("a", maxShown):         strings.Repeat("a", maxShown),
		strings.Repeat("a", maxShown+1):       strings.Repeat("a", maxShown) + "…",
		strings.Repeat("é", maxShown/2+1):     strings.Repeat("é", maxShown/2) + "…",
		"a" + strings.Repeat("é", maxShown/2): "a" + strings.Repeat("é", maxShown/2-1) + "…",
	} {
		if got := shortened(s); got != want {
			t.Errorf("%d bytes become %d, not %d", len(s), len(got), len(want))
		}
	}
}
