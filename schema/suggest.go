package schema

import (
	"fmt"

	"sgc.dev/sgc/rule"
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
	if best := rule.Closest(name, known); best != "" {
		return fmt.Sprintf(", did you mean %q?", best)
	}
	return ""
}
