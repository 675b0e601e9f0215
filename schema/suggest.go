package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/xrash/smetrics"
)

// maxSuggestions bounds how often one load looks for what was meant: each look
// costs a comparison with every name there is.
const maxSuggestions = 100

// A suggester finds the name that was probably meant.
type suggester struct{ left int }

// didYouMean is `, did you mean "x"?`, or "" where nothing is close.
func (s *suggester) didYouMean(name string, known []string) string {
	if s.left == 0 || len(name) > 4*maxName {
		return ""
	}
	s.left--
	if best := Closest(name, known); best != "" {
		return fmt.Sprintf(", did you mean %q?", best)
	}
	return ""
}

// Closest is the known name with the fewest letters changed, or one that name
// begins; "" where about a quarter of the letters would have to change.
func Closest(name string, known []string) string {
	lower := strings.ToLower(name)
	limit := 1 + len(name)/4
	best, least := "", limit+1
	for _, k := range slices.Sorted(slices.Values(known)) {
		candidate := strings.ToLower(k)
		longer := max(len(candidate), len(lower)) - min(len(candidate), len(lower))
		if longer > limit && !begins(candidate, lower) {
			continue
		}
		distance := limit
		if longer <= limit {
			distance = smetrics.WagnerFischer(lower, candidate, 1, 1, 1)
		}
		if distance < least {
			best, least = k, distance
		}
	}
	return best
}

// begins says whether the longer of two names goes on where the shorter ends.
func begins(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	return len(b) >= 4 && strings.HasPrefix(a, b)
}
