package explain

import (
	"strconv"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/written"
)

// nearest is where the author wrote the field of a path, or the innermost one
// around it.
func (x *explainer) nearest(path []string) rule.Pos {
	best := x.start()
	p := x.written
	for _, name := range path {
		inner, at := p.Field(unquoted(name))
		if !at.IsValid() {
			break
		}
		best, p = written.Position(at), inner
	}
	return best
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
