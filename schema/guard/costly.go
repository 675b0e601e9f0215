package guard

import (
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/schema/written"
)

// costly are the functions of CUE's, by the paths of their packages, that make in
// one step a value many times as large as their arguments: as large as these
// multiplied, or as a number among them says. "*" is all of a package.
var costly = map[string]string{
	"encoding/hex": "Dump",
	"html":         "Escape",
	"list":         "Repeat",
	"math/bits":    "*",
	"net":          "PathEscape QueryEscape",
	"path":         "Join SplitList",
	"strconv":      "FormatFloat FormatInt FormatUint",
	"strings":      "Fields Join Repeat Replace Runes SliceRunes Split SplitAfter SplitAfterN SplitN",
}

// Costly is the first place in a file that can ask for any amount of memory in one
// step, and what is called there: a function, or "*", which repeats texts.
func Costly(f *ast.File) (at token.Pos, name string) {
	paths := written.ImportsOf(f)
	ast.Walk(f, func(n ast.Node) bool {
		if at.IsValid() {
			return false
		}
		switch n := n.(type) {
		case *ast.ImportDecl:
			return false
		case *ast.BinaryExpr:
			if n.Op == token.MUL && !(isNumber(n.X) && isNumber(n.Y)) {
				at, name = n.OpPos, "*"
			}
		case *ast.SelectorExpr, *ast.IndexExpr:
			path, member, ok := paths.Member(n)
			if !ok {
				return true
			}
			names := strings.Fields(costly[path])
			if slices.Contains(names, member) || slices.Contains(names, "*") {
				at, name = n.Pos(), path+"."+member
			}
			return false
		case *ast.Ident: // a package by itself: what of it is called does not show
			if path, ok := paths[n.Node]; ok && costly[path] != "" {
				at, name = n.Pos(), path
			}
		}
		return !at.IsValid()
	}, nil)
	return at, name
}

// isNumber says whether x is written as a number.
func isNumber(x ast.Expr) bool {
	lit, ok := x.(*ast.BasicLit)
	return ok && (lit.Kind == token.INT || lit.Kind == token.FLOAT)
}
