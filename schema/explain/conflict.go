package explain

import (
	"fmt"
	"slices"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/errors"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/value"
	"sgc.dev/sgc/schema/written"
)

// conflict explains two values for one field. Two lists are the usual case:
// they do not merge.
func (x *explainer) conflict(path []string, e errors.Error) {
	if n := len(path); n > 1 && isIndex(path[n-1]) {
		path = path[:n-1]
	}
	if len(path) == 0 {
		x.add(fault.Parsing, x.position(e), nil, notAPolicy("no struct"))
		return
	}
	if x.covered(path) {
		return
	}
	var lines []rule.Pos
	fields := x.fieldsAt(path)
	lists := len(fields) > 0
	for _, f := range fields {
		if body, ok := f.Value.(*ast.StructLit); ok {
			if loose := looseItem(body.Elts); loose != nil {
				x.add(fault.Checking, loose.Pos, path, loose.Message)
				return
			}
		}
		lines = append(lines, written.Position(f.Label.Pos()))
		_, isList := f.Value.(*ast.ListLit)
		lists = lists && isList
	}
	if len(lines) < 2 {
		lines = nil
		for _, p := range errors.Positions(e) {
			if p.IsValid() && !value.OfSchema(p) {
				lines = append(lines, written.Position(p))
			}
		}
	}
	slices.SortFunc(lines, rule.ComparePos)
	lines = slices.Compact(lines)
	if len(lines) < 2 {
		x.add(fault.Checking, x.position(e), path, "two values for one field: keep one")
		return
	}
	first, last := lines[0], lines[len(lines)-1]
	message := fmt.Sprintf("two values for one field, the other at %s: keep one", first)
	switch {
	case lists && isAt(path[:len(path)-1], inRules):
		key := unquoted(path[len(path)-2])
		message = fmt.Sprintf("two lists for one rule, the other at %s: lists do not merge, so write one list, or give the second rule a key of its own and service: %q", first, key)
	case lists:
		message = fmt.Sprintf("two lists for one field, the other at %s: lists do not merge, so write one list", first)
	}
	x.add(fault.Checking, last, path, message)
}
