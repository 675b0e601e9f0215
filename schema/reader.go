package schema

import (
	"cuelang.org/go/cue"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/value"
	"sgc.dev/sgc/schema/written"
)

// A node is a value of the policy, and where it stands.
type node = value.Node

// A reader turns the value of a package into a Policy. It reports what the
// definitions do not say, and passes over what they have refused.
type reader struct {
	names   names
	sets    nest               // of address sets
	parts   nest               // of services
	refs    written.References // of the policy's own expressions
	catalog *catalog
	suggest *fault.Suggester
	faults  Errors
	skipped int // values of a wrong type, which the definitions have refused
}

func newReader(c *catalog, s *fault.Suggester) *reader {
	return &reader{catalog: c, suggest: s, sets: nest{}, parts: nest{}}
}

func (r *reader) fault(n node, message string) { r.faultAt(n.Pos(), n.Path(), message) }

// lack is the fault of a struct that has none of some fields. Of one that has
// faults of its own it is not known.
func (r *reader) lack(n node, fields, message string) {
	if n.Kind == cue.BottomKind {
		return
	}
	r.faults = append(r.faults, &Error{Pos: n.Pos(), Path: n.Path(), Message: message, Lacks: fields})
}

func (r *reader) faultAt(pos rule.Pos, path, message string) {
	r.faults = append(r.faults, &Error{Pos: pos, Path: path, Message: message})
}

// is says whether a node is of a kind. One of another is passed over, and counted.
func (r *reader) is(n node, kind cue.Kind) bool {
	if n.Kind != kind && n.There() {
		r.skipped++
	}
	return n.Kind == kind
}

// fields lists the fields of a struct, none of one that is not there.
func (r *reader) fields(n node) []node {
	if !r.is(n, cue.StructKind) {
		return nil
	}
	return n.Inner
}

// items lists the elements of a list, none of one that is not there. An empty list is a
// fault: what it is part of would mean nothing.
func (r *reader) items(n node) []node {
	switch {
	case !r.is(n, cue.ListKind) || len(n.Inner) > 0:
	case n.Name == "cidrs":
		r.lack(n, "mayBeEmpty", emptyList(n))
	default:
		r.fault(n, emptyList(n))
	}
	return n.Inner
}

// emptyList says what to do about a list that is empty.
func emptyList(n node) string {
	meaning := map[string]string{
		"from": "say who may send", "to": "say who may be reached",
		"tiers": "say which tiers the server carries",
	}[n.Name]
	switch {
	case n.Up == "addresses" || n.Name == "cidrs":
		meaning = permit
	case meaning == "":
		meaning = "leave the field out, or say what it means"
	}
	return "the list is empty: " + meaning
}

// str is a text.
func (r *reader) str(n node) (string, bool) {
	return n.Text, r.is(n, cue.StringKind)
}
