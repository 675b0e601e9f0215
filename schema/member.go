package schema

import (
	"strconv"

	"cuelang.org/go/cue/ast"
)

// importPaths is the paths of the packages of CUE's own that a file imports, by the
// import: it may call them what it likes.
type importPaths map[ast.Node]string

func importsOf(f *ast.File) importPaths {
	found := importPaths{}
	for spec := range f.ImportSpecs() {
		if name, err := strconv.Unquote(spec.Path.Value); err == nil {
			found[spec] = ast.ParseImportPath(name).Path
		}
	}
	return found
}

// member is the package and the name in an expression such as strings.Join, however
// it is written.
func (p importPaths) member(x ast.Node) (path, name string, ok bool) {
	var label ast.Node
	switch n := x.(type) {
	case *ast.SelectorExpr:
		x, label = n.X, n.Sel
	case *ast.IndexExpr:
		x, label = n.X, n.Index
	}
	id, isIdent := x.(*ast.Ident)
	l, isLabel := label.(ast.Label)
	if !isIdent || !isLabel {
		return "", "", false
	}
	if path, ok = p[id.Node]; !ok {
		return "", "", false
	}
	name, ok = labelName(l)
	return path, name, ok
}
