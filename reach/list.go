package reach

import (
	"slices"

	"sgc.dev/sgc/rule"
)

// From lists what an end reaches: for each of all that the policy names, what
// passes of the service, where anything does or others may open it. Address sets are the outsiders in
// them here, since servers stand in the list themselves.
func (v *View) From(end rule.End, service rule.Service) ([]Answer, error) {
	own, err := v.members(end)
	if err != nil {
		return nil, err
	}
	var answers []Answer
	for _, other := range v.everyone {
		answers = v.addWhatPasses(answers, Question{end, other.end, service}, own, []*member{other})
	}
	return answers, nil
}

// To lists who reaches an end.
func (v *View) To(end rule.End, service rule.Service) ([]Answer, error) {
	own, err := v.members(end)
	if err != nil {
		return nil, err
	}
	var answers []Answer
	for _, other := range v.everyone {
		answers = v.addWhatPasses(answers, Question{other.end, end, service}, []*member{other}, own)
	}
	return answers, nil
}

// addWhatPasses appends the answer to a question between members where anything passes, or
// others may open something.
func (v *View) addWhatPasses(answers []Answer, q Question, froms, tos []*member) []Answer {
	crossings, _ := v.crossAll(froms, tos, q.Service)
	passes := slices.ContainsFunc(crossings, func(c crossing) bool { return !c.none() })
	if !passes && v.byOthers(q) == nil {
		return answers
	}
	return append(answers, v.answer(q, crossings))
}
