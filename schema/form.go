package schema

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"sync"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/cue/token"
)

// A form is what a definition demands of a value, read from the syntax of
// policy.cue, so that this is the only specification here too. The definitions
// add nothing to a policy, neither defaults nor fields: unified with them, a value
// that a form takes is the same value. A form may refuse what CUE takes.
type form interface {
	takes(n node) bool
	part(kind cue.Kind) form // that is about lists, or about structs; nil where there is none
}

type (
	textForm   struct{ leaf }
	numberForm struct{ leaf }
	truthForm  struct{ leaf }
	listForm   struct{ item form }
	eitherForm struct{ a, b form }
	bothForm   struct{ a, b form }
	boundForm  struct { // of a number
		leaf
		limit int64
		least bool
	}
	matchForm struct {
		leaf
		pattern *regexp.Regexp
	}
	wordForm struct {
		leaf
		word string
	}
	noForm struct{ leaf } // takes nothing

	leaf struct{} // has nothing in it

	// recordForm is a struct: fields of known names, and others where rest says so.
	recordForm struct {
		fields   map[string]form
		required []string
		rest     form
	}
)

func (leaf) part(cue.Kind) form { return nil }

func (f listForm) part(kind cue.Kind) form {
	if kind == cue.ListKind {
		return f
	}
	return nil
}

func (f recordForm) part(kind cue.Kind) form {
	if kind == cue.StructKind {
		return f
	}
	return nil
}

func (f eitherForm) part(kind cue.Kind) form { return cmp.Or(f.a.part(kind), f.b.part(kind)) }

func (f bothForm) part(kind cue.Kind) form { return cmp.Or(f.a.part(kind), f.b.part(kind)) }

// formAt is the form of a field or of an item, nil where there is to be none.
func formAt(f form, kind cue.Kind, name string) form {
	switch f := f.part(kind).(type) {
	case listForm:
		return f.item
	case recordForm:
		if field, ok := f.fields[name]; ok {
			return field
		}
		return f.rest
	}
	return nil
}

func (textForm) takes(n node) bool { return n.kind == cue.StringKind }

func (numberForm) takes(n node) bool { return n.kind == cue.IntKind }

func (truthForm) takes(n node) bool { return n.kind == cue.BoolKind }

// One struct or list that both take might be two values to CUE.
func (f eitherForm) takes(n node) bool {
	a, b := f.a.takes(n), f.b.takes(n)
	return a != b || a && n.kind != cue.StructKind && n.kind != cue.ListKind
}

func (f bothForm) takes(n node) bool { return f.a.takes(n) && f.b.takes(n) }

func (noForm) takes(node) bool { return false }

func (f boundForm) takes(n node) bool {
	return numberForm{}.takes(n) && (f.least && n.number >= f.limit || !f.least && n.number <= f.limit)
}

func (f matchForm) takes(n node) bool {
	return n.kind == cue.StringKind && f.pattern.MatchString(n.text)
}

func (f wordForm) takes(n node) bool {
	return n.kind == cue.StringKind && n.text == f.word
}

func (f listForm) takes(n node) bool {
	return n.kind == cue.ListKind && !slices.ContainsFunc(n.inner, func(item node) bool { return !f.item.takes(item) })
}

func (f recordForm) takes(n node) bool {
	if n.kind != cue.StructKind {
		return false
	}
	required := 0
	for _, field := range n.inner {
		if inner := formAt(f, cue.StructKind, field.name); inner == nil || !inner.takes(field) {
			return false
		}
		if slices.Contains(f.required, field.name) {
			required++
		}
	}
	return required == len(f.required)
}

// leave takes out of a node what a form refuses, so that the rest can be read.
// What a struct has that the form lacks stays.
func leave(f form, n *node) {
	if f.takes(*n) {
		return
	}
	if f.part(n.kind) == nil {
		n.kind, n.inner = cue.BottomKind, nil
	}
	for i := range n.inner {
		if inner := formAt(f, n.kind, n.inner[i].name); inner != nil {
			leave(inner, &n.inner[i])
		}
	}
}

// definitionsSyntax is policy.cue.
func definitionsSyntax() (*ast.File, error) {
	src, err := moduleFiles.ReadFile("policy.cue")
	if err != nil {
		return nil, err
	}
	return parser.ParseFile(definitionsPrefix+"policy.cue", src)
}

// policyForm is the form of #Policy.
var policyForm = sync.OnceValues(func() (form, error) {
	f, err := definitionsSyntax()
	if err != nil {
		return nil, err
	}
	return formIn(f, "#Policy")
})

// formIn is the form of a definition in a file. Of one that does more than
// constrain, or in ways that are not known, there is none.
func formIn(file *ast.File, name string) (form, error) {
	d := definer{named: map[string]ast.Expr{}}
	for f, name := range placeOf([]*ast.File{file}).fields {
		d.named[name] = f.Value
	}
	f := d.form(d.named[name])
	if d.unknown != nil {
		return nil, fmt.Errorf("%s: there is no form for what stands here", position(d.unknown.Pos()))
	}
	return f, nil
}

// A definer makes forms of the definitions in a file.
type definer struct {
	named   map[string]ast.Expr
	unknown ast.Node // the first of which there is no form
}

func (d *definer) none(n ast.Node) form {
	if d.unknown == nil {
		d.unknown = n
	}
	return noForm{}
}

// form is that of a definition's expression.
func (d *definer) form(e ast.Expr) form {
	switch e := e.(type) {
	case *ast.Ident:
		switch e.Name {
		case "string":
			return textForm{}
		case "int":
			return numberForm{}
		case "bool":
			return truthForm{}
		}
		if named, ok := d.named[e.Name]; ok {
			return d.form(named)
		}
	case *ast.BasicLit:
		if s, err := literal.Unquote(e.Value); err == nil && e.Kind == token.STRING {
			return wordForm{word: s}
		}
	case *ast.CallExpr:
		if f, ok := e.Fun.(*ast.Ident); ok && f.Name == "error" {
			return noForm{}
		}
	case *ast.BinaryExpr:
		switch e.Op {
		case token.OR:
			return eitherForm{d.form(e.X), d.form(e.Y)}
		case token.AND:
			return bothForm{d.form(e.X), d.form(e.Y)}
		}
	case *ast.UnaryExpr:
		return d.constraint(e)
	case *ast.ListLit:
		if len(e.Elts) == 1 {
			if rest, ok := e.Elts[0].(*ast.Ellipsis); ok && rest.Type != nil {
				return listForm{d.form(rest.Type)}
			}
		}
	case *ast.StructLit:
		record := recordForm{fields: map[string]form{}}
		d.fields(&record, e)
		return record
	}
	return d.none(e)
}

// constraint is the form of >=1, <=65535 and =~"^x$".
func (d *definer) constraint(e *ast.UnaryExpr) form {
	lit, ok := e.X.(*ast.BasicLit)
	if !ok {
		return d.none(e)
	}
	limit, err := strconv.ParseInt(lit.Value, 10, 64)
	switch {
	case e.Op == token.GEQ && err == nil:
		return boundForm{limit: limit, least: true}
	case e.Op == token.LEQ && err == nil:
		return boundForm{limit: limit}
	case e.Op == token.MAT:
		if s, err := literal.Unquote(lit.Value); err == nil {
			if pattern, err := regexp.Compile(s); err == nil {
				return matchForm{pattern: pattern}
			}
		}
	}
	return d.none(e)
}

// fields adds the fields of a struct, and of the definitions that it embeds.
func (d *definer) fields(f *recordForm, s *ast.StructLit) {
	for _, decl := range s.Elts {
		switch decl := decl.(type) {
		case *ast.CommentGroup:
		case *ast.EmbedDecl:
			name, _ := decl.Expr.(*ast.Ident)
			if name == nil {
				d.none(decl)
			} else if inner, ok := d.named[name.Name].(*ast.StructLit); ok {
				d.fields(f, inner)
			} else {
				d.none(decl)
			}
		case *ast.Field:
			if pattern, ok := decl.Label.(*ast.ListLit); ok {
				if len(pattern.Elts) != 1 || d.form(pattern.Elts[0]) != (textForm{}) || f.rest != nil {
					d.none(decl)
				}
				f.rest = d.form(decl.Value)
				continue
			}
			name, ok := labelName(decl.Label)
			if _, twice := f.fields[name]; !ok || twice || decl.Constraint == token.ILLEGAL {
				d.none(decl)
			}
			f.fields[name] = d.form(decl.Value)
			if decl.Constraint == token.NOT {
				f.required = append(f.required, name)
			}
		default:
			d.none(decl)
		}
	}
}
