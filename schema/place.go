package schema

import (
	"strings"
	"unicode"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"
)

// A place is where the author wrote one struct: the bodies, in one file or in
// several, that CUE unifies to it, of patterns and comprehensions too. It says
// where a field stands without asking CUE, whose own positions of structs are
// those of the definitions, and which fields there can be. What a reference
// makes has no place.
type place struct {
	bodies   [][]ast.Decl
	patterns []ast.Expr              // values that fields of other names may have as well
	index    map[string][]*ast.Field // of the bodies, where they are long

	// exact: the struct has the fields of the bodies, and no others.
	exact bool
	// bounded: it has no others, but may lack what stands under a condition.
	bounded bool
	// literal: nothing but bodies and patterns adds to the struct's fields.
	literal bool
}

// fewFields is how many declarations a place has before it is indexed.
const fewFields = 16

func placeOf(files []*ast.File) place {
	p := place{exact: true, bounded: true, literal: true}
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
		case *ast.Package, *ast.ImportDecl, *ast.LetClause, *ast.CommentGroup:
		case *ast.Attribute:
			if name, _ := d.Split(); name != "extern" && name != "if" {
				p.unknown() // may stand for fields
			}
		case *ast.Field:
			p.addField(d)
		case *ast.Comprehension:
			p.exact = false
			p.addValue(d.Value)
			if d.Fallback != nil {
				p.addValue(d.Fallback.Body)
			}
		case *ast.EmbedDecl:
			p.exact = false
			p.addValue(d.Expr)
		default:
			p.unknown()
		}
	}
}

func (p *place) addField(f *ast.Field) {
	if name, ok := labelName(f.Label); ok {
		if f.Constraint != token.ILLEGAL {
			p.exact = false
		}
		if _, aliased := f.Label.(*ast.Alias); aliased || !ascii(name) {
			p.unknown() // CUE's name for it may be spelt otherwise
		}
		return
	}
	p.exact = false
	p.patterns = append(p.patterns, f.Value)
	if _, ok := f.Label.(*ast.ListLit); !ok {
		p.bounded = false // the name is computed
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
		if x.Op != token.AND {
			p.unknown()
			return
		}
		p.addValue(x.X)
		p.addValue(x.Y)
	default:
		p.unknown()
	}
}

// unknown says that something adds to the struct of which nothing is known.
func (p *place) unknown() { p.exact, p.bounded, p.literal = false, false, false }

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

// names lists the regular fields that the struct may have, each once, in the
// order of writing; ok only where it has no others.
func (p place) names() (names []string, ok bool) {
	if !p.bounded {
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
// the order of the files. The position is invalid where it stands nowhere.
func (p place) field(name string) (place, token.Pos) {
	found := place{exact: p.exact, bounded: p.literal, literal: p.literal}
	at := token.NoPos
	take := func(f *ast.Field) {
		if !at.IsValid() {
			at = f.Label.Pos()
		}
		if len(f.Attrs) > 0 {
			found.unknown() // such as @embed
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

// ascii says whether a name is one that CUE keeps as it is; others it brings to
// Unicode's composed form.
func ascii(name string) bool {
	return !strings.ContainsFunc(name, func(r rune) bool { return r > unicode.MaxASCII })
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
