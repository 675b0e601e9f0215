package explain

import (
	"fmt"
	"slices"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/source"
	"sgc.dev/sgc/schema/written"
)

// notAllowed explains a field that the definitions refuse, or a definition of
// the author's own.
func (x *explainer) notAllowed(path []string, at rule.Pos) {
	for i := range path {
		if isOwn(path[0]) {
			break
		}
		if outer := path[:i+1]; x.demanded(outer) == nil {
			x.unknown(outer)
			return
		}
	}
	x.add(fault.Checking, at, path, x.closedBy(path))
}

// unknown explains a field that the definitions lack.
func (x *explainer) unknown(path []string) {
	if x.covered(path) {
		return
	}
	if x.colonless(path[:len(path)-1]) {
		return
	}
	if f, ok := x.takesNext(path); ok {
		x.add(fault.Checking, written.Position(f.Label.Pos()), path[:len(path)-1], nextLine)
		return
	}
	pos := x.nearest(path)
	if _, _, depth := x.follow(path); depth < len(path) {
		own := x.at(path)
		pos = x.madeAt(path, own)
		if f, ok := own.Source().(*ast.Field); ok {
			pos = written.Position(f.Label.Pos())
		}
	}
	message := x.unknownField(path)
	if again := pathOf(path[:len(path)-1]) + message; !x.done[again] { // one mistake in several words is one
		x.done[again] = true
		x.add(fault.Checking, pos, path, message)
	}
}

// takesNext says whether an unknown field is on the line after one without a value, belongs
// beside that, and is not meant as a field of it.
func (x *explainer) takesNext(path []string) (*ast.Field, bool) {
	n := len(path) - 1
	if n < 1 {
		return nil, false
	}
	beside := x.demanded(append(slices.Clone(path[:n-1]), path[n]))
	if beside == nil || beside.Kinds()&x.at(path).IncompleteKind() == 0 {
		return nil, false
	}
	name := unquoted(path[n])
	if want := x.demanded(path[:n]); want != nil && rule.Closest(name, want.Fields()) != "" {
		return nil, false
	}
	if _, meant := elsewhere(path[:n], name); meant {
		return nil, false
	}
	return x.valueless(path[:n])
}

// colonless explains a field with a list that CUE reads as a reference, for want of a colon.
func (x *explainer) colonless(path []string) bool {
	for _, f := range x.fieldsAt(path) {
		e, ok := f.Value.(*ast.IndexExpr)
		if !ok {
			continue
		}
		if id, ok := e.X.(*ast.Ident); ok && x.demanded(append(slices.Clone(path), id.Name)) != nil {
			x.add(fault.Checking, written.Position(id.Pos()), path, fmt.Sprintf("a colon is missing after %s", id.Name))
			return true
		}
	}
	return false
}

// closedBy explains a field that the definitions have, and that a definition of
// the author's own forbids.
func (x *explainer) closedBy(path []string) string {
	if len(path) == 0 {
		return "a definition forbids this"
	}
	name, what := unquoted(path[len(path)-1]), "a definition of the policy's own"
	for i := len(path) - 1; i > 0; i-- {
		used := ""
		for _, f := range x.fieldsAt(path[:i]) {
			ast.Walk(f.Value, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && used == "" && strings.HasPrefix(id.Name, "#") {
					used = id.Name
				}
				return true
			}, nil)
		}
		if used == "" {
			continue
		}
		_, at := x.written.Field(used)
		if !at.IsValid() {
			return fmt.Sprintf("unknown field %q", name) + x.suggest.DidYouMean(name, x.besides(path))
		}
		what, name = fmt.Sprintf("%s (%s)", used, written.Position(at)), pathOf(path[i:])
		break
	}
	return fmt.Sprintf("%s is closed and has no field %q: add it there, or \"...\"", what, name)
}

// besides lists the other fields that there are, or could be, beside that of a path, in
// what the author's struct is made of.
func (x *explainer) besides(path []string) (names []string) {
	last := len(path) - 1
	_, parts := x.at(path[:last]).Expr()
	for _, part := range parts {
		fields, err := part.Fields(cue.Optional(true))
		for err == nil && fields.Next() {
			if name := fields.Selector().Unquoted(); name != unquoted(path[last]) {
				names = append(names, name)
			}
		}
	}
	return names
}

// noteMeant notes what an unknown field of a struct was meant to be.
func (x *explainer) noteMeant(parent []string, name string) {
	path := pathOf(parent)
	x.meant[path] = append(x.meant[path], name)
}

// unknownField says what is wrong with a field that the definitions lack.
func (x *explainer) unknownField(path []string) string {
	name := unquoted(path[len(path)-1])
	parent := path[:len(path)-1]
	at := x.nearest(path)
	for _, f := range x.pkg.Indented {
		if f.Name == name && f.Pos == at && (len(parent) == 0 || f.Chain > 0) { // in braces of a tier's own it is what it seems
			return fmt.Sprintf("unknown field %q: it %s: put it in braces with what it belongs to", name, f.Says())
		}
	}
	if f, ok := elsewhere(parent, name); ok {
		if f.means != "" {
			x.noteMeant(parent, f.means)
		}
		return f.say
	}
	if say := misplaced(path, x.at(path)); say != "" {
		x.noteMeant(parent, "name")
		return say
	}
	var known []string
	if want := x.demanded(parent); want != nil {
		known = want.Fields()
	}
	x.noteMeant(parent, rule.Closest(name, known))
	meant := x.suggest.DidYouMean(name, known)
	switch {
	case meant == "" && len(path) > 1 && len(known) > 0:
		meant = ": the fields are " + strings.Join(slices.Sorted(slices.Values(known)), ", ")
	case meant == "" && len(path) == 1:
		meant = ": a value of your own begins with _"
		if file := at.File; source.IsData(file) {
			meant = ": " + embedded(file, "")
		}
	}
	return fmt.Sprintf("unknown field %q%s", name, meant)
}
