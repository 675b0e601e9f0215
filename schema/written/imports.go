package written

import (
	"strconv"

	"cuelang.org/go/cue/ast"
)

// Imports is the paths of the packages of CUE's own that a file imports, by the
// import: it may call them what it likes.
type Imports map[ast.Node]string

// ImportsOf reads the import declarations of a file.
func ImportsOf(f *ast.File) Imports {
	found := Imports{}
	for spec := range f.ImportSpecs() {
		if name, err := strconv.Unquote(spec.Path.Value); err == nil {
			found[spec] = ast.ParseImportPath(name).Path
		}
	}
	return found
}

// Member is the package and the name in an expression such as strings.Join, however
// it is written.
func (p Imports) Member(x ast.Node) (path, name string, ok bool) {
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
	name, ok = LabelName(l)
	return path, name, ok
}
