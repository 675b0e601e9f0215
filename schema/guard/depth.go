package guard

import (
	"fmt"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/written"
)

func tooDeep(at rule.Pos, limit int) *fault.Error {
	return &fault.Error{Pos: at, Message: fmt.Sprintf("nested more than %d deep: raise --max-nesting if this is meant", limit)}
}

// CheckDepth refuses data that is nested deeper than limit.
func CheckDepth(f *ast.File, limit int) *fault.Error {
	depth, deep, at := 0, false, token.NoPos
	ast.Walk(f, func(n ast.Node) bool {
		if nests(n) {
			depth++
			if depth > limit && !deep {
				deep, at = true, n.Pos()
			}
		}
		return !deep
	}, func(n ast.Node) {
		if nests(n) {
			depth--
		}
	})
	switch {
	case !deep:
		return nil
	case at.IsValid():
		return tooDeep(written.Position(at), limit)
	}
	return tooDeep(rule.Pos{File: f.Filename}, limit)
}

func nests(n ast.Node) bool {
	switch n.(type) {
	case *ast.StructLit, *ast.ListLit:
		return true
	}
	return false
}
