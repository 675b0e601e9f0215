package guard

import (
	"fmt"

	"cuelang.org/go/cue/ast"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/written"
)

func tooDeep(at rule.Pos, limit int) *fault.Error {
	return &fault.Error{Pos: at, Message: fmt.Sprintf("nested more than %d deep: raise --max-nesting if this is meant", limit)}
}

// CheckDepth refuses data that is nested deeper than limit.
func CheckDepth(f *ast.File, limit int) *fault.Error {
	depth := 0
	var deep ast.Node
	ast.Walk(f, func(n ast.Node) bool {
		if nests(n) {
			if depth++; depth > limit && deep == nil {
				deep = n
			}
		}
		return deep == nil
	}, func(n ast.Node) {
		if nests(n) {
			depth--
		}
	})
	if deep == nil {
		return nil
	}
	at := written.Position(deep.Pos()) // which not all decoders know
	at.File = f.Filename
	return tooDeep(at, limit)
}

func nests(n ast.Node) bool {
	switch n.(type) {
	case *ast.StructLit, *ast.ListLit:
		return true
	}
	return false
}
