package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// Unowned is a group that belongs to no policy.
type Unowned struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// UnownedOf is the groups of a state that have no policy's mark, by name, without the
// project's default one where nobody has touched it.
func UnownedOf(s *rule.State) []Unowned {
	var list []Unowned
	for _, g := range s.Groups {
		if _, _, marked := rule.ParseMark(g.Description); !marked && !AsMade(g) {
			list = append(list, Unowned{g.ID, g.Name})
		}
	}
	slices.SortFunc(list, func(a, b Unowned) int { return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID)) })
	return list
}

// AsMade says without asking a cloud whether a group is the project's default one, as
// clouds make it: with what most give it, or, where operators have set other rules, in its
// first revision, which grows with every change of the group or its rules.
func AsMade(g rule.LiveGroup) bool {
	_, _, marked := rule.ParseMark(g.Description)
	return Untouched(g, UsualDefault()) || g.Name == defaultGroup && !marked && g.Revision == 1
}

// UnownedText counts the groups that belong to no policy, and names them: "2 groups belong to
// no policy: legacy, test". It is "" where there are none.
func UnownedText(groups []Unowned) string {
	var names []string
	for _, g := range groups {
		names = append(names, cmp.Or(g.Name, g.ID))
	}
	belong := "belong"
	switch len(groups) {
	case 0:
		return ""
	case 1:
		belong = "belongs"
	}
	return fmt.Sprintf("%s %s to no policy: %s", rule.Counted(len(groups), "group"), belong, few(names))
}
