package schema

import (
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"
)

// A place is where the author wrote one struct: the bodies, in one file or in
// several, that CUE unifies to it, of patterns and comprehensions too. It says
// where a field stands without asking CUE, whose own positions of structs are
// those of what they were unified with. What a reference makes has no place.
type place struct {
	bodies   [][]ast.Decl
	patterns []ast.Expr              // values that fields of other names may have as well
	index    map[string][]*ast.Field // of the bodies, where they are long
}

// fewFields is how many declarations a place has before it is indexed.
const fewFields = 16

func placeOf(files []*ast.File) place {
	var p place
	for _, f := range files {
		p.add(f.Decls)
	}
	return p.indexed()
}

// add takes the declarations of a struct's body.
func (p *place) add(body []ast.Decl) {
	p.bodies = append(p.bodies, body)
	for _, d := range body {
		switch d := d.(type) {
		case *ast.Field:
			if _, ok := labelName(d.Label); !ok {
				p.patterns = append(p.patterns, d.Value)
			}
		case *ast.Comprehension:
			p.addValue(d.Value)
			if d.Fallback != nil {
				p.addValue(d.Fallback.Body)
			}
		case *ast.EmbedDecl:
			p.addValue(d.Expr)
		}
	}
}

// addValue takes an expression that the struct is, or is unified with.
func (p *place) addValue(x ast.Expr) {
	switch x := x.(type) {
	case *ast.StructLit:
		p.add(x.Elts)
	case *ast.ParenExpr:
		p.addValue(x.X)
	case *ast.BinaryExpr:
		if x.Op == token.AND {
			p.addValue(x.X)
			p.addValue(x.Y)
		}
	}
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
	for f, name := range p.fields {
		p.index[name] = append(p.index[name], f)
	}
	return p
}

// fields yields what has a literal name, in the order of writing.
func (p place) fields(yield func(*ast.Field, string) bool) {
	for _, body := range p.bodies {
		for _, d := range body {
			if f, ok := d.(*ast.Field); ok {
				if name, ok := labelName(f.Label); ok && !yield(f, name) {
					return
				}
			}
		}
	}
}

// field is the place of a field's value, and where its name stands first, in
// the order of the files. The position is invalid where it stands nowhere.
func (p place) field(name string) (place, token.Pos) {
	var found place
	at := token.NoPos
	take := func(f *ast.Field) {
		if !at.IsValid() {
			at = f.Label.Pos()
		}
		found.addValue(f.Value)
	}
	if p.index != nil {
		for _, f := range p.index[name] {
			take(f)
		}
	} else {
		for f, label := range p.fields {
			if label == name {
				take(f)
			}
		}
	}
	for _, x := range p.patterns {
		found.addValue(x)
	}
	return found.indexed(), at
}

// labelName is the name of a field that is written out, with the mark of a
// hidden one or a definition.
func labelName(l ast.Label) (string, bool) {
	switch l := l.(type) {
	case *ast.Ident:
		return l.Name, true
	case *ast.BasicLit:
		s, err := literal.Unquote(l.Value)
		return s, err == nil
	case *ast.Alias:
		if inner, ok := l.Expr.(ast.Label); ok {
			return labelName(inner)
		}
	}
	return "", false
}
