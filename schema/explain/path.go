package explain

import (
	"strconv"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/written"
)

// follow is the place that a path leads to, where the innermost of its fields that stands
// anywhere stands first, and how many do.
func (x *explainer) follow(path []string) (p written.Place, at token.Pos, depth int) {
	p = x.written
	for i, name := range path {
		inner, pos := p.Field(unquoted(name))
		if p = inner; pos.IsValid() && depth == i {
			at, depth = pos, i+1
		}
	}
	return p, at, depth
}

// nearest is where the author wrote the field of a path, or the innermost one
// around it.
func (x *explainer) nearest(path []string) rule.Pos {
	if _, at, _ := x.follow(path); at.IsValid() {
		return written.Position(at)
	}
	return x.start()
}

// fieldsAt lists what the author wrote for a path.
func (x *explainer) fieldsAt(path []string) (found []*ast.Field) {
	if len(path) == 0 {
		return nil
	}
	p, _, _ := x.follow(path[:len(path)-1])
	for f, name := range p.Fields {
		if name == unquoted(path[len(path)-1]) {
			found = append(found, f)
		}
	}
	return found
}

// start is the beginning of the package: of the first file that has a name.
func (x *explainer) start() rule.Pos { return written.Start(x.pkg.Files) }

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
	names := make([]string, len(path))
	for i, name := range path {
		names[i] = unquoted(name)
	}
	return rule.Path("", names...)
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

// cuePath is a path of CUE's errors, or of an author's field, as one to look up.
func (x *explainer) cuePath(path []string) cue.Path {
	var sels []cue.Selector
	for _, name := range path {
		switch {
		case isIndex(name):
			n, _ := strconv.Atoi(name)
			sels = append(sels, cue.Index(n))
		case strings.HasPrefix(name, "_") && ast.IsValidIdent(name):
			sels = append(sels, cue.Hid(name, x.pkg.ID()))
		case strings.HasPrefix(name, "#"):
			sels = append(sels, cue.Def(name))
		default:
			sels = append(sels, cue.Str(unquoted(name)))
		}
	}
	return cue.MakePath(sels...)
}

func isIndex(name string) bool {
	return name != "" && strings.Trim(name, "0123456789") == ""
}

// isOwn says whether a name is of a value of the author's own, which is no part of a policy.
func isOwn(name string) bool { return strings.HasPrefix(name, "_") || strings.HasPrefix(name, "#") }
