package schema

import (
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"
)

// A place is where the author wrote one struct: the bodies, in one file or in
// several, that CUE unifies to it. It says where a field stands without asking
// CUE, whose own positions of structs are those of the definitions. What a
// comprehension, a pattern or a reference makes has no place.
type place struct {
	bodies [][]ast.Decl
	index  map[string][]*ast.Field // of the bodies, where they are long

	// plain: nothing but fields with literal names are in the bodies, and
	// nothing else adds to them, so the struct has exactly these fields.
	plain bool
}

// fewFields is how many declarations a place has before it is indexed.
const fewFields = 16

func placeOf(files []*ast.File) place {
	p := place{plain: true}
	for _, f := range files {
		p.add(f.Decls)
	}
	return p.indexed()
}

func (p *place) add(body []ast.Decl) {
	p.bodies = append(p.bodies, body)
	for _, d := range body {
		switch d := d.(type) {
		case *ast.Package, *ast.ImportDecl, *ast.LetClause, *ast.CommentGroup, *ast.Attribute:
		case *ast.Field:
			if _, ok := labelName(d.Label); !ok || d.Constraint != token.ILLEGAL {
				p.plain = false
			}
		default:
			p.plain = false
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

// names lists the regular fields, each once, in the order of writing; ok only
// where these are all that the struct has.
func (p place) names() (names []string, ok bool) {
	if !p.plain {
		return nil, false
	}
	seen := map[string]bool{}
	few := p.index == nil
fields:
	for f, name := range p.fields {
		if id, ok := f.Label.(*ast.Ident); ok && strings.HasPrefix(id.Name, "_") || strings.HasPrefix(name, "#") && !quoted(f.Label) {
			continue
		}
		if few {
			for _, before := range names {
				if before == name {
					continue fields
				}
			}
		} else if seen[name] {
			continue
		} else {
			seen[name] = true
		}
		names = append(names, name)
	}
	return names, true
}

// field is the place of a field's value, and where its name stands first, in
// the order of the files. The position is invalid where there is none.
func (p place) field(name string) (place, token.Pos) {
	found := place{plain: p.plain}
	at := token.NoPos
	if p.index != nil {
		for _, f := range p.index[name] {
			found.take(f, &at)
		}
	} else {
		for f, label := range p.fields {
			if label == name {
				found.take(f, &at)
			}
		}
	}
	if !at.IsValid() {
		return place{}, at
	}
	return found.indexed(), at
}

func (p *place) take(f *ast.Field, at *token.Pos) {
	if !at.IsValid() {
		*at = f.Label.Pos()
	}
	if len(f.Attrs) > 0 {
		p.plain = false
	}
	p.addValue(f.Value)
}

func (p *place) addValue(x ast.Expr) {
	switch x := x.(type) {
	case *ast.StructLit:
		p.add(x.Elts)
		return
	case *ast.BinaryExpr:
		if x.Op == token.AND {
			p.addValue(x.X)
			p.addValue(x.Y)
			return
		}
	case *ast.ParenExpr:
		p.addValue(x.X)
		return
	}
	p.plain = false
}

func quoted(l ast.Label) bool {
	_, ok := l.(*ast.BasicLit)
	return ok
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
