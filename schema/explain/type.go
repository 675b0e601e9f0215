package explain

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/fault"
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

// demandAt is what the definitions say of a path; ok is false where they have
// nothing there.
func (x *explainer) demandAt(path []string) (cue.Value, bool) {
	at := demand{value: x.schema.LookupPath(cue.MakePath(cue.Def("Policy"))), key: "#Policy"}
	for i, name := range path {
		if at = x.demandBelow(at, name); !at.value.Exists() {
			return cue.Value{}, false
		}
		if i == 1 && path[0] == "addresses" && x.form != "" {
			at = demand{value: x.schema.LookupPath(cue.ParsePath(x.form)), key: x.form}
		}
	}
	return at.value, true
}

// A demand is a part of the definitions. All that a pattern stands for has one key,
// so that what they say of one tier is looked up once for all.
type demand struct {
	value cue.Value
	key   string
}

// demandBelow is what the definitions say of a field or an item.
func (x *explainer) demandBelow(at demand, name string) demand {
	key := at.key + "." + name
	if known, ok := x.known[key]; ok {
		return known
	}
	next := demand{key: key}
	if _, err := strconv.Atoi(name); err == nil && at.value.IncompleteKind() == cue.ListKind {
		next = demand{at.value.LookupPath(cue.MakePath(cue.AnyIndex)), at.key + ".[]"}
	} else if next.value = field(at.value, unquoted(name)); !next.value.Exists() {
		next = demand{at.value.LookupPath(cue.MakePath(cue.AnyString)), at.key + ".[]"}
	}
	x.known[key] = next
	return next
}

// field is a field of a definition, which may be optional or required.
func field(v cue.Value, name string) cue.Value {
	iter, err := v.Fields(cue.Optional(true))
	if err != nil {
		return cue.Value{}
	}
	for iter.Next() {
		if iter.Selector().Unquoted() == name {
			return iter.Value()
		}
	}
	return cue.Value{}
}

// addresses explains an address set, which is a list or a struct: CUE would
// explain at length why it is neither.
func (x *explainer) addresses(path []string) {
	x.cover(path)
	own := value.Settled(value.Within(x.own, cuePath(path)))
	if isChoice(own) {
		x.add(fault.Checking, x.nearest(path), path, undecided)
		return
	}
	definition := "#AddressSet"
	switch own.IncompleteKind() {
	case cue.ListKind:
		definition = "#Networks"
	case cue.StructKind:
	default:
		example := "192.0.2.0/24"
		if s, err := own.String(); err == nil {
			example = s
		}
		x.add(fault.Checking, x.nearest(path), path, fmt.Sprintf("an address set is a list, not %s: write [%q]", kindName(own), example))
		return
	}
	want := x.schema.LookupPath(cue.ParsePath(definition))
	inner := newExplainer(x.pkg, &value.Value{Own: x.own, Definitions: x.schema}, x.suggest)
	inner.form = definition
	inner.explain(own.Unify(want).Validate(cue.Concrete(true)))
	for s, list := range inner.found {
		x.found[s] = append(x.found[s], list...)
	}
	maps.Copy(x.wrong, inner.wrong)
	maps.Copy(x.meant, inner.meant)
}
