package schema

import (
	"strconv"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/rule"
)

// A node is a value of the policy: where it stands in it, and where the author
// wrote it.
type node struct {
	value cue.Value // settled
	up    string    // the path of the struct or list that it is in
	name  string    // of the field, or the number of the list item
	place place     // of a struct's fields
	at    token.Pos
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

func (n node) str() (string, bool) {
	s, err := n.value.String()
	return s, err == nil
}

// number is a whole number.
func (n node) number() (int64, bool) {
	i, err := n.value.Int64()
	return i, err == nil
}

func (n node) truth() (truth, ok bool) {
	b, err := n.value.Bool()
	return b, err == nil
}

func (n node) isList() bool {
	return n.value.IncompleteKind() == cue.ListKind
}

// madeAt is the position of a value that stands in no field of the author's: the
// first of what it was made of that is not a definition's.
func madeAt(v cue.Value) token.Pos {
	if p := v.Pos(); p.IsValid() && !ofSchema(p) {
		return p
	}
	_, operands := v.Expr()
	for _, o := range operands {
		if p := o.Pos(); p.IsValid() && !ofSchema(p) {
			return p
		}
	}
	return token.NoPos
}

// definitionsPrefix is the start of the file names of the definitions in
// positions.
const definitionsPrefix = ImportPath + "/"

func ofSchema(p token.Pos) bool { return strings.HasPrefix(p.Filename(), definitionsPrefix) }
