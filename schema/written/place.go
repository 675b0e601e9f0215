// Package written answers what an author's CUE files say as they are written, before
// anything is evaluated: where a field stands, which tags there are, what refers to what.
package written

import (
	"maps"
	"slices"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"
)

// A Place is where the author wrote one struct: the bodies, in one file or in
// several, that CUE unifies to it, of patterns and comprehensions too. It says
// where a field stands without asking CUE, whose own positions of structs are
// those of what they were unified with. What a reference makes has no place.
type Place struct {
	bodies   [][]ast.Decl
	patterns []ast.Expr              // values that fields of other names may have as well
	index    map[string][]*ast.Field // of the bodies, where they are long
}

// fewFields is how many declarations a place has before it is indexed.
const fewFields = 16

// PlaceOf is where the fields of a package stand.
func PlaceOf(files []*ast.File) Place {
	var p Place
	for _, f := range files {
		p.add(f.Decls)
	}
	return p.indexed()
}

// add takes the declarations of a struct's body.
func (p *Place) add(body []ast.Decl) {
	p.bodies = append(p.bodies, body)
	for _, d := range body {
		switch d := d.(type) {
		case *ast.Field:
			if _, ok := LabelName(d.Label); !ok {
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
func (p *Place) addValue(x ast.Expr) {
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

func (p Place) indexed() Place {
	n := 0
	for _, body := range p.bodies {
		n += len(body)
	}
	if n <= fewFields {
		return p
	}
	p.index = make(map[string][]*ast.Field, n)
	for f, name := range p.Fields {
		p.index[name] = append(p.index[name], f)
	}
	return p
}

// Fields yields what has a literal name, in the order of writing.
func (p Place) Fields(yield func(*ast.Field, string) bool) {
	for _, body := range p.bodies {
		for _, d := range body {
			if f, ok := d.(*ast.Field); ok {
				if name, ok := LabelName(f.Label); ok && !yield(f, name) {
					return
				}
			}
		}
	}
}

// Names lists the fields that have a literal name, each once, in no order.
func (p Place) Names() []string {
	seen := map[string]bool{}
	for _, name := range p.Fields {
		seen[name] = true
	}
	return slices.Collect(maps.Keys(seen))
}

// Value is the expression of a field where it stands first, nil for none.
func (p Place) Value(name string) ast.Expr {
	if p.index != nil {
		if found := p.index[name]; found != nil {
			return found[0].Value
		}
		return nil
	}
	for f, label := range p.Fields {
		if label == name {
			return f.Value
		}
	}
	return nil
}

// Field is the place of a field's value, and where its name stands first, in
// the order of the files. The position is invalid where it stands nowhere.
func (p Place) Field(name string) (Place, token.Pos) {
	var found Place
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
		for f, label := range p.Fields {
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

// LabelName is the name of a field that is written out, with the mark of a
// hidden one or a definition.
func LabelName(l ast.Label) (string, bool) {
	switch l := l.(type) {
	case *ast.Ident:
		return l.Name, true
	case *ast.BasicLit:
		s, err := literal.Unquote(l.Value)
		return s, err == nil
	case *ast.Alias:
		if inner, ok := l.Expr.(ast.Label); ok {
			return LabelName(inner)
		}
	}
	return "", false
}
