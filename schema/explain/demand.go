package explain

import (
	"strconv"

	"cuelang.org/go/cue"
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
