package value

import (
	"maps"
	"regexp"
	"slices"

	"cuelang.org/go/cue"
)

// A Form is what a definition demands of a value, read from the syntax of
// policy.cue, so that this is the only specification here too. The definitions
// add nothing to a policy, neither defaults nor fields: unified with them, a value
// that a form takes is the same value. A form may refuse what CUE takes.
type Form struct {
	ways []way  // of which a value has one
	Says string // of a value that has none, in the words of the definitions; "" for nothing
}

// A way is a kind of value, and what is demanded of one.
type way struct {
	kind        cue.Kind
	least, most int64            // of a number
	looks       *regexp.Regexp   // of a text, nil for any
	item        *Form            // of a list
	fields      map[string]*Form // of a struct
	required    []string
	rest        *Form // of its other fields, nil where it has none
}

// Kinds is the kinds of value that have the form.
func (f *Form) Kinds() cue.Kind {
	var kinds cue.Kind
	for _, w := range f.ways {
		kinds |= w.kind
	}
	return kinds
}

// At is the form of a field of a struct, or of an item of a list, nil where there is to
// be none.
func (f *Form) At(kind cue.Kind, name string) *Form {
	for _, w := range f.ways {
		switch {
		case w.kind != kind:
		case kind == cue.ListKind:
			return w.item
		case w.fields[name] != nil:
			return w.fields[name]
		default:
			return w.rest
		}
	}
	return nil
}

// Fields lists the fields that a struct may have by name.
func (f *Form) Fields() []string {
	var names []string
	for _, w := range f.ways {
		names = slices.AppendSeq(names, maps.Keys(w.fields))
	}
	return names
}

func (f *Form) takes(n Node) bool {
	return slices.ContainsFunc(f.ways, func(w way) bool { return w.takes(n) })
}

func (w way) takes(n Node) bool {
	if n.Kind != w.kind {
		return false
	}
	switch n.Kind {
	case cue.IntKind:
		return w.least <= n.Number && n.Number <= w.most
	case cue.StringKind:
		return w.looks == nil || w.looks.MatchString(n.Text)
	case cue.ListKind:
		return !slices.ContainsFunc(n.Inner, func(item Node) bool { return !w.item.takes(item) })
	case cue.StructKind:
		required := 0
		for _, field := range n.Inner {
			inner, ok := w.fields[field.Name]
			if !ok {
				inner = w.rest
			}
			if inner == nil || !inner.takes(field) {
				return false
			}
			if slices.Contains(w.required, field.Name) {
				required++
			}
		}
		return required == len(w.required)
	}
	return true
}

// Refused is a place at which the definitions do not take what there is.
type Refused struct {
	Path []string // as CUE's errors have it
	Want *Form    // nil where there is to be nothing
}

// leave takes out of a node what a form refuses, so that the rest can be read, and lists
// it. What a struct has that the form lacks stays.
func leave(f *Form, n *Node, path []string) []Refused {
	if f.takes(*n) {
		return nil
	}
	if f.Kinds()&n.Kind&(cue.StructKind|cue.ListKind) == 0 {
		n.Kind, n.Inner = cue.BottomKind, nil
		return []Refused{{path, f}}
	}
	var found []Refused
	for i := range n.Inner {
		name := n.Inner[i].Name
		if n.Kind == cue.StructKind {
			name = cue.Str(name).String()
		}
		below := append(path[:len(path):len(path)], name)
		if inner := f.At(n.Kind, n.Inner[i].Name); inner != nil {
			found = append(found, leave(inner, &n.Inner[i], below)...)
		} else {
			found = append(found, Refused{Path: below})
		}
	}
	return found
}
