package source

import (
	"bytes"
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/schema/written"
)

// dropEmbedding removes a file-level embedding of schema.#Policy, and with it
// the import where nothing else needs it, and says whether there was one. The
// definitions judge the whole package instead: an embedding opens what the definition
// closes, so that misspelt fields would pass, and it costs three times as much.
func dropEmbedding(f *ast.File) bool {
	imports := written.ImportsOf(f)
	embeds := func(d ast.Decl) bool {
		e, ok := d.(*ast.EmbedDecl)
		if !ok {
			return false
		}
		path, name, ok := imports.Member(e.Expr)
		_, dotted := e.Expr.(*ast.SelectorExpr) // schema["#Policy"] is a field of another kind
		return ok && dotted && path == ImportPath && name == "#Policy"
	}
	if !slices.ContainsFunc(f.Decls, embeds) {
		return false
	}
	f.Decls = slices.DeleteFunc(f.Decls, embeds)
	used := map[ast.Node]bool{}
	ast.Walk(f, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			used[id.Node] = true
		}
		return true
	}, nil)
	f.Decls = slices.DeleteFunc(f.Decls, func(d ast.Decl) bool {
		group, ok := d.(*ast.ImportDecl)
		if !ok {
			return false
		}
		group.Specs = slices.DeleteFunc(group.Specs, func(s *ast.ImportSpec) bool { return imports[s] == ImportPath && !used[s] })
		return len(group.Specs) == 0
	})
	return true
}

// openDefinitions leaves of the definitions in a file what kind of value they are of.
func openDefinitions(f *ast.File) {
	for _, d := range f.Decls {
		field, ok := d.(*ast.Field)
		if !ok {
			continue
		}
		if name, _ := written.LabelName(field.Label); !strings.HasPrefix(name, "#") {
			continue
		}
		switch field.Value.(type) {
		case *ast.StructLit:
			field.Value = ast.NewStruct(&ast.Ellipsis{})
		case *ast.ListLit:
			field.Value = ast.NewList(&ast.Ellipsis{})
		default:
			field.Value = ast.NewIdent("_")
		}
	}
}

// idleEmbed finds an @embed in a file that does not switch it on: CUE would pass
// over it, and over all that is in the embedded file.
func idleEmbed(f *ast.File, src []byte) token.Pos {
	at := token.NoPos
	if !bytes.Contains(src, []byte("@embed")) {
		return at
	}
	on := false
	ast.Walk(f, func(n ast.Node) bool {
		if a, ok := n.(*ast.Attribute); ok {
			name, body := a.Split()
			on = on || name == "extern" && strings.TrimSpace(body) == "embed"
			if name == "embed" && !at.IsValid() {
				at = a.Pos()
			}
		}
		return true
	}, nil)
	if on {
		return token.NoPos
	}
	return at
}
