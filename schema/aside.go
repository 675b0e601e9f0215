package schema

import (
	"slices"

	"cuelang.org/go/cue/ast"
)

// setAside takes out of a package what need not be evaluated: the plain members
// of its sections, such as tiers, that the definitions take and that nothing
// else has to do with. What is left of files is a package that means the same
// but for them; they are returned by section.
//
// A section stays whole where anything but its bodies may add to it or say more
// of it: a pattern, an embedding, a condition, an expression. A member stays
// where an identifier has its name or that of its section, whatever the
// identifier means: it might refer to it.
func setAside(files []*ast.File, policy recordForm) map[string][]*ast.Field {
	root := placeOf(files)
	if !root.exact {
		return nil
	}
	aside := map[string][]*ast.Field{}
	for name, f := range policy.fields {
		if section, ok := f.(recordForm); ok && section.rest != nil {
			aside[name] = membersOf(root, name, section.rest)
		}
	}
	used := usedNames(files, aside)
	if used["self"] || used["__self"] { // the struct around it, in a later CUE
		return nil
	}
	for name, members := range aside {
		aside[name] = slices.DeleteFunc(members, func(m *ast.Field) bool {
			member, _ := plainName(m)
			return used[name] || used[member]
		})
		takeOut(files, name, aside[name])
	}
	return aside
}

// membersOf lists the members of a section that are plain and of a form.
func membersOf(root place, section string, want form) []*ast.Field {
	if p, at := root.field(section); !at.IsValid() || !p.exact {
		return nil
	}
	var names []string
	written := map[string][]*ast.Field{}
	for f, name := range root.fields {
		if name != section {
			continue
		}
		body, ok := f.Value.(*ast.StructLit)
		if _, plain := plainName(f); !ok || !plain {
			return nil
		}
		for _, d := range body.Elts {
			if m, ok := d.(*ast.Field); ok {
				name, _ := labelName(m.Label)
				if written[name] == nil {
					names = append(names, name)
				}
				written[name] = append(written[name], m)
			}
		}
	}
	members := make([]*ast.Field, 0, len(names))
	for _, name := range names {
		m := written[name][0]
		_, plain := plainName(m)
		if plain = plain && len(written[name]) == 1 && want.takes(m.Value); !plain {
			m, plain = merged(written[name])
			plain = plain && want.takes(m.Value)
		}
		if plain {
			members = append(members, m)
		}
	}
	return members
}

// merged is several fields of one name as one, inside of it too. Structs merge;
// other values would have to be equal, which is left to CUE.
func merged(fields []*ast.Field) (*ast.Field, bool) {
	first := fields[0]
	if _, ok := plainName(first); !ok {
		return nil, false
	}
	if _, ok := first.Value.(*ast.StructLit); !ok {
		return first, len(fields) == 1
	}
	var names []string
	written := map[string][]*ast.Field{}
	for _, f := range fields {
		s, ok := f.Value.(*ast.StructLit)
		if _, plain := plainName(f); !ok || !plain {
			return nil, false
		}
		for _, d := range s.Elts {
			inner, ok := d.(*ast.Field)
			if !ok {
				return nil, false
			}
			name, ok := plainName(inner)
			if !ok {
				return nil, false
			}
			if written[name] == nil {
				names = append(names, name)
			}
			written[name] = append(written[name], inner)
		}
	}
	whole := &ast.StructLit{}
	for _, name := range names {
		inner, ok := merged(written[name])
		if !ok {
			return nil, false
		}
		whole.Elts = append(whole.Elts, inner)
	}
	return &ast.Field{Label: first.Label, Value: whole}, true
}

// usedNames is every identifier in the files that is not the name of a field,
// outside of what may be set aside, which has none.
func usedNames(files []*ast.File, aside map[string][]*ast.Field) map[string]bool {
	plain := map[ast.Node]bool{}
	for _, members := range aside {
		for _, m := range members {
			plain[m] = true
		}
	}
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
			if plain[n] {
				return false
			}
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

// takeOut removes the members of a section from the files, and leaves one body
// of the section in each.
func takeOut(files []*ast.File, section string, members []*ast.Field) {
	if len(members) == 0 {
		return
	}
	gone := make(map[string]bool, len(members))
	for _, m := range members {
		name, _ := plainName(m)
		gone[name] = true
	}
	for _, file := range files {
		kept := false
		file.Decls = slices.DeleteFunc(file.Decls, func(d ast.Decl) bool {
			f, ok := d.(*ast.Field)
			if !ok {
				return false
			}
			name, ok := labelName(f.Label)
			body, isStruct := f.Value.(*ast.StructLit)
			if !ok || name != section || !isStruct {
				return false
			}
			body.Elts = slices.DeleteFunc(body.Elts, func(d ast.Decl) bool {
				m, ok := d.(*ast.Field)
				if !ok {
					return false
				}
				name, _ := labelName(m.Label)
				return gone[name]
			})
			if len(body.Elts) > 0 || !kept {
				kept = true
				return false
			}
			return true
		})
	}
}
