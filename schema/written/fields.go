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
