package plan

import (
	"strings"

	"sgc.dev/sgc/rule"
)

// Problem is a reason not to carry a plan out, or one to think twice. Pos is
// where the policy says what is concerned; it has no file where the policy does not.
type Problem struct {
	Pos     rule.Pos `json:"position"`
	Message string   `json:"message"`
}

func (p Problem) String() string {
	if p.Pos.File == "" {
		return p.Message
	}
	return p.Pos.String() + ": " + p.Message
}

// Problems are all reasons at once, one a line.
type Problems []Problem

func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = rule.Printable(problem.String())
	}
	return strings.Join(lines, "\n")
}
