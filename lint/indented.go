package lint

import (
	"fmt"
	"slices"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// indentedFields is SGC019. A waiver in such a field was, most likely, meant for
// something else, and answers none.
func indentedFields(v *view) []found {
	meant := slices.DeleteFunc(slices.Clone(v.Waive), func(w schema.Waiver) bool {
		return slices.ContainsFunc(v.Indented, func(f schema.Indented) bool {
			return w.Pos.File == f.Pos.File && rule.ComparePos(f.Pos, w.Pos) <= 0 && rule.ComparePos(w.Pos, f.End) < 0
		})
	})
	var list []found
	for _, f := range v.Indented {
		list = append(list, fire("SGC019", f.Pos, f.Name, fmt.Sprintf(
			"stands at the top of the policy, although it is indented below %q; put it in braces with what it belongs to, or at the start of the line",
			f.Below), meant))
	}
	return list
}
