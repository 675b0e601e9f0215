package plan

import (
	"fmt"

	"sgc.dev/sgc/rule"
)

// Expired says which rules the plan would create although their last day is before the
// day ("2027-01-31"): a plan can be carried out long after it was made.
func (p *Plan) Expired(day string) Problems {
	var problems Problems
	for _, g := range p.Groups {
		for _, e := range g.Create {
			if last := e.LastDay(); last != "" && last < day {
				problems = append(problems, Problem{position(e), fmt.Sprintf("group %s: the last day of %s was %s; plan again", g.Name, e.Rule, last)})
			}
		}
	}
	return problems
}

// position is the first policy line that the rule comes from.
func position(e rule.Entry) rule.Pos {
	if len(e.Origins) == 0 {
		return rule.Pos{}
	}
	return e.Origins[0].Pos
}
