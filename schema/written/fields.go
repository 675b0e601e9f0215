package written

import "cuelang.org/go/cue/ast"

// EachField visits every field of the files; the path is its own during the visit.
func EachField(files []*ast.File, visit func(path []string, f *ast.Field)) {
	var path []string
	for _, file := range files {
		ast.Walk(file, func(n ast.Node) bool {
			if f, ok := n.(*ast.Field); ok {
				name, _ := LabelName(f.Label)
				path = append(path, name)
				visit(path, f)
			}
			return true
		}, func(n ast.Node) {
			if _, ok := n.(*ast.Field); ok {
				path = path[:len(path)-1]
			}
		})
	}
}

// UsedNames is every identifier in the files that is not the name of a field.
func UsedNames(files []*ast.File) map[string]bool {
	used := map[string]bool{}
	var look func(n ast.Node) bool
	look = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			used[n.Name] = true
		case *ast.SelectorExpr:
			ast.Walk(n.X, look, nil)
			return false
		case *ast.Field:
			switch n.Label.(type) {
			case *ast.Ident, *ast.BasicLit:
			default:
				ast.Walk(n.Label, look, nil)
			}
			ast.Walk(n.Value, look, nil)
			return false
		}
		return true
	}
	for _, f := range files {
		ast.Walk(f, look, nil)
	}
	return used
}
