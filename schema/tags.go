package schema

import (
	"fmt"
	"slices"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/format"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/rule"
)

// A tag is a field that takes its value from the command line.
type tag struct {
	key   string
	path  []string
	field *ast.Field
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
	eachField(files, func(path []string, f *ast.Field) {
		for _, a := range f.Attrs {
			name, body := a.Split()
			if key, _, _ := strings.Cut(body, ","); name == "tag" {
				found = append(found, tag{strings.TrimSpace(key), slices.Clone(path), f})
			}
		}
	})
	return found
}

// eachField visits every field of the files; the path is its own during the visit.
func eachField(files []*ast.File, visit func(path []string, f *ast.Field)) {
	var path []string
	for _, file := range files {
		ast.Walk(file, func(n ast.Node) bool {
			if f, ok := n.(*ast.Field); ok {
				name, _ := labelName(f.Label)
				path = append(path, name)
				visit(path, f)
			}
			return true
		}, func(n ast.Node) {
			if _, ok := n.(*ast.Field); ok {
				path = path[:len(path)-1]
			}
		})
	}
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

// misgiven finds tags that have two values, where fields take one, or an empty one, which
// is most likely a variable of the shell that is not set.
func misgiven(tags []string) Errors {
	first := map[string]string{}
	var found Errors
	for _, tag := range tags {
		name, value, ok := strings.Cut(tag, "=")
		if !ok {
			continue
		}
		if value == "" {
			found = append(found, &Error{Pos: rule.Pos{File: "-t"}, Message: fmt.Sprintf("the tag %q has an empty value: give it one, or leave it out", name)})
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

// tagFaults is what is wrong with the tags of a package, which is all that can be
// said of it: what else there seems to be mostly follows.
func (l *loader) tagFaults(inst *build.Instance, own cue.Value) faults {
	tags := tagsOf(inst.Files)
	if len(tags) == 0 || own.Validate(cue.Concrete(true)) == nil {
		return faults{}
	}
	var found Errors
	used := usedNames(inst.Files)
	for _, t := range tags {
		v := valueOf(own, inst, t.path)
		chosen, _ := v.Default()
		given := slices.ContainsFunc(l.tags, func(s string) bool { return strings.HasPrefix(s, t.key+"=") })
		message := ""
		switch {
		case given && v.Err() != nil:
			wanted, _ := format.Node(t.written())
			message = wrongTag(t.key, wanted)
		case !given && v.Exists() && !chosen.IsConcrete() && (used[t.path[0]] || !strings.HasPrefix(t.path[0], "_")):
			message = fmt.Sprintf("needs the tag %q: say %s", t.key, sayTag(t.key, v))
		default:
			continue
		}
		found = append(found, &Error{Pos: position(t.field.Label.Pos()), Path: pathOf(t.path), Message: message})
	}
	return faults{checking, found}
}

// usedNames is every identifier in the files that is not the name of a field.
func usedNames(files []*ast.File) map[string]bool {
	used := map[string]bool{}
	var look func(n ast.Node) bool
	look = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			used[n.Name] = true
		case *ast.SelectorExpr:
			ast.Walk(n.X, look, nil)
			return false
		case *ast.Field:
			switch n.Label.(type) {
			case *ast.Ident, *ast.BasicLit:
			default:
				ast.Walk(n.Label, look, nil)
			}
			ast.Walk(n.Value, look, nil)
			return false
		}
		return true
	}
	for _, f := range files {
		ast.Walk(f, look, nil)
	}
	return used
}

// sayTag is how the command line gives a tag, with the values where they are few.
func sayTag(key string, v cue.Value) string {
	const most = 5
	op, values := v.Eval().Expr()
	if op != cue.OrOp || len(values) > most {
		return "-t " + key + "=…"
	}
	var ways []string
	for _, v := range values {
		s, err := v.String()
		if err != nil {
			return "-t " + key + "=…"
		}
		ways = append(ways, "-t "+key+"="+s)
	}
	return strings.Join(ways, " or ")
}

// valueOf is the value of a package's field, which may be hidden.
func valueOf(own cue.Value, inst *build.Instance, path []string) cue.Value {
	var sels []cue.Selector
	for _, name := range path {
		switch {
		case strings.HasPrefix(name, "_"):
			sels = append(sels, cue.Hid(name, inst.ID()))
		case strings.HasPrefix(name, "#"):
			sels = append(sels, cue.Def(name))
		default:
			sels = append(sels, cue.Str(name))
		}
	}
	return within(own, cue.MakePath(sels...))
}

// unfit explains a value from the command line that is not of its tag's type.
func (x *explainer) unfit(key string) (rule.Pos, []string, string) {
	for _, t := range tagsOf(x.files) {
		if t.key == key {
			wanted, _ := format.Node(t.written())
			return position(t.field.Label.Pos()), t.path, wrongTag(key, wanted)
		}
	}
	return x.start(), nil, wrongTag(key, []byte("another type"))
}

func wrongTag(key string, wanted []byte) string {
	return fmt.Sprintf("the tag %q takes %s: give another value with -t", key, wanted)
}

// open explains a value that is not there yet.
func (x *explainer) open(path []string, e errors.Error) string {
	if isChoice(within(x.own, cuePath(path))) {
		x.wrong[pathOf(path)] = true
		if len(path) == 0 {
			x.wrong["name"] = true
		}
		return undecided
	}
	if format, _ := e.Msg(); strings.HasPrefix(format, "incomplete value") {
		return "has no value yet: write one"
	}
	return "depends on something that has no value yet"
}

const undecided = "is one of several, and nothing says which: write one, or put * before the default"

// isChoice says whether a value is one of several structs or lists, without a
// default.
func isChoice(v cue.Value) bool {
	if v = settled(v); v.IncompleteKind()&(cue.StructKind|cue.ListKind) == 0 {
		return false
	}
	op, _ := v.Eval().Expr()
	return op == cue.OrOp
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
