package explain

import (
	"fmt"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/written"
)

// dashed is a name with dashes that lacks its quotes, so that CUE reads it as a
// difference.
type dashed struct {
	name string
	at   rule.Pos
}

func (d dashed) message() string {
	return fmt.Sprintf("CUE reads %s as a difference: if it is one name, put it in quotes: %q", d.name, d.name)
}

// dashedAt finds the dashed name that has a part at a position.
func (x *explainer) dashedAt(at rule.Pos) (dashed, bool) {
	if x.dashes == nil {
		x.dashes = map[rule.Pos]dashed{}
		for _, f := range x.pkg.Files {
			ast.Walk(f, func(n ast.Node) bool {
				e, ok := n.(*ast.BinaryExpr)
				if !ok {
					return true
				}
				name, ok := difference(e)
				if !ok {
					return true
				}
				x.noteDashed(e, dashed{name, written.Position(e.Pos())})
				return false
			}, nil)
		}
	}
	d, ok := x.dashes[at]
	return d, ok
}

// noteDashed notes the parts of a dashed name.
func (x *explainer) noteDashed(e ast.Expr, d dashed) {
	x.dashes[written.Position(e.Pos())] = d
	if e, ok := e.(*ast.BinaryExpr); ok {
		x.dashes[written.Position(e.OpPos)] = d
		x.noteDashed(e.X, d)
		x.noteDashed(e.Y, d)
	}
}

// difference is the text of a difference that may be a name: words, numbers and
// dots, with nothing between them and the dashes.
func difference(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name, true
	case *ast.BasicLit:
		return e.Value, e.Kind == token.INT
	case *ast.SelectorExpr:
		x, ok := difference(e.X)
		sel, plain := e.Sel.(*ast.Ident)
		if !ok || !plain {
			return "", false
		}
		return x + "." + sel.Name, true
	case *ast.BinaryExpr:
		x, okX := difference(e.X)
		y, okY := difference(e.Y)
		closed := e.X.End().Offset() == e.OpPos.Offset() && e.OpPos.Offset()+1 == e.Y.Pos().Offset()
		return x + "-" + y, okX && okY && closed && e.Op == token.SUB
	}
	return "", false
}
