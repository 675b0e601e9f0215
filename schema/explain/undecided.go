package explain

import (
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/errors"

	"sgc.dev/sgc/schema/value"
)

// withoutValue explains a value that is not there yet.
func (x *explainer) withoutValue(path []string, e errors.Error) string {
	if isChoice(value.Within(x.own, cuePath(path))) {
		x.wrong[pathOf(path)] = true
		if len(path) == 0 {
			x.wrong["name"] = true
		}
		return undecided
	}
	if format, _ := e.Msg(); strings.HasPrefix(format, "incomplete value") {
		return "has no value yet: write one"
	}
	return "depends on something that has no value yet"
}

const undecided = "is one of several, and nothing says which: write one, or put * before the default"

// isChoice says whether a value is one of several structs or lists, without a
// default.
func isChoice(v cue.Value) bool {
	if v = value.Settled(v); v.IncompleteKind()&(cue.StructKind|cue.ListKind) == 0 {
		return false
	}
	op, _ := v.Eval().Expr()
	return op == cue.OrOp
}
