package schema

import (
	"strconv"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/cuecontext"
)

// unresolvedNames finds the names and the packages of CUE that do not exist, in
// files that cannot be built because an import of theirs fails already.
func (x *explainer) unresolvedNames(files []*ast.File) {
	declared := map[string]bool{}
	for _, f := range files {
		for _, d := range f.Decls {
			if field, ok := d.(*ast.Field); ok {
				if name, ok := labelName(field.Label); ok {
					declared[name] = true
				}
			}
		}
	}
	for _, f := range files {
		packages := qualifiers(f)
		for spec := range f.ImportSpecs() {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil || strings.Contains(path, ".") {
				continue
			}
			if !compiles("import x " + spec.Path.Value + "\ny: x") {
				x.say(resolving, position(spec.Pos()), nil, noSuchPackage(path))
			}
		}
		for _, id := range f.Unresolved {
			if id != packageName(f) && !packages[id] && !declared[id.Name] && !compiles("y: "+id.Name) {
				message, _ := unresolved("reference %q not found", []any{id.Name})
				at := position(id.Pos())
				if d, ok := x.dashedAt(at); ok {
					at, message = d.at, d.message()
				}
				x.say(resolving, at, nil, message)
			}
		}
	}
}

// qualifiers are the names before a dot, such as those of imports that fail.
func qualifiers(f *ast.File) map[*ast.Ident]bool {
	found := map[*ast.Ident]bool{}
	ast.Walk(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := s.X.(*ast.Ident); ok {
				found[id] = true
			}
		}
		return true
	}, nil)
	return found
}

// packageName is the name in the package clause, which CUE's parser counts among
// those that nothing in the file declares.
func packageName(f *ast.File) *ast.Ident {
	for _, d := range f.Decls {
		if p, ok := d.(*ast.Package); ok {
			return p.Name
		}
	}
	return nil
}

func compiles(source string) bool {
	return cuecontext.New().CompileString(source).Err() == nil
}
