package reach

import (
	"slices"

	"sgc.dev/sgc/rule"
)

// From lists what an end reaches: for each of all that the policy names, what
// passes of the service, where anything does.
func (v *View) From(end rule.End, service rule.Service) ([]Answer, error) {
	return v.list(func(other rule.End) Question { return Question{end, other, service} })
}

// To lists who reaches an end.
func (v *View) To(end rule.End, service rule.Service) ([]Answer, error) {
	return v.list(func(other rule.End) Question { return Question{other, end, service} })
}

func (v *View) list(question func(rule.End) Question) ([]Answer, error) {
	var answers []Answer
	for _, other := range v.everyone() {
		q := question(other)
		froms, err := v.members(q.From)
		if err != nil {
			return nil, err
		}
		tos, err := v.members(q.To)
		if err != nil {
			return nil, err
		}
		crossings, _ := v.crossAll(froms, tos, q.Service)
		if slices.ContainsFunc(crossings, func(c crossing) bool { return !c.none() }) {
			answers = append(answers, v.answer(q, crossings))
		}
	}
	return answers, nil
}
