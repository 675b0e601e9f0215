package schema

import (
	"strconv"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/rule"
)

// A node is a value of the policy as CUE has made it, and where it stands: a text,
// a whole number, true or false, a list or a struct.
type node struct {
	up   string // the path of the struct or list that it is in
	name string // of the field, or the number of the list item
	at   token.Pos

	kind   cue.Kind // cue.BottomKind where it is none of these, or has faults of its own
	text   string
	number int64
	truth  bool
	inner  []node // the fields or items
}

// A maker makes nodes of values, as deep as they can have a form.
type maker struct {
	limit int
	count int
}

// node completes a node with its value. What is in a value that is to have none
// in it is there, and not looked at.
func (m *maker) node(v cue.Value, n node, want form, written place) node {
	if want == nil {
		return n
	}
	v = settled(v)
	switch v.IncompleteKind() {
	case cue.StringKind:
		if s, err := v.String(); err == nil {
			n.kind, n.text = cue.StringKind, s
		}
	case cue.IntKind:
		if i, err := v.Int64(); err == nil {
			n.kind, n.number = cue.IntKind, i
		}
	case cue.BoolKind:
		if b, err := v.Bool(); err == nil {
			n.kind, n.truth = cue.BoolKind, b
		}
	case cue.ListKind:
		m.items(v, &n, want)
	case cue.StructKind:
		m.fields(v, &n, want, written)
	case cue.BottomKind:
		if m.items(v, &n, want); n.inner == nil {
			m.fields(v, &n, want, written)
		}
	}
	return n
}

// add puts a node into one. CUE shares what is written once and used often; here
// it is copied, so that there may be more than can be.
func (m *maker) add(n *node, v cue.Value, inner node, want form, written place) bool {
	if m.count++; m.count > m.limit {
		return false
	}
	n.inner = append(n.inner, m.node(v, inner, want, written))
	return true
}

// fields adds the regular fields of a struct. It asks for optional ones too, and
// passes over them: otherwise a required one that is missing would be there.
func (m *maker) fields(v cue.Value, n *node, want form, written place) {
	path := n.path()
	add := func(name string, v cue.Value) bool {
		inner, at := written.field(name)
		if !at.IsValid() {
			at = madeAt(settled(v))
		}
		return m.add(n, v, node{up: path, name: name, at: at}, formAt(want, cue.StructKind, name), inner)
	}
	fields, err := v.Fields(cue.Optional(true))
	if err != nil {
		// Some are at fault: those that are written are there all the same.
		seen := map[string]bool{}
		for _, name := range written.fields {
			if f := v.LookupPath(cue.MakePath(cue.Str(name))); f.Exists() && !seen[name] {
				add(name, f)
			}
			seen[name] = true
		}
		return
	}
	n.kind = cue.StructKind
	for fields.Next() {
		if fields.FieldType() == cue.StringLabel && !add(fields.Selector().Unquoted(), fields.Value()) {
			return
		}
	}
}

// items adds the items of a list. Where one of them is at fault the others are
// there all the same.
func (m *maker) items(v cue.Value, n *node, want form) {
	list, err := v.List()
	if err == nil {
		n.kind = cue.ListKind
	}
	path := n.path()
	for i := 0; ; i++ {
		var item cue.Value
		if err != nil {
			item = v.LookupPath(cue.MakePath(cue.Index(i)))
		} else if list.Next() {
			item = list.Value()
		}
		if !item.Exists() {
			return // the end
		}
		f := node{up: path, name: strconv.Itoa(i), at: madeAt(settled(item))}
		if !f.at.IsValid() {
			f.at = n.at
		}
		if !m.add(n, item, f, formAt(want, cue.ListKind, f.name), place{}) {
			return
		}
	}
}

// settled is the default of a disjunction that has one, and any other value as it
// is. CUE's LookupPath knows of no field in a disjunction, whatever its default.
func settled(v cue.Value) cue.Value {
	if d, ok := v.Default(); ok {
		return d
	}
	return v
}

// within looks up a path, through the defaults on its way.
func within(v cue.Value, path cue.Path) cue.Value {
	for _, s := range path.Selectors() {
		v = settled(v).LookupPath(cue.MakePath(s))
	}
	return v
}

// path is the node's place in the policy, "tiers.app.ingress.http".
func (n node) path() string {
	if n.up == "" && n.name == "" {
		return ""
	}
	return extend(n.up, n.name)
}

func extend(up, name string) string {
	if strings.ContainsFunc(name, func(r rune) bool {
		return r != '-' && r != '_' && r != '#' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) || name == "" {
		name = strconv.Quote(name)
	}
	if up == "" {
		return name
	}
	return up + "." + name
}

// pos is where the author wrote the node.
func (n node) pos() rule.Pos { return position(n.at) }

// position is a place in a file as messages name it.
func position(p token.Pos) rule.Pos {
	if !p.IsValid() {
		return rule.Pos{}
	}
	q := p.Position()
	return rule.Pos{File: q.Filename, Line: q.Line, Column: q.Column}
}

// madeAt is the position of a value that stands in no field of the author's: of
// the text or number itself, wherever that is referred to, else of the first of
// what it was made of that is not a definition's.
func madeAt(v cue.Value) token.Pos {
	made := []cue.Value{v}
	switch v.Source().(type) {
	case *ast.BasicLit:
	case nil:
		_, made = v.Expr()
	default:
		switch v.IncompleteKind() {
		case cue.StructKind, cue.ListKind, cue.BottomKind:
		default:
			made = []cue.Value{v.Unify(v.Eval()), v} // what is made of two has its value's position
		}
	}
	for _, m := range made {
		if p := m.Pos(); p.IsValid() && !ofSchema(p) {
			return p
		}
	}
	return token.NoPos
}

// definitionsPrefix is the start of the file names of the definitions in
// positions.
const definitionsPrefix = ImportPath + "/"

func ofSchema(p token.Pos) bool { return strings.HasPrefix(p.Filename(), definitionsPrefix) }
