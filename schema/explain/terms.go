package explain

import (
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/written"
)

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
		switch n.Label.(type) {
		case *ast.Ident, *ast.BasicLit:
			ast.Walk(n.Value, x.noteTerms, nil)
			return false
		}
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
