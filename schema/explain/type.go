package explain

import (
	"fmt"
	"slices"
	"strings"

	"cuelang.org/go/cue"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/value"
)

// wrongType says what belongs at a path, and where what stands there was written.
func (x *explainer) wrongType(path []string, at rule.Pos) (rule.Pos, string) {
	own := value.Within(x.own, cuePath(path))
	got := kindName(own)
	want, ok := x.demandAt(path)
	if !ok {
		return at, got + " does not belong here"
	}
	list := want.IncompleteKind() == cue.ListKind
	if q, ok := quotelessOf(own); ok && (list || want.IncompleteKind() == cue.StringKind) {
		return q.at, q.message(list)
	}
	text, err := own.String()
	if list && isPorts(path[len(path)-1]) {
		if meant := portsMeant(text, true); err == nil && meant != "" {
			return at, meant
		}
		if t, meant := x.rangeAt(at); meant != "" {
			return at, fmt.Sprintf("CUE reads %s as a difference: write [%q]", t.text, meant)
		}
	}
	if b, err := own.Bytes(); err == nil && own.Kind() == cue.BytesKind && want.IncompleteKind() == cue.StringKind {
		return at, fmt.Sprintf("a text has double quotation marks: write %q", b)
	}
	if say := formAt(path, own); say != "" {
		return at, say
	}
	switch want.IncompleteKind() {
	case cue.ListKind:
		return at, fmt.Sprintf("a list belongs here, not %s", got)
	case cue.StructKind:
		return at, fmt.Sprintf("fields belong here, not %s", got)
	case cue.StringKind:
		if n, err := own.Int64(); err == nil {
			return at, fmt.Sprintf("a text belongs here: write \"%d\"", n)
		}
		return at, fmt.Sprintf("a text belongs here, not %s", got)
	case cue.BoolKind:
		return at, fmt.Sprintf("true or false belongs here, not %s", got)
	}
	return at, got + " does not belong here"
}

// isPorts says whether a field is a list of ports.
func isPorts(field string) bool { return slices.Contains([]string{"tcp", "udp", "sctp"}, field) }

// rangeAt is the range of ports that lacks its quotes at a position, its lower end first,
// "" for none, and what is written in its place.
func (x *explainer) rangeAt(at rule.Pos) (term, string) {
	t, _ := x.termAt(at)
	first, last, _ := strings.Cut(t.text, "-")
	if !t.difference || !isIndex(first) || !isIndex(last) {
		return t, ""
	}
	if a, b := len(first), len(last); a > b || a == b && first > last {
		first, last = last, first
	}
	return t, first + "-" + last
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
