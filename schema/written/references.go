package written

import "cuelang.org/go/cue/ast"

// References is what the expressions of a package refer to.
type References struct {
	names   map[string]bool    // x, other than in x.y and x["y"], and z of x.y.z
	members map[[2]string]bool // x.y and x["y"]
}

// ReferencesIn looks through all expressions of a package.
func ReferencesIn(files []*ast.File) References {
	refs := References{map[string]bool{}, map[[2]string]bool{}}
	var look func(n ast.Node) bool
	member := func(x ast.Expr, label ast.Label) bool {
		id, ok := x.(*ast.Ident)
		name, named := LabelName(label)
		if ok && named {
			refs.members[[2]string{id.Name, name}] = true
		}
		return ok && named
	}
	look = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			refs.names[n.Name] = true
		case *ast.SelectorExpr:
			if !member(n.X, n.Sel) {
				if name, ok := LabelName(n.Sel); ok {
					refs.names[name] = true
				}
				ast.Walk(n.X, look, nil)
			}
			return false
		case *ast.IndexExpr:
			name, ok := n.Index.(*ast.BasicLit)
			return !ok || !member(n.X, name)
		case *ast.Field:
			switch label := n.Label.(type) {
			case *ast.Ident, *ast.BasicLit:
			case *ast.Alias: // whatever the other name is used for
				if name, ok := LabelName(label); ok {
					refs.names[name] = true
				}
			default:
				ast.Walk(label, look, nil)
			}
			ast.Walk(n.Value, look, nil)
			return false
		}
		return true
	}
	for _, f := range files {
		ast.Walk(f, look, nil)
	}
	return refs
}

// To says whether a member of a section is referred to. An identifier that has
// its name may mean something else, and counts.
func (r References) To(section, member string) bool {
	return r.members[[2]string{section, member}] || r.names[section] || r.names[member]
}

// Uses says whether a name is referred to, also as a member, or a member of it.
func (r References) Uses(name string) bool {
	for m := range r.members {
		if m[0] == name || m[1] == name {
			return true
		}
	}
	return r.names[name]
}
