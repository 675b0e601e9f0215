package explain

import (
	"fmt"
	"slices"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/fault"
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
		return fmt.Sprintf("a name must be in quotes: write [%q]", q.name)
	case q.section != "":
		return fmt.Sprintf("a name must be in quotes: write %q", q.name)
	case q.list:
		return fmt.Sprintf(`%s is a list itself: write it without brackets about it, or import "list" and say list.Concat([%s, …])`, q.name, q.name)
	}
	return fmt.Sprintf("expected a name, and %s is fields", q.name)
}

// meetsItself explains a name without its quotes that refers to what it stands in.
func (x *explainer) meetsItself(path []string) bool {
	if n := len(path); n > 0 && isIndex(path[n-1]) {
		path = path[:n-1]
	}
	for _, f := range x.fieldsAt(path) {
		items := []ast.Expr{f.Value}
		if list, ok := f.Value.(*ast.ListLit); ok {
			items = list.Elts
		}
		for _, item := range items {
			if id, ok := item.(*ast.Ident); ok && !isOwn(id.Name) && slices.Contains(path, id.Name) {
				x.add(fault.Checking, written.Position(id.Pos()), path, fmt.Sprintf("a name must be in quotes: write %q", id.Name))
				return true
			}
		}
	}
	return false
}

// A term is a name, a reference, or numbers and names with dashes between them, which CUE
// reads as differences: web, tiers.web, web-app, 80-90.
type term struct {
	text       string
	at         rule.Pos
	difference bool
	whole      bool // all of a field's value, or of a list's item
}

// termAt finds the outermost term that has a part at a position.
func (x *explainer) termAt(at rule.Pos) (term, bool) {
	if x.terms == nil {
		x.terms = map[rule.Pos]term{}
		for _, f := range x.pkg.Files {
			ast.Walk(f, x.noteTerms, nil)
		}
	}
	t, ok := x.terms[at]
	return t, ok
}

func (x *explainer) noteTerms(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.Field:
		x.noteTerm(n.Value, true)
	case *ast.ListLit:
		for _, item := range n.Elts {
			x.noteTerm(item, true)
		}
	case *ast.UnaryExpr: // as an item of a list has in YAML
		x.noteTerm(n.X, n.Op == token.SUB)
	case *ast.Ident, *ast.SelectorExpr, *ast.BinaryExpr:
		x.noteTerm(n.(ast.Expr), false)
	}
	return true
}

func (x *explainer) noteTerm(e ast.Expr, whole bool) {
	if text, ok := termText(e); ok {
		_, difference := e.(*ast.BinaryExpr)
		x.noteParts(e, term{text, written.Position(e.Pos()), difference, whole})
	}
}

// noteParts notes a term where its parts stand that are not parts of a longer one.
func (x *explainer) noteParts(e ast.Expr, t term) {
	note := func(p token.Pos) {
		if at := written.Position(p); x.terms[at].text == "" {
			x.terms[at] = t
		}
	}
	note(e.Pos())
	switch e := e.(type) {
	case *ast.BinaryExpr:
		note(e.OpPos)
		x.noteParts(e.X, t)
		x.noteParts(e.Y, t)
	case *ast.SelectorExpr:
		x.noteParts(e.X, t)
		note(e.Sel.Pos())
	}
}

// termText is a term as it is written, without the blanks that may stand between numbers.
func termText(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name, true
	case *ast.BasicLit:
		return e.Value, e.Kind == token.INT
	case *ast.SelectorExpr:
		x, ok := termText(e.X)
		sel, plain := e.Sel.(*ast.Ident)
		if !ok || !plain {
			return "", false
		}
		return x + "." + sel.Name, true
	case *ast.BinaryExpr:
		x, okX := termText(e.X)
		y, okY := termText(e.Y)
		closed := e.X.End().Offset() == e.OpPos.Offset() && e.OpPos.Offset()+1 == e.Y.Pos().Offset()
		return x + "-" + y, okX && okY && e.Op == token.SUB && (closed || isIndex(x) && isIndex(y))
	}
	return "", false
}
