package written

import (
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"
)

// A Tag is a field that takes its value from the command line.
type Tag struct {
	Key   string
	Type  string // what stands behind the key, as type=int; "" for nothing
	Path  []string
	Field *ast.Field
}

// Written is the field's value as the author wrote it: CUE's loader has put the
// given one beside it.
func (t Tag) Written() ast.Expr {
	both, ok := t.Field.Value.(*ast.BinaryExpr)
	if !ok || both.Op != token.AND {
		return t.Field.Value
	}
	if p, ok := both.X.(*ast.ParenExpr); ok {
		return p.X
	}
	return both.X
}

// TagsOf lists the fields with a tag.
func TagsOf(files []*ast.File) []Tag {
	var found []Tag
	EachField(files, func(path []string, f *ast.Field) {
		for _, a := range f.Attrs {
			name, body := a.Split()
			if key, kind, _ := strings.Cut(body, ","); name == "tag" {
				found = append(found, Tag{strings.TrimSpace(key), kind, slices.Clone(path), f})
			}
		}
	})
	return found
}
