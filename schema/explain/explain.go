// Package explain puts what CUE says of a policy into the policy's own words, at the
// author's line: what a file or a package is that cannot be read, and why a value is not
// what the definitions demand.
package explain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/source"
	"sgc.dev/sgc/schema/value"
	"sgc.dev/sgc/schema/written"
)

// Unreadable is what is wrong with the files of a package, and with what they are together:
// nothing where it can be evaluated.
func Unreadable(p *source.Package) fault.Faults {
	if p.Err == nil {
		return notFields(p.Files)
	}
	x := newExplainer(p, &value.Value{})
	x.rest = fault.Parsing
	x.explain(p.Err)
	return x.faults()
}

// Invalid is what CUE says of a package that is no policy, and what is wrong with the
// rest, which the definitions take: read is what a reader says of that. It is nothing
// where a pattern has found a package that is there for others to import.
func Invalid(p *source.Package, v *value.Value, read fault.Errors) fault.Faults {
	if f := notStruct(p, v.Own); f.List != nil {
		return f
	}
	alone := newExplainer(p, v)
	if alone.explain(v.Own.Validate()); alone.faults().Stage < fault.Checking {
		return alone.faults()
	}
	if p.Input.Pattern && isLibrary(v.Own) {
		return fault.Faults{}
	}
	if f := alone.tagFaults(); f.List != nil {
		return f
	}
	x := newExplainer(p, v)
	x.refused(v.Refused)
	x.explain(v.Invalid)
	if v.Root.Kind != cue.BottomKind || v.Root.Inner != nil { // else there was nothing to read
		x.addRead(read)
	}
	if f := x.faults(); f.List != nil {
		return f
	}
	return fault.Faults{Stage: fault.Checking, List: fault.Errors{{Pos: x.start(), Message: v.Invalid.Error()}}}
}

// An explainer collects what there is to say of one package.
type explainer struct {
	pkg     *source.Package
	written written.Place // of all files
	own     cue.Value     // the package without the definitions
	form    *value.Form   // what the definitions demand of it
	suggest *fault.Suggester
	rest    fault.Stage         // of faults that are of no known kind
	done    map[string]bool     // paths about which enough is said
	wrong   map[string]bool     // paths of the wrong type, as messages write them
	meant   map[string][]string // what unknown fields were meant to be, "" for what is not understood, by their struct's path
	terms   map[rule.Pos]term   // by where their parts stand
	found   map[fault.Stage]fault.Errors
}

func newExplainer(p *source.Package, v *value.Value) *explainer {
	return &explainer{
		pkg: p, written: written.PlaceOf(p.Files), own: v.Own, form: v.Form, suggest: fault.NewSuggester(), rest: fault.Checking,
		done: map[string]bool{}, wrong: map[string]bool{}, meant: map[string][]string{}, found: map[fault.Stage]fault.Errors{},
	}
}

// faults is what has been explained, of the first stage that has anything.
func (x *explainer) faults() fault.Faults {
	for _, s := range []fault.Stage{fault.Parsing, fault.Resolving} {
		if x.found[s] != nil {
			return fault.Faults{Stage: s, List: x.found[s]}
		}
	}
	return fault.Faults{Stage: fault.Checking, List: x.found[fault.Checking]}
}

// add says what is wrong at a path, and with that enough about it: one mistake, one error.
func (x *explainer) add(s fault.Stage, pos rule.Pos, path []string, message string) {
	if s == fault.Resolving && slices.ContainsFunc(x.found[s], func(e *fault.Error) bool { return e.Pos == pos }) {
		return
	}
	x.found[s] = append(x.found[s], &fault.Error{Pos: pos, Path: pathOf(path), Message: message})
	if s == fault.Checking {
		x.cover(path)
		x.wrong[pathOf(path)] = true
		if len(path) == 0 {
			x.wrong["name"] = true // whatever is wrong with the whole
		}
	}
}

// addRead adds what the reader found, but for what follows from faults that have
// been explained: a wrong type, or a field that goes by another name.
func (x *explainer) addRead(list fault.Errors) {
	for _, e := range list {
		if !x.wrong[e.Path] && !x.misspelt(e) && !(x.sectionWrong() && unknownName.MatchString(e.Message)) {
			x.found[fault.Checking] = append(x.found[fault.Checking], e)
		}
	}
}

// unknownName is how the reader speaks of a name that is in no section.
var unknownName = regexp.MustCompile(`^unknown (?:tier|address|service)`)

// sectionWrong says whether a section, or what may be one by another name, is not read: what
// is called by a name may be in it.
func (x *explainer) sectionWrong() bool {
	for path := range x.wrong {
		if path != "" && path != "name" && path != "description" && !strings.Contains(path, ".") {
			return true
		}
	}
	return false
}

// misspelt says whether what a struct lacks is there under an unknown name. One
// that is not understood counts too, but among the policy's own fields.
func (x *explainer) misspelt(e *fault.Error) bool {
	path := strings.TrimSuffix(e.Path, ".cidrs")
	if path == "name" {
		path = ""
	}
	return slices.ContainsFunc(x.meant[path], func(name string) bool {
		if name == "" {
			return e.Lacks != "" && path != ""
		}
		return slices.Contains(strings.Fields(e.Lacks), name)
	})
}

// explain takes all of CUE's errors.
func (x *explainer) explain(err error) {
	if err == nil {
		return
	}
	for _, e := range errors.Errors(err) {
		x.explainOne(e)
	}
}

// isIncomplete says whether an error is that a value, or what it is made of, is not known yet.
func isIncomplete(e errors.Error) bool {
	format, _ := e.Msg()
	message := e.Error()
	return strings.HasPrefix(format, "incomplete value") || strings.Contains(message, "non-concrete") || strings.Contains(message, "unresolved disjunction") ||
		strings.HasPrefix(format, "invalid interpolation") && !strings.Contains(message, ": ")
}

func (x *explainer) explainOne(e errors.Error) {
	path := e.Path()
	format, args := e.Msg()
	at := x.position(e)
	if told := x.unreadable(e); told != nil {
		x.found[fault.Parsing] = append(x.found[fault.Parsing], told)
		return
	}
	if at, message := x.unresolved(at, path, format, args); message != "" {
		stage := fault.Resolving
		if strings.HasPrefix(format, unusedImport) { // it may be what does not resolve that was to use it
			stage = fault.Checking
		}
		x.add(stage, at, path, message)
		return
	}
	if strings.HasPrefix(format, "invalid ") && strings.HasSuffix(format, " for injection tag %q") {
		at, path, message := x.wrongTagOf(fmt.Sprint(args[len(args)-1]))
		x.add(fault.Checking, at, path, message)
		return
	}
	own := x.at(path)
	taken := own.Exists() && own.Err() == nil // whatever the definitions do
	switch {
	case x.covered(path):
	case format == "field is required but not present":
		for _, f := range x.fieldsAt(path) { // else the reader says so, at the author's line
			if f.Constraint == token.NOT && !x.covered(path) {
				x.add(fault.Checking, written.Position(f.Label.Pos()), path, `"!" demands a value from elsewhere, and there is none: write the field without it`)
			}
		}
	case x.meetsItself(path):
	case isIncomplete(e):
		x.add(fault.Checking, at, path, x.withoutValue(path, format))
	case taken && len(path) > 0:
	case format == "field not allowed":
		x.notAllowed(path, at)
	case strings.HasPrefix(format, "conflicting values"), strings.HasPrefix(format, "incompatible list lengths"):
		x.conflict(path, e)
	case strings.Contains(e.Error(), "import failed"), strings.HasPrefix(format, "builtin package"):
		x.add(fault.Resolving, at, nil, importFault(e))
	case strings.HasPrefix(e.Error(), "cannot embed files"):
		x.add(fault.Resolving, at, nil, "@embed works in folders alone: name the policy's folder instead of its file")
	case strings.HasPrefix(e.Error(), "@embed"):
		x.add(fault.Resolving, at, nil, x.embedFault(e))
	default:
		if t, ok := x.termAt(at); ok && t.difference && (strings.HasPrefix(format, "cannot use %s") || strings.HasPrefix(format, "invalid operand")) {
			x.add(fault.Checking, t.at, path, asOneName(t))
			return
		}
		x.add(x.rest, at, path, said(e))
	}
}

// position is the author's place of an error: the first that CUE names outside
// of the definitions, else the nearest field that the author wrote.
func (x *explainer) position(e errors.Error) rule.Pos {
	for _, p := range errors.Positions(e) {
		if p.IsValid() && !value.OfSchema(p) {
			return written.Position(x.pkg.Name(p))
		}
	}
	return x.nearest(e.Path())
}
