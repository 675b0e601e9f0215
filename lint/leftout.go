package lint

import "fmt"

// filesLeftOut is SGC018.
func filesLeftOut(v *view) []found {
	var list []found
	for _, f := range v.LeftOut {
		list = append(list, fire("SGC018", f.Pos, "", fmt.Sprintf(
			"is not part of the policy: none of its rules and assertions counts, because %s; %s, or move it out of the policy's folder",
			f.Because, f.Answer), v.Waive))
	}
	return list
}
