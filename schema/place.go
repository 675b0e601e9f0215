package schema

import (
	"strconv"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"
)

// A place is where the author wrote one struct: the bodies, in one file or in
// several, that CUE unifies to it. It answers where a field stands without
// asking CUE, whose own positions of structs are those of the definitions.
// Fields that come from a comprehension, a pattern or a reference have no place.
type place struct {
	bodies [][]ast.Decl
	index  map[string][]*ast.Field // of all bodies, where they are long
}

// fewFields is how many fields a place has before it is indexed.
const fewFields = 16

func placeOf(files []*ast.File) place {
	var p place
	for _, f := range files {
		p.bodies = append(p.bodies, f.Decls)
	}
	return p.indexed()
}

func (p place) indexed() place {
	n := 0
	for _, body := range p.bodies {
		n += len(body)
	}
	if n <= fewFields {
		return p
	}
	p.index = make(map[string][]*ast.Field, n)
	p.each(func(name string, f *ast.Field) {
		p.index[name] = append(p.index[name], f)
	})
	return p
}

func (p place) each(visit func(name string, f *ast.Field)) {
	for _, body := range p.bodies {
		for _, d := range body {
			if f, ok := d.(*ast.Field); ok {
				if name, ok := labelName(f.Label); ok {
					visit(name, f)
				}
			}
		}
	}
}

// field is the place of a field's value, and where its label stands: the first
// one, in the order of the files. The position is invalid where there is none.
func (p place) field(name string) (place, token.Pos) {
	var found place
	at := token.NoPos
	take := func(f *ast.Field) {
		if !at.IsValid() {
			at = f.Label.Pos()
		}
		found.addBodies(f.Value)
	}
	if p.index != nil {
		for _, f := range p.index[name] {
			take(f)
		}
	} else {
		p.each(func(label string, f *ast.Field) {
			if label == name {
				take(f)
			}
		})
	}
	return found.indexed(), at
}

func (p *place) addBodies(x ast.Expr) {
	switch x := x.(type) {
	case *ast.StructLit:
		p.bodies = append(p.bodies, x.Elts)
	case *ast.BinaryExpr:
		if x.Op == token.AND {
			p.addBodies(x.X)
			p.addBodies(x.Y)
		}
	case *ast.ParenExpr:
		p.addBodies(x.X)
	case *ast.Alias:
		p.addBodies(x.Expr)
	}
}

// labelName is the name of a regular field; a hidden one, a definition and a
// pattern have none.
func labelName(l ast.Label) (string, bool) {
	switch l := l.(type) {
	case *ast.Ident:
		return l.Name, true
	case *ast.BasicLit:
		s, err := strconv.Unquote(l.Value)
		return s, err == nil
	case *ast.Alias:
		if inner, ok := l.Expr.(ast.Label); ok {
			return labelName(inner)
		}
	}
	return "", false
}
