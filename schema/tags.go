package schema

import (
	"fmt"
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/format"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/rule"
)

// A tag is a field that takes its value from the command line.
type tag struct {
	key   string
	field *ast.Field
}

// contains says whether a position is in the field.
func (t tag) contains(p token.Pos) bool {
	from, to := t.field.Pos(), t.field.End()
	return p.IsValid() && p.Filename() == from.Filename() && p.Offset() >= from.Offset() && p.Offset() <= to.Offset()
}

// written is the field's value as the author wrote it: CUE's loader has put the
// given one beside it.
func (t tag) written() ast.Expr {
	both, ok := t.field.Value.(*ast.BinaryExpr)
	if !ok || both.Op != token.AND {
		return t.field.Value
	}
	if p, ok := both.X.(*ast.ParenExpr); ok {
		return p.X
	}
	return both.X
}

// tagsOf lists the fields with a tag.
func tagsOf(files []*ast.File) []tag {
	var found []tag
	for _, file := range files {
		ast.Walk(file, func(n ast.Node) bool {
			f, ok := n.(*ast.Field)
			if !ok {
				return true
			}
			for _, a := range f.Attrs {
				name, body := a.Split()
				if key, _, _ := strings.Cut(body, ","); name == "tag" {
					found = append(found, tag{strings.TrimSpace(key), f})
				}
			}
			return true
		}, nil)
	}
	return found
}

// noSuchTag explains a tag from the command line that no field has.
func noSuchTag(given string, known []string) string {
	name, _, valued := strings.Cut(given, "=")
	if !valued && slices.Contains(known, name) {
		return fmt.Sprintf("the tag %q needs a value: -t %s=…", name, name)
	}
	s := suggester{maxSuggestions}
	return fmt.Sprintf("no field has the tag %q%s", name, s.didYouMean(name, known))
}

// twiceGiven finds tags that have two values: fields take one.
func twiceGiven(tags []string) Errors {
	first := map[string]string{}
	var found Errors
	for _, tag := range tags {
		name, value, ok := strings.Cut(tag, "=")
		if !ok {
			continue
		}
		if before, again := first[name]; again && before != value {
			found = append(found, &Error{Pos: rule.Pos{File: "-t"}, Message: fmt.Sprintf("the tag %q is given twice, as %q and as %q: give one", name, before, value)})
			continue
		}
		first[name] = value
	}
	return found
}

// open explains a value that is not there yet: mostly one that a tag gives.
func (x *explainer) open(e errors.Error) string {
	used := x.identifiers(e.Path())
	for _, t := range tagsOf(x.files) {
		name, _ := labelName(t.field.Label)
		if slices.ContainsFunc(errors.Positions(e), t.contains) || slices.Contains(used, name) {
			return fmt.Sprintf("needs the tag %q: say -t %s=…", t.key, t.key)
		}
	}
	if format, _ := e.Msg(); strings.HasPrefix(format, "incomplete value") {
		return "has no value yet: write one"
	}
	return "depends on something that has no value yet"
}

// identifiers lists the names in what the author wrote for a path.
func (x *explainer) identifiers(path []string) []string {
	var used []string
	p := x.written
	for i, name := range path {
		if i < len(path)-1 {
			p, _ = p.field(unquoted(name))
			continue
		}
		for f, label := range p.fields {
			if label != unquoted(name) {
				continue
			}
			ast.Walk(f.Value, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					used = append(used, id.Name)
				}
				return true
			}, nil)
		}
	}
	return used
}

// givenTag explains a value from the command line that its field does not take,
// once, whatever else breaks for it.
func (x *explainer) givenTag(e errors.Error) bool {
	if format, _ := e.Msg(); format == "field not allowed" {
		return false
	}
	for _, t := range tagsOf(x.files) {
		given := slices.ContainsFunc(x.given, func(s string) bool { return strings.HasPrefix(s, t.key+"=") })
		name, _ := labelName(t.field.Label)
		if !given || !slices.ContainsFunc(errors.Positions(e), t.contains) && !slices.Contains(x.identifiers(e.Path()), name) && pathOf(e.Path()) != name {
			continue
		}
		if path := []string{"-t", t.key}; !x.covered(path) {
			x.cover(path)
			wanted, _ := format.Node(t.written())
			x.say(checking, position(t.field.Label.Pos()), []string{name}, fmt.Sprintf("the tag %q takes %s: give another value with -t", t.key, wanted))
		}
		return true
	}
	return false
}
