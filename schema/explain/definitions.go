package explain

import (
	"fmt"
	"maps"
	"strconv"
	"strings"

	"cuelang.org/go/cue"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/value"
	"sgc.dev/sgc/schema/written"
)

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

// notAllowed explains a field that the definitions refuse, or a definition of
// the author's own. Of unknown fields inside each other the outermost counts.
func (x *explainer) notAllowed(path []string, at rule.Pos) {
	for i := range path {
		if i > 0 && path[0] == "addresses" && x.form == "" {
			break
		}
		if _, ok := x.demandAt(path[:i+1]); ok {
			continue
		}
		if outer := path[:i+1]; len(outer) < len(path) {
			if path, at = outer, x.nearest(outer); x.covered(path) {
				return
			}
		}
		x.add(fault.Checking, at, path, x.unknownField(path))
		return
	}
	x.cover(path)
	x.add(fault.Checking, at, path, x.closedBy(path))
}

// closedBy explains a field that the definitions have, and that a definition of
// the author's own forbids.
func (x *explainer) closedBy(path []string) string {
	if len(path) == 0 {
		return "a definition forbids this"
	}
	name := unquoted(path[len(path)-1])
	for i := len(path) - 1; i > 0; i-- {
		for _, used := range x.identifiers(path[:i]) {
			if !strings.HasPrefix(used, "#") {
				continue
			}
			where := used
			if _, at := x.written.Field(used); at.IsValid() {
				where += fmt.Sprintf(" (%s)", written.Position(at))
			}
			inner := ""
			if rest := path[i : len(path)-1]; len(rest) > 0 {
				inner = "'s " + pathOf(rest)
			}
			return fmt.Sprintf("%s is closed and has no field %q: add it there, or \"...\" to the fields of %s%s", where, name, used, inner)
		}
	}
	return fmt.Sprintf("a definition of the policy's own is closed and has no field %q: add it there, or \"...\"", name)
}

// noteMeant notes what an unknown field of a struct was meant to be.
func (x *explainer) noteMeant(parent []string, name string) {
	path := pathOf(parent)
	x.meant[path] = append(x.meant[path], name)
}

// unknownField says what is wrong with a field that the definitions lack.
func (x *explainer) unknownField(path []string) string {
	name := unquoted(path[len(path)-1])
	x.cover(path)
	parent := path[:len(path)-1]
	if len(parent) == 0 {
		for _, f := range x.pkg.Indented {
			if f.Name == name {
				return fmt.Sprintf("unknown field %q: it stands at the top of the policy, although it is indented below %q: put it in braces with what it belongs to", name, f.Below)
			}
		}
	}
	if f, ok := elsewhere(parent, name); ok {
		if f.means != "" {
			x.noteMeant(parent, f.means)
		}
		return f.say
	}
	if say := misplaced(path, value.Within(x.own, cuePath(path))); say != "" {
		x.noteMeant(parent, "name")
		return say
	}
	var known []string
	if v, ok := x.demandAt(parent); ok {
		if iter, err := v.Fields(cue.Optional(true)); err == nil {
			for iter.Next() {
				known = append(known, iter.Selector().Unquoted())
			}
		}
	}
	x.noteMeant(parent, rule.Closest(name, known))
	meant := x.suggest.DidYouMean(name, known)
	if meant == "" && len(path) == 1 {
		meant = ": a value of your own begins with _"
	}
	return fmt.Sprintf("unknown field %q%s", name, meant)
}

// unknownFields explains every field that the definitions lack. CUE leaves those
// out that stand beside a struct with faults of its own.
func (x *explainer) unknownFields(v cue.Value, path []string) {
	if v.IncompleteKind() == cue.ListKind {
		iter, err := v.List()
		for i := 0; err == nil && iter.Next(); i++ {
			x.unknownFields(iter.Value(), append(path[:len(path):len(path)], strconv.Itoa(i)))
		}
		return
	}
	iter, err := v.Fields()
	if err != nil {
		return
	}
	for iter.Next() {
		if iter.Selector().LabelType() != cue.StringLabel {
			continue
		}
		inner := append(path[:len(path):len(path)], iter.Selector().String())
		if _, ok := x.demandAt(inner); ok || len(inner) > 2 && inner[0] == "addresses" {
			x.unknownFields(iter.Value(), inner)
			continue
		}
		if x.covered(inner) {
			continue
		}
		pos := x.nearest(inner)
		if at := value.MadeAt(iter.Value()); at.IsValid() && !x.wrote(inner) {
			pos = written.Position(at)
		}
		x.add(fault.Checking, pos, inner, x.unknownField(inner))
	}
}

// wrote says whether a path stands in the author's files as such.
func (x *explainer) wrote(path []string) bool {
	p, found := x.written, false
	for _, name := range path {
		inner, at := p.Field(unquoted(name))
		p, found = inner, at.IsValid()
		if !found {
			return false
		}
	}
	return found
}

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

// addresses explains an address set, which is a list or a struct: CUE would
// explain at length why it is neither.
func (x *explainer) addresses(path []string) {
	x.cover(path)
	own := value.Settled(value.Within(x.own, cuePath(path)))
	if isChoice(own) {
		x.wrong[pathOf(path)] = true
		x.add(fault.Checking, x.nearest(path), path, undecided)
		return
	}
	definition := "#AddressSet"
	switch own.IncompleteKind() {
	case cue.ListKind:
		definition = "#Networks"
	case cue.StructKind:
	default:
		x.wrong[pathOf(path)] = true
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
