package schema

import (
	"fmt"
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/rule"
)

// conflicting says whether the author's own lines contradict each other at a
// path, whatever the definitions say.
func (x *explainer) conflicting(path []string) bool {
	v := x.own.LookupPath(cuePath(path))
	return v.Exists() && v.Err() != nil || !v.Exists() && len(path) > 0 && isIndex(path[len(path)-1]) && x.conflicting(path[:len(path)-1])
}

func isIndex(name string) bool {
	return name != "" && strings.Trim(name, "0123456789") == ""
}

// conflict explains two values for one field. Two lists are the usual case:
// they do not merge.
func (x *explainer) conflict(path []string, e errors.Error) {
	if isIndex(path[len(path)-1]) {
		path = path[:len(path)-1]
	}
	if x.covered(path) {
		return
	}
	x.cover(path)
	lines, lists := x.lines(path)
	if len(lines) < 2 {
		lines = nil
		for _, p := range errors.Positions(e) {
			if p.IsValid() && !ofSchema(p) {
				lines = append(lines, position(p))
			}
		}
		slices.SortFunc(lines, rule.ComparePos)
		lines = slices.Compact(lines)
	}
	if len(lines) < 2 {
		x.say(checking, x.position(e), path, "two values for one field: keep one")
		return
	}
	first, last := lines[0], lines[len(lines)-1]
	message := fmt.Sprintf("two values for one field, the other at %s: keep one", first)
	switch {
	case lists && (inRule(path[:len(path)-1], "ingress") || inRule(path[:len(path)-1], "egress")) && len(path) == 5:
		key := unquoted(path[3])
		message = fmt.Sprintf("two lists for one rule, the other at %s: lists do not merge, so write one list, or give the second rule a key of its own and service: %q", first, key)
	case lists:
		message = fmt.Sprintf("two lists for one field, the other at %s: lists do not merge, so write one list", first)
	}
	x.say(checking, last, path, message)
}

// lines are the places where the author wrote values for a path, in order, and
// whether all of them are lists.
func (x *explainer) lines(path []string) (lines []rule.Pos, lists bool) {
	p := x.written
	for _, name := range path[:len(path)-1] {
		p, _ = p.field(unquoted(name))
	}
	lists = true
	for f, name := range p.fields {
		if name != unquoted(path[len(path)-1]) {
			continue
		}
		lines = append(lines, position(f.Label.Pos()))
		if _, ok := f.Value.(*ast.ListLit); !ok {
			lists = false
		}
	}
	slices.SortFunc(lines, rule.ComparePos)
	return slices.Compact(lines), lists && len(lines) > 0
}

// open explains a value that is not there yet: mostly one that a tag gives.
func (x *explainer) open(e errors.Error) string {
	for _, t := range tagsOf(x.files) {
		for _, p := range errors.Positions(e) {
			if t.contains(p) {
				return fmt.Sprintf("needs the tag %q: say -t %s=…", t.key, t.key)
			}
		}
	}
	format, args := e.Msg()
	if strings.HasPrefix(format, "incomplete value") {
		return fmt.Sprintf("has no value yet (%v): write one", args[0])
	}
	return "depends on something that has no value yet"
}

// A tag is a field that takes its value from the command line.
type tag struct {
	key      string
	from, to token.Pos
}

func (t tag) contains(p token.Pos) bool {
	return p.IsValid() && p.Filename() == t.from.Filename() && p.Offset() >= t.from.Offset() && p.Offset() <= t.to.Offset()
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
					found = append(found, tag{strings.TrimSpace(key), f.Pos(), f.End()})
				}
			}
			return true
		}, nil)
	}
	return found
}
