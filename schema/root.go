package schema

import (
	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/build"

	"sgc.dev/sgc/rule"
)

// notFields explains files that are a list or a scalar at the top, which CUE
// takes for a package like any other, each once.
func notFields(files []*ast.File) faults {
	var found Errors
	for _, f := range files {
		for _, d := range f.Decls {
			e, ok := d.(*ast.EmbedDecl)
			if !ok {
				continue
			}
			what := ""
			switch e.Expr.(type) {
			case *ast.ListLit:
				what = "a list"
			case *ast.BasicLit, *ast.Interpolation, *ast.UnaryExpr:
				what = "a single value"
			case *ast.BottomLit:
				what = "an error"
			default:
				continue
			}
			pos := rule.Pos{File: f.Filename, Line: 1, Column: 1}
			if p := e.Pos(); p.IsValid() {
				pos = position(p)
			}
			found = append(found, &Error{Pos: pos, Message: notAPolicy(what)})
			break
		}
	}
	return faults{parsing, found}
}

// notStruct is the same of a package that computes what it is.
func notStruct(own cue.Value, inst *build.Instance) faults {
	kind := own.IncompleteKind()
	if kind == cue.BottomKind || kind&cue.StructKind != 0 {
		return faults{}
	}
	pos := startOf(inst.Files)
	if p := own.Pos(); p.IsValid() {
		pos = position(p)
	}
	return faults{parsing, Errors{{Pos: pos, Message: notAPolicy(kindName(own))}}}
}

func notAPolicy(what string) string {
	return "a policy is a struct of fields such as name and tiers, and this is " + what
}
