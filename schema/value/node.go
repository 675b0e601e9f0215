package value

import (
	"strconv"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/source"
	"sgc.dev/sgc/schema/written"
)

// A Node is a value of the policy as CUE has made it, and where it stands: a text,
// a whole number, true or false, a list or a struct.
type Node struct {
	Up   string // the path of the struct or list that it is in
	Name string // of the field, or the number of the list item
	At   token.Pos

	Kind   cue.Kind // cue.BottomKind where it is none of these, or has faults of its own
	Text   string
	Number int64
	Truth  bool
	Inner  []Node // the fields or items
}

// A maker makes nodes of values, as deep as they can have a form.
type maker struct {
	name  func(token.Pos) token.Pos // see [source.Package.Name]
	limit int
	count int
}

// node completes a node with its value. What is in a value that is to have none
// in it is there, and not looked at.
func (m *maker) node(v cue.Value, n Node, want *Form, author written.Place) Node {
	if want == nil {
		return n
	}
	v = Settled(v)
	switch v.IncompleteKind() {
	case cue.StringKind:
		if s, err := v.String(); err == nil {
			n.Kind, n.Text = cue.StringKind, s
		}
	case cue.IntKind:
		if i, err := v.Int64(); err == nil {
			n.Kind, n.Number = cue.IntKind, i
		}
	case cue.BoolKind:
		if b, err := v.Bool(); err == nil {
			n.Kind, n.Truth = cue.BoolKind, b
		}
	case cue.ListKind:
		m.items(v, &n, want)
	case cue.StructKind:
		m.fields(v, &n, want, author)
	case cue.BottomKind:
		if m.items(v, &n, want); n.Inner == nil {
			m.fields(v, &n, want, author)
		}
	}
	return n
}

// add puts a node into one. CUE shares what is written once and used often; here
// it is copied, so that there may be more than can be.
func (m *maker) add(n *Node, v cue.Value, inner Node, want *Form, author written.Place) bool {
	if m.count++; m.count > m.limit {
		return false
	}
	n.Inner = append(n.Inner, m.node(v, inner, want, author))
	return true
}

// fields adds the regular fields of a struct. It asks for optional ones too, and
// passes over them: otherwise a required one that is missing would be there.
func (m *maker) fields(v cue.Value, n *Node, want *Form, author written.Place) {
	path := n.Path()
	add := func(name string, v cue.Value) bool {
		inner, at := author.Field(name)
		if !at.IsValid() {
			at = m.name(MadeAt(Settled(v)))
		}
		return m.add(n, v, Node{Up: path, Name: name, At: at}, want.At(cue.StructKind, name), inner)
	}
	fields, err := v.Fields(cue.Optional(true))
	if err != nil {
		// Some are at fault: those that are written are there all the same.
		seen := map[string]bool{}
		for _, name := range author.Fields {
			if f := v.LookupPath(cue.MakePath(cue.Str(name))); f.Exists() && !seen[name] {
				add(name, f)
			}
			seen[name] = true
		}
		return
	}
	n.Kind = cue.StructKind
	for fields.Next() {
		if fields.FieldType() == cue.StringLabel && !add(fields.Selector().Unquoted(), fields.Value()) {
			return
		}
	}
}

// items adds the items of a list. Where one of them is at fault the others are
// there all the same.
func (m *maker) items(v cue.Value, n *Node, want *Form) {
	list, err := v.List()
	if err == nil {
		n.Kind = cue.ListKind
	}
	path := n.Path()
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
		f := Node{Up: path, Name: strconv.Itoa(i), At: m.name(MadeAt(Settled(item)))}
		if !f.At.IsValid() {
			f.At = n.At
		}
		if !m.add(n, item, f, want.At(cue.ListKind, f.Name), written.Place{}) {
			return
		}
	}
}

// Settled is the default of a disjunction that has one, and any other value as it
// is. CUE's LookupPath knows of no field in a disjunction, whatever its default.
func Settled(v cue.Value) cue.Value {
	if d, ok := v.Default(); ok {
		return d
	}
	return v
}

// Within looks up a path, through the defaults on its way.
func Within(v cue.Value, path cue.Path) cue.Value {
	for _, s := range path.Selectors() {
		v = Settled(v).LookupPath(cue.MakePath(s))
	}
	return v
}

// Field is the field of a struct that has a name, and where there is none a node that is
// not there.
func (n Node) Field(name string) Node {
	for _, f := range n.Inner {
		if f.Name == name && n.Kind == cue.StructKind {
			return f
		}
	}
	return Node{}
}

// There says whether a node that [Node.Field] has looked for is there.
func (n Node) There() bool { return n.Name != "" }

// Path is the node's place in the policy, "tiers.app.ingress.http".
func (n Node) Path() string {
	if n.Up == "" && n.Name == "" {
		return ""
	}
	return rule.Path(n.Up, n.Name)
}

// Pos is where the author wrote the node.
func (n Node) Pos() rule.Pos { return written.Position(n.At) }

// MadeAt is the position of a value that stands in no field of the author's: of
// the text or number itself, wherever that is referred to, else of the first of
// what it was made of that is not a definition's.
func MadeAt(v cue.Value) token.Pos {
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
		if p := m.Pos(); p.IsValid() && !OfSchema(p) {
			return p
		}
	}
	return token.NoPos
}

// OfSchema says whether a position is in the definitions.
func OfSchema(p token.Pos) bool { return strings.HasPrefix(p.Filename(), source.DefinitionsPrefix) }
