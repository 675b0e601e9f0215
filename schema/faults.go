package schema

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/errors"

	"sgc.dev/sgc/rule"
)

// A stage is how far a policy came. Faults of an earlier stage hide those of
// the later ones, which would only repeat them in other words.
type stage uint8

const (
	parsing   stage = iota // files that cannot be read, or that are no CUE
	resolving              // references and imports that lead nowhere
	checking               // everything else
)

// faults is what is wrong with one policy, of one stage.
type faults struct {
	stage stage
	list  Errors
}

// earliest keeps the faults of the first stage that has any, sorted, each once
// and at a length that can be read.
func earliest(all []faults) Errors {
	var found Errors
	first := checking
	for _, f := range all {
		if len(f.list) > 0 && f.stage < first {
			first = f.stage
		}
	}
	for _, f := range all {
		if f.stage == first {
			found = append(found, f.list...)
		}
	}
	for _, e := range found {
		e.Path, e.Message = shortened(e.Path), shortened(e.Message)
	}
	slices.SortStableFunc(found, func(a, b *Error) int {
		return cmp.Or(rule.ComparePos(a.Pos, b.Pos), strings.Compare(a.Path, b.Path), strings.Compare(a.Message, b.Message))
	})
	return slices.CompactFunc(found, func(a, b *Error) bool { return *a == *b })
}

// An explainer puts what CUE says of a policy into the policy's own words.
type explainer struct {
	files    []*ast.File
	written  place     // of all files
	own      cue.Value // the package without the definitions
	schema   cue.Value // the definitions' package
	suggest  *suggester
	rest     stage               // of faults that are of no known kind
	form     string              // the definition of the address set at hand, "" outside of one
	done     map[string]bool     // paths about which enough is said
	wrong    map[string]bool     // paths of the wrong type, as messages write them
	meant    map[string][]string // what unknown fields were meant to be, "" for what is not understood, by their struct's path
	input    input               // of which this is the syntax
	folder   string              // where the input starts, as messages name it
	refused  []*refusal          // files that the policy's tree has not shown
	known    map[string]said     // of the definitions, by path
	indented []Indented          // fields at the top
	dashes   map[rule.Pos]dashed // what CUE takes for differences, by where their parts stand
	found    map[stage]Errors
}

func newExplainer(files []*ast.File, own, schema cue.Value, s *suggester) *explainer {
	return &explainer{
		files: files, written: placeOf(files), own: own, schema: schema, suggest: s, rest: checking,
		done: map[string]bool{}, wrong: map[string]bool{}, meant: map[string][]string{}, found: map[stage]Errors{}, known: map[string]said{},
	}
}

// faults is what has been explained, of the first stage that has anything.
func (x *explainer) faults() faults {
	for _, s := range []stage{parsing, resolving} {
		if x.found[s] != nil {
			return faults{s, x.found[s]}
		}
	}
	return faults{checking, x.found[checking]}
}

func (x *explainer) say(s stage, pos rule.Pos, path []string, message string) {
	x.found[s] = append(x.found[s], &Error{Pos: pos, Path: pathOf(path), Message: message})
}

// and adds what the reader found, but for what follows from faults that have
// been explained: a wrong type, or a field that goes by another name.
func (x *explainer) and(list Errors) {
	for _, e := range list {
		if !x.wrong[e.Path] && !x.misspelt(e) {
			x.found[checking] = append(x.found[checking], e)
		}
	}
}

// misspelt says whether what a struct lacks is there under an unknown name. One
// that is not understood counts too, but among the policy's own fields.
func (x *explainer) misspelt(e *Error) bool {
	path := e.Path
	if path == "name" {
		path = ""
	}
	return slices.ContainsFunc(x.meant[path], func(name string) bool {
		if name == "" {
			return e.lacks != "" && path != ""
		}
		return slices.Contains(strings.Fields(e.lacks), name)
	})
}

// explain takes all of CUE's errors.
func (x *explainer) explain(err error) {
	if err == nil {
		return
	}
	for _, e := range errors.Errors(err) {
		x.one(e)
	}
}

func (x *explainer) one(e errors.Error) {
	path := e.Path()
	format, args := e.Msg()
	at := x.position(e)
	if pos, message, ok := x.unreadable(e); ok {
		x.say(parsing, pos, nil, message)
		return
	}
	if message, ok := unresolved(format, args); ok {
		if d, ok := x.dashedAt(at); ok {
			at, message = d.at, d.message()
		}
		x.say(resolving, at, path, message)
		return
	}
	if strings.HasPrefix(format, "invalid ") && strings.HasSuffix(format, " for injection tag %q") {
		at, path, message := x.unfit(fmt.Sprint(args[len(args)-1]))
		x.say(checking, at, path, message)
		return
	}
	if x.covered(path) {
		return
	}
	switch {
	case format == "field is required but not present":
		// The reader says so, at the author's line.
	case x.form == "" && len(path) > 1 && path[0] == "addresses" && !x.conflicting(path):
		x.addresses(path[:2])
	case format == "field not allowed":
		x.notAllowed(path, at)
	case strings.HasPrefix(format, "conflicting values"), strings.HasPrefix(format, "incompatible list lengths"):
		if x.conflicting(path) {
			x.conflict(path, e)
			return
		}
		x.say(checking, at, path, x.wrongType(path))
	case strings.Contains(e.Error(), "of lists is superseded"), isSigned(e, "list"):
		x.say(checking, at, path, `lists take neither + nor *: write one list, or import "list" and say list.Concat([a, b])`)
	case isSigned(e, ""):
		x.say(checking, at, path, "a number belongs here: nothing else is multiplied")
	case strings.HasPrefix(format, "incomplete value"), strings.Contains(e.Error(), "non-concrete"), strings.Contains(e.Error(), "unresolved disjunction"), strings.HasPrefix(format, "invalid interpolation") && !strings.Contains(e.Error(), ": "):
		x.say(checking, at, path, x.open(path, e))
	case strings.Contains(format, "structural cycle"):
		x.say(checking, at, path, "refers to itself without end")
	case strings.Contains(e.Error(), "import failed"), strings.HasPrefix(format, "builtin package"):
		x.say(resolving, at, nil, importFault(e))
	case strings.HasPrefix(e.Error(), "cannot embed files"):
		x.say(resolving, at, nil, "@embed works in folders alone: name the policy's folder instead of its file")
	case strings.HasPrefix(e.Error(), "@embed"):
		x.say(resolving, at, nil, x.embedFault(e))
	case strings.HasPrefix(format, "cannot use %s"), strings.HasPrefix(format, "invalid operand"):
		if d, ok := x.dashedAt(at); ok {
			x.say(checking, d.at, path, d.message())
			return
		}
		x.say(x.rest, at, path, x.instead(path, at, plain(e)))
	default:
		x.say(x.rest, at, path, x.instead(path, at, plain(e)))
	}
}

// isSigned says whether an error is about a value of a kind, "" for any, that has
// a + before it as all that is multiplied has, and is no number.
func isSigned(e errors.Error, kind string) bool {
	for err := error(e); err != nil; err = errors.Unwrap(err) {
		inner, ok := err.(errors.Error)
		if !ok {
			return false
		}
		format, args := inner.Msg()
		if strings.HasPrefix(format, "invalid operation %v (%s") && len(args) == 3 && fmt.Sprint(args[1]) == "+" {
			return kind == "" || fmt.Sprint(args[2]) == kind
		}
	}
	return false
}

// plain is CUE's own message, without the path that it may begin with.
func plain(e errors.Error) string {
	return strings.TrimSuffix(strings.TrimPrefix(e.Error(), strings.Join(e.Path(), ".")+": "), ":")
}

// position is the author's place of an error: the first that CUE names outside
// of the definitions, else the nearest field that the author wrote.
func (x *explainer) position(e errors.Error) rule.Pos {
	for _, p := range errors.Positions(e) {
		if p.IsValid() && !ofSchema(p) {
			return position(p)
		}
	}
	return x.nearest(e.Path())
}

// nearest is where the author wrote the field of a path, or the innermost one
// around it.
func (x *explainer) nearest(path []string) rule.Pos {
	best := x.start()
	p := x.written
	for _, name := range path {
		inner, at := p.field(unquoted(name))
		if !at.IsValid() {
			break
		}
		best, p = position(at), inner
	}
	return best
}

// start is the beginning of the package: of the first file that has a name.
func (x *explainer) start() rule.Pos { return startOf(x.files) }

func startOf(files []*ast.File) rule.Pos {
	var first rule.Pos
	for _, f := range files {
		pos := rule.Pos{File: f.Filename, Line: 1, Column: 1}
		for _, d := range f.Decls {
			if d.Pos().IsValid() {
				pos = position(d.Pos())
				break
			}
		}
		if first.File == "" || rule.ComparePos(pos, first) < 0 {
			first = pos
		}
	}
	return first
}

// covered says whether a path or what is around it has been explained.
func (x *explainer) covered(path []string) bool {
	for i := range path {
		if x.done[strings.Join(path[:i+1], "\x00")] {
			return true
		}
	}
	return false
}

func (x *explainer) cover(path []string) { x.done[strings.Join(path, "\x00")] = true }

// pathOf is a path of CUE's as messages write it.
func pathOf(path []string) string {
	s := ""
	for _, name := range path {
		s = extend(s, unquoted(name))
	}
	return s
}

// unquoted is the name of a path's element, which CUE quotes where it is no
// identifier.
func unquoted(name string) string {
	if isIndex(name) || ast.IsValidIdent(name) && name[0] != '_' && name[0] != '#' {
		return name
	}
	sels := cue.ParsePath(name).Selectors()
	if len(sels) == 1 && sels[0].LabelType() == cue.StringLabel && sels[0].ConstraintType() == 0 {
		return sels[0].Unquoted()
	}
	return name
}

// unresolved explains references that lead nowhere.
func unresolved(format string, args []any) (string, bool) {
	name := ""
	if len(args) > 0 {
		name = fmt.Sprint(args[0])
	}
	switch {
	case strings.HasPrefix(format, "reference %q not found"):
		if slices.Contains([]string{"from", "to", "service", "families", "ingress", "egress", "tcp", "udp", "sctp", "icmp4", "icmp6", "protocols"}, name) {
			return fmt.Sprintf("nothing is called %s: if it is the field, a colon is missing after it", name), true
		}
		return fmt.Sprintf("nothing is called %s: if it is a name or a text, put it in quotes: %q", name, name), true
	case strings.HasPrefix(format, "unreferenced alias or let clause"):
		return fmt.Sprintf("%s is never used: remove it, or, if it is a field, write a colon for the \"=\"", name), true
	case strings.HasPrefix(format, "imported and not used"):
		return fmt.Sprintf("the import %s is never used: remove it", name), true
	case strings.HasPrefix(format, "undefined field"), strings.HasPrefix(format, "cannot reference optional field"):
		return fmt.Sprintf("there is no field %s", name), true
	}
	return "", false
}
