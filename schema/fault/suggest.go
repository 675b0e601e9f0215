package fault

import (
	"fmt"

	"sgc.dev/sgc/rule"
)

// maxSuggestions bounds how often one load looks for what was meant: each look
// costs a comparison with every name there is.
const maxSuggestions = 100

// A Suggester finds the name that was probably meant.
type Suggester struct{ left int } // how often it still looks

// NewSuggester is one for a load.
func NewSuggester() *Suggester { return &Suggester{maxSuggestions} }

// Tired says whether it has looked often enough, and finds nothing more. One that is
// zero always is.
func (s *Suggester) Tired() bool { return s.left == 0 }

// DidYouMean is `, did you mean "x"?`, or "" where nothing is close.
func (s *Suggester) DidYouMean(name string, known []string) string {
	if s.left == 0 || len(name) > 4*rule.MaxName {
		return ""
	}
	s.left--
	if best := rule.Closest(name, known); best != "" {
		return fmt.Sprintf(", did you mean %q?", best)
	}
	return ""
}
