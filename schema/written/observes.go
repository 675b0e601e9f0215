package written

import (
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"
)

// Observes says whether what files of a package come to can depend on what constrains
// their fields from outside: whether they refer to fields that are not hidden, and have
// a place where a value that does not fit goes another way than into an error. It may
// say so of files in which the two never meet.
func Observes(files []*ast.File) bool {
	refers, turns := false, false
	var look func(n ast.Node) bool
	look = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportDecl:
			return false
		case *ast.Field:
			if _, ok := n.Label.(*ast.Ident); ok {
				ast.Walk(n.Value, look, nil)
				return false
			}
		case *ast.SelectorExpr:
			ast.Walk(n.X, look, nil)
			return false
		case *ast.Ident:
			_, imported := n.Node.(*ast.ImportSpec)
			refers = refers || !imported && !strings.HasPrefix(n.Name, "_") && !strings.HasPrefix(n.Name, "#") && ast.IsValidIdent(n.Name) && !predeclared[n.Name]
		case *ast.BottomLit:
			turns = true
		case *ast.BinaryExpr:
			turns = turns || (n.Op == token.AND || n.Op == token.OR) && (refersIn(n.X) || refersIn(n.Y))
		case *ast.EmbedDecl:
			turns = turns || refersIn(n.Expr)
		case *ast.CallExpr:
			id, ok := n.Fun.(*ast.Ident)
			turns = turns || ok && (id.Name == "or" || id.Name == "and") || !ok
		}
		return true
	}
	for _, f := range files {
		ast.Walk(f, look, nil)
	}
	return refers && turns
}

// refersIn says whether an expression has a reference in it, or a struct.
func refersIn(x ast.Expr) bool {
	found := false
	ast.Walk(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.StructLit, *ast.ListLit:
			found = true
		case *ast.Ident:
			found = found || !predeclared[n.Name]
		}
		return !found
	}, nil)
	return found
}

var predeclared = map[string]bool{
	"string": true, "bytes": true, "bool": true, "int": true, "float": true, "number": true, "null": true, "true": true, "false": true,
	"uint": true, "uint8": true, "uint16": true, "uint32": true, "uint64": true, "int8": true, "int16": true, "int32": true, "int64": true,
}
