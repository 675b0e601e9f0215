package source

import (
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/cue/token"
)

// badCondition finds the @if of a file that is none. CUE's loader says so too,
// but not where.
func badCondition(f *ast.File) token.Pos {
	for _, d := range f.Decls {
		a, ok := d.(*ast.Attribute)
		if !ok {
			if _, ok := d.(*ast.CommentGroup); ok {
				continue
			}
			break
		}
		if name, body := a.Split(); name == "if" {
			if e, err := parser.ParseExpr("", body); err != nil || !isCondition(e) {
				return a.Pos()
			}
		}
	}
	return token.NoPos
}

func isCondition(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return true
	case *ast.ParenExpr:
		return isCondition(e.X)
	case *ast.UnaryExpr:
		return e.Op == token.NOT && isCondition(e.X)
	case *ast.BinaryExpr:
		return (e.Op == token.LAND || e.Op == token.LOR) && isCondition(e.X) && isCondition(e.Y)
	}
	return false
}
