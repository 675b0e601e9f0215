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
	misread := slices.DeleteFunc(slices.Clone(v.Indented), func(f schema.Indented) bool { return f.Line && !meansMore(f) })
	meant := slices.DeleteFunc(slices.Clone(v.Waive), func(w schema.Waiver) bool {
		return slices.ContainsFunc(misread, func(f schema.Indented) bool {
			return w.Pos.File == f.Pos.File && rule.ComparePos(f.Pos, w.Pos) <= 0 && rule.ComparePos(w.Pos, f.End) < 0
		})
	})
	var list []found
	for _, f := range misread {
		path, own := f.Name, "at the start of the line"
		if len(f.In) > 0 {
			path, own = rule.Path(rule.Path("", f.In...), f.Name), "in line with the other fields"
		}
		if f.Line {
			own = "on a line of its own"
		}
		list = append(list, fire("SGC019", f.Pos, path, fmt.Sprintf(
			"%s; put it in braces with what it belongs to, or %s", f.Says(), own), meant))
	}
	return list
}

// meansMore says whether a field that follows "a: b: c: 1" on its line could stand
// beside the 1 as well, and would say less there. Many fields may share a line.
func meansMore(f schema.Indented) bool {
	switch f.Name {
	case "waive":
		return f.Chain > 2
	case "families", "description":
		return f.Chain > 2 && slices.Contains([]string{"tiers", "ingress", "egress"}, f.Below)
	}
	return false
}
