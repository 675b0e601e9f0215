package written

import (
	"fmt"
	"slices"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/format"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/rule"
)

// Indented is a field that is written as if it were part of what stands before it, as it
// would be in YAML: CUE ends "a: b: c: 1" with the value, however far the next line is
// indented, and what follows a comma stands beside a.
type Indented struct {
	Name     string
	Pos, End rule.Pos
	In       []string // the fields around it, from the top; none at the top
	Below    string   // the field before it that stands further out, or whose line it goes on with
	Chain    int      // how many labels Below has, as in "a: b: c: 1"; 0 with the value in braces, or all in braces that begin on the line
	Line     bool     // whether it stands on Below's line
}

// Says is where the field stands, and where it seems to.
func (f Indented) Says() string {
	stands, seems := "at the top of the policy", "is indented below"
	if len(f.In) > 0 {
		stands = "in " + rule.Path("", f.In...)
	}
	if f.Line {
		seems = "goes on with the line of"
	}
	return fmt.Sprintf("is %s, although it %s %q", stands, seems, f.Below)
}

// IndentedIn lists the fields of CUE files that begin a line further in than the first
// beside them, in braces only below "a: b: 1", and those that follow "a: b: 1" on its line.
func IndentedIn(files []*ast.File) []Indented {
	var found []Indented
	var path []string
	for _, file := range files {
		ast.Walk(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.File:
				found = append(found, indentedIn(n.Decls, path)...)
			case *ast.StructLit:
				found = append(found, indentedIn(n.Elts, path)...)
			case *ast.Field:
				path = append(path, labelText(n.Label))
			}
			return true
		}, func(n ast.Node) {
			if _, ok := n.(*ast.Field); ok {
				path = path[:len(path)-1]
			}
		})
	}
	return found
}

func indentedIn(body []ast.Decl, in []string) []Indented {
	type line struct {
		name          string
		column, chain int
	}
	var found []Indented
	var above []line      // the first, and what stands further and further in
	var before line       // what began "a: b: 1" on this line, no name for none
	braced := len(in) > 0 // whether all on this line is in braces that began on it
	for _, d := range body {
		braced = braced && d.Pos().RelPos() < token.Newline
		field, ok := d.(*ast.Field)
		if !ok {
			continue
		}
		this := line{labelText(field.Label), Position(field.Pos()).Column, 0}
		labels, braces := chain(field)
		if !braces && !braced {
			this.chain = labels
		}
		var below line
		goesOn := len(above) > 0 && field.Pos().RelPos() < token.Newline
		if goesOn {
			below = before
		} else {
			for len(above) > 1 && above[len(above)-1].column >= this.column {
				above = above[:len(above)-1]
			}
			if len(above) > 0 && above[0].column < this.column {
				if last := above[len(above)-1]; len(in) == 0 || last.chain > 1 {
					below = last
				}
			}
			above, before = append(above, this), line{}
		}
		if below.name != "" {
			found = append(found, Indented{this.name, Position(field.Pos()), Position(field.End()), slices.Clone(in), below.name, below.chain, goesOn})
		}
		switch {
		case labels > 1 && this.name != "waive":
			before = this
		case braces:
			before = line{}
		}
	}
	return found
}

// chain is how many labels "a: b: c: 1" has, and whether braces follow them.
func chain(f *ast.Field) (labels int, braces bool) {
	for labels = 1; ; labels++ {
		s, ok := f.Value.(*ast.StructLit)
		if !ok || s.Lbrace.IsValid() || len(s.Elts) != 1 {
			return labels, ok
		}
		if f, ok = s.Elts[0].(*ast.Field); !ok {
			return labels, true
		}
	}
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
