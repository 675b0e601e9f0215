package explain

import (
	"fmt"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/source"
	"sgc.dev/sgc/schema/written"
)

// notFields explains files that are a list or a scalar at the top, which CUE
// takes for a package like any other, each once.
func notFields(files []*ast.File) fault.Faults {
	var found fault.Errors
	for _, f := range files {
		if loose := looseItem(f.Decls); loose != nil {
			found = append(found, loose)
			continue
		}
		for _, d := range f.Decls {
			e, ok := d.(*ast.EmbedDecl)
			if !ok {
				continue
			}
			what := ""
			switch expr := e.Expr.(type) {
			case *ast.ListLit:
				what = "a list"
			case *ast.UnaryExpr:
				inner, several := expr.X.(*ast.UnaryExpr)
				switch what = "a single value"; {
				case expr.Op == token.SUB:
					what = "an item of a YAML list: write lists as [\"a\", \"b\"]"
				case several && inner.Op == expr.Op: // <<<<<<< and >>>>>>> to CUE
					what = "a line that a merge has left: keep one version, and take it out"
				}
			case *ast.BasicLit, *ast.Interpolation:
				what = "a single value"
			case *ast.BottomLit:
				what = "an error"
			default:
				continue
			}
			pos := rule.Pos{File: f.Filename, Line: 1, Column: 1}
			if p := e.Pos(); p.IsValid() {
				pos = written.Position(p)
			}
			found = append(found, &fault.Error{Pos: pos, Message: notAPolicy(what)})
			break
		}
	}
	return fault.Faults{Stage: fault.Parsing, List: found}
}

// looseItem is what is wrong with a struct in which the second item of a list that lacks its
// brackets stands by itself, as in from: "web", "db" or from: {"web", "db"}; nil where none does.
func looseItem(body []ast.Decl) *fault.Error {
	for i, d := range body {
		e, embedded := d.(*ast.EmbedDecl)
		if !embedded || i == 0 {
			continue
		}
		before, last := body[i-1], ast.Expr(nil)
		if other, also := before.(*ast.EmbedDecl); also {
			last = other.Expr
		}
		for {
			f, is := before.(*ast.Field)
			if !is {
				break
			}
			last = f.Value
			inner, is := last.(*ast.StructLit)
			if !is || len(inner.Elts) != 1 {
				break
			}
			before = inner.Elts[0]
		}
		first, ok := last.(*ast.BasicLit)
		second, also := e.Expr.(*ast.BasicLit)
		if ok && also && first.Pos().Line() == second.Pos().Line() {
			return &fault.Error{Pos: written.Position(second.Pos()), Message: fmt.Sprintf("a list has brackets: write [%s, %s]", first.Value, second.Value)}
		}
	}
	return nil
}

// notStruct is the same of a package that computes what it is.
func notStruct(p *source.Package, own cue.Value) fault.Faults {
	kind := own.IncompleteKind()
	if kind == cue.BottomKind || kind&cue.StructKind != 0 {
		return fault.Faults{}
	}
	pos := written.Start(p.Files)
	if at := own.Pos(); at.IsValid() {
		pos = written.Position(at)
	}
	return fault.Faults{Stage: fault.Parsing, List: fault.Errors{{Pos: pos, Message: notAPolicy(kindName(own))}}}
}

func notAPolicy(what string) string {
	return "a policy is a struct of fields such as name and tiers, and this is " + what
}

// isLibrary says whether a package is there for policies to import: it has
// neither a name nor tiers, and nothing that could be either, misspelt.
func isLibrary(own cue.Value) bool {
	iter, err := own.Fields()
	if err != nil {
		return false
	}
	for iter.Next() {
		if s := iter.Selector(); s.LabelType() == cue.StringLabel && rule.Closest(s.Unquoted(), []string{"name", "tiers"}) != "" {
			return false
		}
	}
	return true
}
