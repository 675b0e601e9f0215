package plan

import (
	"slices"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/rule"
)

// Theirs is what others may open in a group, beside what the policy has there itself.
type Theirs struct {
	mine          map[rule.Rule]bool // the policy's, whoever has made them
	inside        access.Access      // what the policy opens
	others, whole access.Access      // what others may open, and both together
}

func newTheirs(mine []rule.Rule, others []rule.Entry) Theirs {
	t := Theirs{mine: map[rule.Rule]bool{}}
	if others == nil {
		return t
	}
	for _, r := range mine {
		t.mine[r] = true
	}
	may := rulesOf(others)
	t.inside, t.others, t.whole = access.Of(mine...), access.Of(may...), access.Of(slices.Concat(mine, may)...)
	return t
}

// Has says whether a live rule is left to others: it opens nothing but what they and the
// policy may, and is not the policy's, which has made the very same rule, or alone may open it.
func (t Theirs) Has(r rule.Rule) bool {
	return !t.mine[r] && (t.others.Contains(r) || t.whole.Contains(r) && !t.inside.Contains(r))
}

// Theirs is what others may open in the group as the plan leaves it, remotes in the policy's words.
func (g Group) Theirs() Theirs {
	return newTheirs(append(rulesOf(g.Create), liveRules(g.Stay)...), g.Others)
}
