package schema

import "cuelang.org/go/cue/ast"

// references is what the expressions of a package refer to.
type references struct {
	names   map[string]bool    // x, other than in x.y and x["y"]
	members map[[2]string]bool // x.y and x["y"]
}

func referencesIn(files []*ast.File) references {
	refs := references{map[string]bool{}, map[[2]string]bool{}}
	var look func(n ast.Node) bool
	member := func(x ast.Expr, label ast.Label) bool {
		id, ok := x.(*ast.Ident)
		name, named := labelName(label)
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
				if name, ok := labelName(label); ok {
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

// to says whether a member of a section is referred to. An identifier that has
// its name may mean something else, and counts.
func (r references) to(section, member string) bool {
	return r.members[[2]string{section, member}] || r.names[section] || r.names[member]
}

// noteReferences notes in a policy what its own expressions refer to.
func noteReferences(p *Policy, files []*ast.File) {
	if len(p.Addresses)+len(p.Services)+len(p.Groups)+len(p.AddressGroups) == 0 {
		return
	}
	refs := referencesIn(files)
	for i := range p.Addresses {
		p.Addresses[i].Referenced = refs.to("addresses", p.Addresses[i].Name)
	}
	for i := range p.Services {
		p.Services[i].Referenced = refs.to("services", p.Services[i].Name)
	}
	for i := range p.Groups {
		p.Groups[i].Referenced = refs.to("groups", p.Groups[i].Key)
	}
	for i := range p.AddressGroups {
		p.AddressGroups[i].Referenced = refs.to("addressGroups", p.AddressGroups[i].Key)
	}
}
