package schema

import (
	"fmt"
	"regexp"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"
)

// A form is what a definition demands of a plain value, read from the syntax of
// policy.cue, so that this is the only specification here too. What a form takes
// CUE would take; it may refuse what CUE takes.
type form interface {
	takes(e ast.Expr) bool
}

type (
	textForm   struct{}
	numberForm struct{}
	truthForm  struct{}
	listForm   struct{ item form }
	eitherForm struct{ a, b form }
	bothForm   struct{ a, b form }
	boundForm  struct { // of a number
		limit int64
		least bool
	}
	matchForm struct{ pattern *regexp.Regexp }
	wordForm  struct{ word string }
	noForm    struct{} // takes nothing

	// recordForm is a struct: fields of known names, and others where rest says so.
	recordForm struct {
		fields   map[string]form
		required []string
		rest     form
	}
)

func (textForm) takes(e ast.Expr) bool { _, ok := plainText(e); return ok }

func (numberForm) takes(e ast.Expr) bool { _, ok := plainNumber(e); return ok }

func (truthForm) takes(e ast.Expr) bool { _, ok := plainTruth(e); return ok }

func (f eitherForm) takes(e ast.Expr) bool { return f.a.takes(e) || f.b.takes(e) }

func (f bothForm) takes(e ast.Expr) bool { return f.a.takes(e) && f.b.takes(e) }

func (noForm) takes(ast.Expr) bool { return false }

func (f boundForm) takes(e ast.Expr) bool {
	n, ok := plainNumber(e)
	return ok && (f.least && n >= f.limit || !f.least && n <= f.limit)
}

func (f matchForm) takes(e ast.Expr) bool {
	s, ok := plainText(e)
	return ok && f.pattern.MatchString(s)
}

func (f wordForm) takes(e ast.Expr) bool {
	s, ok := plainText(e)
	return ok && s == f.word
}

func (f listForm) takes(e ast.Expr) bool {
	list, ok := e.(*ast.ListLit)
	if !ok {
		return false
	}
	for _, item := range list.Elts {
		if !f.item.takes(item) {
			return false
		}
	}
	return true
}

func (f recordForm) takes(e ast.Expr) bool {
	s, ok := e.(*ast.StructLit)
	if !ok {
		return false
	}
	fields, ok := plainFields(s)
	if !ok {
		return false
	}
	required := 0
	for _, field := range fields {
		name, _ := plainName(field)
		inner, ok := f.fields[name]
		if !ok {
			inner = f.rest
		}
		if inner == nil || !inner.takes(field.Value) {
			return false
		}
		for _, r := range f.required {
			if r == name {
				required++
			}
		}
	}
	return required == len(f.required)
}

// policyForm is the form of #Policy.
func policyForm(definitions *ast.File) (recordForm, error) {
	named := map[string]ast.Expr{}
	for f, name := range placeOf([]*ast.File{definitions}).fields {
		named[name] = f.Value
	}
	f, ok := formOf(named["#Policy"], named).(recordForm)
	if !ok {
		return recordForm{}, fmt.Errorf("%s: #Policy is no struct", definitions.Filename)
	}
	return f, nil
}

// formOf is the form of a definition's expression. One that it does not know
// takes nothing, and is left to CUE.
func formOf(e ast.Expr, named map[string]ast.Expr) form {
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
		return formOf(named[e.Name], named)
	case *ast.BasicLit:
		if word, ok := plainText(e); ok {
			return wordForm{word}
		}
	case *ast.BinaryExpr:
		switch a, b := formOf(e.X, named), formOf(e.Y, named); e.Op {
		case token.OR:
			return eitherForm{a, b}
		case token.AND:
			return bothForm{a, b}
		}
	case *ast.UnaryExpr:
		return constraintOf(e)
	case *ast.ListLit:
		if len(e.Elts) == 1 {
			if rest, ok := e.Elts[0].(*ast.Ellipsis); ok && rest.Type != nil {
				return listForm{formOf(rest.Type, named)}
			}
		}
	case *ast.StructLit:
		record := recordForm{fields: map[string]form{}}
		if record.add(e, named) {
			return record
		}
	}
	return noForm{}
}

// constraintOf is the form of >=1, <=65535 and =~"^x$".
func constraintOf(e *ast.UnaryExpr) form {
	limit, number := plainNumber(e.X)
	switch {
	case e.Op == token.GEQ && number:
		return boundForm{limit, true}
	case e.Op == token.LEQ && number:
		return boundForm{limit, false}
	case e.Op == token.MAT:
		if lit, ok := e.X.(*ast.BasicLit); ok {
			if s, err := literal.Unquote(lit.Value); err == nil {
				if pattern, err := regexp.Compile(s); err == nil {
					return matchForm{pattern}
				}
			}
		}
	}
	return noForm{}
}

// add takes the fields of a struct, and of the definitions that it embeds.
func (f *recordForm) add(s *ast.StructLit, named map[string]ast.Expr) bool {
	for _, d := range s.Elts {
		switch d := d.(type) {
		case *ast.CommentGroup:
		case *ast.EmbedDecl:
			name, ok := d.Expr.(*ast.Ident)
			if !ok {
				return false
			}
			inner, ok := named[name.Name].(*ast.StructLit)
			if !ok || !f.add(inner, named) {
				return false
			}
		case *ast.Field:
			if pattern, ok := d.Label.(*ast.ListLit); ok {
				if len(pattern.Elts) != 1 || formOf(pattern.Elts[0], named) != (textForm{}) || f.rest != nil {
					return false
				}
				f.rest = formOf(d.Value, named)
				continue
			}
			name, ok := labelName(d.Label)
			if _, twice := f.fields[name]; !ok || twice {
				return false
			}
			f.fields[name] = formOf(d.Value, named)
			if d.Constraint == token.NOT {
				f.required = append(f.required, name)
			}
		default:
			return false
		}
	}
	return true
}
