package schema

import (
	"iter"
	"strconv"

	"cuelang.org/go/cue"

	"sgc.dev/sgc/rule"
)

// A reader turns the value of a package into a Policy. It reports what the
// definitions do not say, and passes over what they have refused.
type reader struct {
	own     cue.Value // the package without the definitions
	schema  cue.Value // the definitions' package
	records map[string][]string
	names   names
	catalog *catalog
	paths   map[string]cue.Path
	suggest *suggester
	faults  Errors
	limit   int // of values
	values  int
	skipped int // values of a wrong type, which the definitions have refused
}

func newReader(own, schema cue.Value, c *catalog, s *suggester, limit int) *reader {
	return &reader{
		own: own, schema: schema, records: map[string][]string{},
		catalog: c, paths: map[string]cue.Path{}, suggest: s, limit: limit,
	}
}

func (r *reader) fault(n node, message string) { r.faultAt(n.pos(), n.path(), message) }

// lack is the fault of a struct that has none of some fields.
func (r *reader) lack(n node, fields, message string) {
	r.faults = append(r.faults, &Error{Pos: n.pos(), Path: n.path(), Message: message, lacks: fields})
}

func (r *reader) faultAt(pos rule.Pos, path, message string) {
	r.faults = append(r.faults, &Error{Pos: pos, Path: path, Message: message})
}

// fields lists the regular fields of a struct that may have any.
func (r *reader) fields(n node) []node {
	if names, ok := n.place.names(); ok {
		return r.picked(n, names)
	}
	return r.listed(n)
}

// record lists the fields of a struct that a definition has: of all that it may
// have those that are there. Looking them up one by one costs a tenth of what
// CUE's own listing does, which sorts fields by where they were written.
func (r *reader) record(n node, definition string) []node {
	names, ok := n.place.names()
	if !ok {
		names = r.known(definition)
	}
	return r.picked(n, names)
}

// picked looks up the fields of some names, which may not all be there.
func (r *reader) picked(n node, names []string) []node {
	up := n.path()
	found := make([]node, 0, min(len(names), fewFields))
	for _, name := range names {
		v := n.value.LookupPath(r.lookup(name))
		if !v.Exists() {
			if n.place.exact {
				r.skipped++
			}
			continue
		}
		if !r.count(1) {
			return nil
		}
		found = append(found, r.child(n, up, name, v))
	}
	if !n.place.bounded || len(found) < len(names) {
		r.missed(n, len(found))
	}
	return found
}

// missed sees to it that no field of a struct is passed over because it is not
// among the names that were looked up, or is not found: CUE lists as many as were.
// Where the author wrote out all names and each is found, there can be no other.
func (r *reader) missed(n node, found int) {
	for range r.regular(n) {
		found--
	}
	if found != 0 {
		r.skipped++
	}
}

// child is a field of a struct, at the place where the author wrote it.
func (r *reader) child(n node, up, name string, v cue.Value) node {
	v = settled(v)
	c := node{value: v, up: up, name: name}
	if c.place, c.at = n.place.field(name); !c.at.IsValid() {
		c.at = madeAt(v)
	}
	return c
}

// known lists what a definition may have.
func (r *reader) known(definition string) []string {
	names, ok := r.records[definition]
	if ok {
		return names
	}
	if fields, err := r.schema.LookupPath(cue.ParsePath(definition)).Fields(cue.Optional(true)); err == nil {
		for fields.Next() {
			names = append(names, fields.Selector().Unquoted())
		}
	}
	r.records[definition] = names
	return names
}

// listed is fields as CUE lists them.
func (r *reader) listed(n node) []node {
	up := n.path()
	var found []node
	for name, v := range r.regular(n) {
		if !r.count(1) {
			return nil
		}
		found = append(found, r.child(n, up, name, v))
	}
	return found
}

// regular yields the fields of a struct as CUE lists them. It asks for optional
// fields too, and passes over them: otherwise a required one that is missing
// would be there.
func (r *reader) regular(n node) iter.Seq2[string, cue.Value] {
	return func(yield func(string, cue.Value) bool) {
		fields, err := n.value.Fields(cue.Optional(true))
		if err != nil {
			r.skipped++
			return
		}
		for fields.Next() {
			if fields.FieldType()&(cue.OptionalConstraint|cue.RequiredConstraint) != 0 || fields.Selector().LabelType() != cue.StringLabel {
				continue
			}
			if !yield(fields.Selector().Unquoted(), fields.Value()) {
				return
			}
		}
	}
}

// count adds to the values that have been read, and says whether there may be
// so many. CUE shares what is written once and used often; here it is copied.
func (r *reader) count(n int) bool {
	r.values += n
	return r.values <= r.limit
}

// lookup is the path of a field, made once for each name.
func (r *reader) lookup(name string) cue.Path {
	p, ok := r.paths[name]
	if !ok {
		p = cue.MakePath(cue.Str(name))
		r.paths[name] = p
	}
	return p
}

// items lists the elements of a list. An empty list is a fault: what it is part
// of would mean nothing.
func (r *reader) items(n node) []node {
	list, err := n.value.List()
	if err != nil {
		r.skipped++
	}
	next := func(i int) (cue.Value, bool) {
		if err == nil {
			ok := list.Next()
			return list.Value(), ok
		}
		// The definitions have refused an item: the others are read all the same.
		v := n.value.LookupPath(cue.MakePath(cue.Index(i)))
		return v, v.Exists()
	}
	up := n.path()
	var found []node
	for i := 0; ; i++ {
		v, ok := next(i)
		if !ok {
			break
		}
		if !r.count(1) {
			return nil
		}
		v = settled(v)
		at := v.Pos()
		if !at.IsValid() || ofSchema(at) {
			at = madeAt(v)
		}
		if !at.IsValid() {
			at = n.at
		}
		found = append(found, node{value: v, up: up, name: strconv.Itoa(i), at: at})
	}
	if found == nil && err == nil {
		r.fault(n, emptyList(n))
	}
	return found
}

// emptyList says what to do about a list that is empty.
func emptyList(n node) string {
	meaning := map[string]string{
		"from": "say who may send", "to": "say who may be reached", "cidrs": "say which networks",
		"tiers": "say which tiers the server carries",
	}[n.name]
	if meaning == "" || n.up == "addresses" {
		meaning = "leave the field out, or say what it means"
	}
	return "the list is empty: " + meaning
}

// str is a text.
func (r *reader) str(n node) (string, bool) {
	s, ok := n.str()
	if !ok {
		r.skipped++
	}
	return s, ok
}
