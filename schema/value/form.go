package value

import (
	"cmp"
	"regexp"
	"slices"

	"cuelang.org/go/cue"
)

// A Form is what a definition demands of a value, read from the syntax of
// policy.cue, so that this is the only specification here too. The definitions
// add nothing to a policy, neither defaults nor fields: unified with them, a value
// that a form takes is the same value. A form may refuse what CUE takes.
type Form interface {
	takes(n Node) bool
	part(kind cue.Kind) Form // that is about lists, or about structs; nil where there is none
}

type (
	textForm   struct{ leaf }
	numberForm struct{ leaf }
	truthForm  struct{ leaf }
	listForm   struct{ item Form }
	eitherForm struct{ a, b Form }
	bothForm   struct{ a, b Form }
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
		fields   map[string]Form
		required []string
		rest     Form
	}
)

func (leaf) part(cue.Kind) Form { return nil }

func (f listForm) part(kind cue.Kind) Form {
	if kind == cue.ListKind {
		return f
	}
	return nil
}

func (f recordForm) part(kind cue.Kind) Form {
	if kind == cue.StructKind {
		return f
	}
	return nil
}

func (f eitherForm) part(kind cue.Kind) Form { return cmp.Or(f.a.part(kind), f.b.part(kind)) }

func (f bothForm) part(kind cue.Kind) Form { return cmp.Or(f.a.part(kind), f.b.part(kind)) }

// formAt is the form of a field or of an item, nil where there is to be none.
func formAt(f Form, kind cue.Kind, name string) Form {
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

func (textForm) takes(n Node) bool { return n.Kind == cue.StringKind }

func (numberForm) takes(n Node) bool { return n.Kind == cue.IntKind }

func (truthForm) takes(n Node) bool { return n.Kind == cue.BoolKind }

// One struct or list that both take might be two values to CUE.
func (f eitherForm) takes(n Node) bool {
	a, b := f.a.takes(n), f.b.takes(n)
	return a != b || a && n.Kind != cue.StructKind && n.Kind != cue.ListKind
}

func (f bothForm) takes(n Node) bool { return f.a.takes(n) && f.b.takes(n) }

func (noForm) takes(Node) bool { return false }

func (f boundForm) takes(n Node) bool {
	return numberForm{}.takes(n) && (f.least && n.Number >= f.limit || !f.least && n.Number <= f.limit)
}

func (f matchForm) takes(n Node) bool {
	return n.Kind == cue.StringKind && f.pattern.MatchString(n.Text)
}

func (f wordForm) takes(n Node) bool {
	return n.Kind == cue.StringKind && n.Text == f.word
}

func (f listForm) takes(n Node) bool {
	return n.Kind == cue.ListKind && !slices.ContainsFunc(n.Inner, func(item Node) bool { return !f.item.takes(item) })
}

func (f recordForm) takes(n Node) bool {
	if n.Kind != cue.StructKind {
		return false
	}
	required := 0
	for _, field := range n.Inner {
		if inner := formAt(f, cue.StructKind, field.Name); inner == nil || !inner.takes(field) {
			return false
		}
		if slices.Contains(f.required, field.Name) {
			required++
		}
	}
	return required == len(f.required)
}

// leave takes out of a node what a form refuses, so that the rest can be read.
// What a struct has that the form lacks stays.
func leave(f Form, n *Node) {
	if f.takes(*n) {
		return
	}
	if f.part(n.Kind) == nil {
		n.Kind, n.Inner = cue.BottomKind, nil
	}
	for i := range n.Inner {
		if inner := formAt(f, n.Kind, n.Inner[i].Name); inner != nil {
			leave(inner, &n.Inner[i])
		}
	}
}
