package written

import (
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/format"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/rule"
)

// Indented is a field at the top of a policy that is written as if it were part
// of what stands above it, as it would be in YAML: CUE ends "a: b: c: 1" with the
// value, however far the next line is indented.
type Indented struct {
	Name     string
	Pos, End rule.Pos
	Below    string // the field above that stands further out
}

// IndentedIn lists the fields of CUE files that begin a line further in than the first
// of their file.
func IndentedIn(files []*ast.File) []Indented {
	var found []Indented
	for _, f := range files {
		found = append(found, indentedIn(f)...)
	}
	return found
}

func indentedIn(f *ast.File) []Indented {
	var found, above []Indented // above: the first, and what stands further and further in
	for _, d := range f.Decls {
		field, ok := d.(*ast.Field)
		if !ok || len(above) > 0 && field.Pos().RelPos() < token.Newline {
			continue
		}
		this := Indented{Name: labelText(field.Label), Pos: Position(field.Pos()), End: Position(field.End())}
		for len(above) > 1 && above[len(above)-1].Pos.Column >= this.Pos.Column {
			above = above[:len(above)-1]
		}
		if len(above) > 0 && above[0].Pos.Column < this.Pos.Column {
			this.Below = above[len(above)-1].Name
			found = append(found, this)
		}
		above = append(above, this)
	}
	return found
}

// labelText is a field's name, or what stands in its place.
func labelText(l ast.Label) string {
	if name, ok := LabelName(l); ok {
		return name
	}
	text, err := format.Node(l)
	if err != nil {
		return ""
	}
	return string(text)
}
