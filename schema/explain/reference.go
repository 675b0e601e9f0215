package explain

import (
	"fmt"
	"slices"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/written"
)

// A quoteless is a value that refers to a struct or a list where a name belongs, which
// lacks its quotes, or a list where one of its items does.
type quoteless struct {
	at      rule.Pos
	section string // of what has the name, "" for a value of the policy's own
	name    string
	list    bool
}

// quotelessOf says whether a value is one.
func quotelessOf(v cue.Value) (quoteless, bool) {
	source := v.Source()
	if f, ok := source.(*ast.Field); ok {
		source = f.Value
	}
	q := quoteless{list: v.IncompleteKind() == cue.ListKind}
	if !q.list && v.IncompleteKind() != cue.StructKind {
		return q, false
	}
	switch e := source.(type) {
	case *ast.Ident:
		q.name = e.Name
	case *ast.SelectorExpr, *ast.IndexExpr:
	default:
		return q, false
	}
	_, path := v.ReferencePath()
	if sels := path.Selectors(); len(sels) > 0 {
		if last := sels[len(sels)-1]; last.LabelType() == cue.StringLabel {
			q.name = last.Unquoted()
		}
		if first := sels[0].String(); len(sels) == 2 && slices.Contains(sections, first) {
			q.section = first
		}
	}
	q.at = written.Position(source.Pos())
	return q, q.name != ""
}

// message says what to write where a text belongs, or a list of texts.
func (q quoteless) message(list bool) string {
	switch {
	case q.section != "" && list:
		return fmt.Sprintf("a name stands in quotes: write [%q]", q.name)
	case q.section != "":
		return fmt.Sprintf("a name stands in quotes: write %q", q.name)
	case q.list:
		return fmt.Sprintf(`%s is a list itself: write it without brackets about it, or import "list" and say list.Concat([%s, …])`, q.name, q.name)
	}
	return fmt.Sprintf("%s is fields, and a name belongs here", q.name)
}
