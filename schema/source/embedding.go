package source

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"
)

// dropEmbedding removes a file-level embedding of schema.#Policy, and with it
// the import where nothing else needs it. The loader unifies the whole package
// with the definition instead: an embedding opens what the definition closes, so
// that misspelt fields would pass, and both together cost three times as much.
func dropEmbedding(f *ast.File) {
	name, spec := schemaImport(f)
	if spec == nil {
		return
	}
	n := len(f.Decls)
	f.Decls = slices.DeleteFunc(f.Decls, func(d ast.Decl) bool {
		e, ok := d.(*ast.EmbedDecl)
		if !ok {
			return false
		}
		sel, ok := e.Expr.(*ast.SelectorExpr)
		if !ok {
			return false
		}
		x, ok := sel.X.(*ast.Ident)
		label, isIdent := sel.Sel.(*ast.Ident)
		return ok && isIdent && x.Name == name && label.Name == "#Policy"
	})
	if len(f.Decls) < n && !mentions(f, name) {
		dropImport(f, spec)
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

// schemaImport is the import of the schema and the name that it has in the file.
func schemaImport(f *ast.File) (string, *ast.ImportSpec) {
	for spec := range f.ImportSpecs() {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		ip := ast.ParseImportPath(p)
		if ip.Path != ImportPath {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name, spec
		}
		return ip.Qualifier, spec
	}
	return "", nil
}

// mentions says whether an identifier of that name occurs in the file's fields.
func mentions(f *ast.File, name string) bool {
	found := false
	for _, d := range f.Decls {
		if _, ok := d.(*ast.ImportDecl); ok {
			continue
		}
		ast.Walk(d, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && id.Name == name {
				found = true
			}
			return !found
		}, nil)
	}
	return found
}

func dropImport(f *ast.File, spec *ast.ImportSpec) {
	f.Decls = slices.DeleteFunc(f.Decls, func(d ast.Decl) bool {
		imports, ok := d.(*ast.ImportDecl)
		if !ok {
			return false
		}
		imports.Specs = slices.DeleteFunc(imports.Specs, func(s *ast.ImportSpec) bool { return s == spec })
		return len(imports.Specs) == 0
	})
}
