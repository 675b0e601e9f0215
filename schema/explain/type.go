package explain

import (
	"fmt"

	"cuelang.org/go/cue"

	"sgc.dev/sgc/schema/value"
)

// wrongType says what belongs at a path.
func (x *explainer) wrongType(path []string) string {
	own := value.Within(x.own, cuePath(path))
	got := kindName(own)
	want, ok := x.demandAt(path)
	if !ok {
		return got + " does not belong here"
	}
	x.cover(path)
	x.wrong[pathOf(path)] = true
	switch want.IncompleteKind() {
	case cue.ListKind:
		if family := familyOf(own); family != "" && path[len(path)-1] == "families" {
			return fmt.Sprintf("a list belongs here: write [%q]", family)
		}
		if s, err := own.String(); err == nil {
			return fmt.Sprintf("a list belongs here: write [%q]", s)
		}
		if n, err := own.Int64(); err == nil {
			return fmt.Sprintf("a list belongs here: write [%d]", n)
		}
		return fmt.Sprintf("a list belongs here, not %s", got)
	case cue.StructKind:
		if len(path) == 1 && path[0] == "assert" && own.IncompleteKind() == cue.ListKind {
			return "assertions are fields, not a list: " + nameless
		}
		if written := x.shorthand(path, own); written != "" {
			return fmt.Sprintf("fields belong here, not %s: write %s", got, written)
		}
		return fmt.Sprintf("fields belong here, not %s: write {…}", got)
	case cue.StringKind:
		if path[len(path)-1] == "expires" && own.IncompleteKind() == cue.IntKind {
			return "a day is a text: put it in quotes, as in \"2027-01-31\""
		}
		if n, err := own.Int64(); err == nil {
			return fmt.Sprintf("a text belongs here: write \"%d\"", n)
		}
		if b, err := own.Bytes(); err == nil && own.Kind() == cue.BytesKind {
			return fmt.Sprintf("a text has double quotation marks: write %q", b)
		}
		return fmt.Sprintf("a text belongs here, not %s", got)
	case cue.BoolKind:
		return fmt.Sprintf("true or false belongs here, not %s", got)
	}
	return got + " does not belong here"
}

// kindName is how messages speak of a value.
func kindName(v cue.Value) string {
	switch v.IncompleteKind() {
	case cue.NullKind:
		return "null"
	case cue.BoolKind:
		return "true or false"
	case cue.IntKind, cue.FloatKind, cue.NumberKind:
		return "a number"
	case cue.StringKind:
		return "a text"
	case cue.BytesKind:
		return "bytes"
	case cue.ListKind:
		return "a list"
	case cue.StructKind:
		return "fields"
	}
	return "this"
}
