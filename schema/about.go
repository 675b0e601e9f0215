package schema

import (
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/parser"
)

// About is what the catalog says of each of its services: what it is, and where the
// numbers are from.
func About() (map[string]string, error) {
	src, err := moduleFiles.ReadFile("catalog.cue")
	if err != nil {
		return nil, err
	}
	f, err := parser.ParseFile("catalog.cue", src, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	about := map[string]string{}
	ast.Walk(f, func(n ast.Node) bool {
		field, ok := n.(*ast.Field)
		if !ok {
			return true
		}
		catalog, ok := field.Value.(*ast.StructLit)
		if name, _, _ := ast.LabelName(field.Label); !ok || name != "#Catalog" {
			return false
		}
		for _, d := range catalog.Elts {
			if service, ok := d.(*ast.Field); ok {
				if name, _, err := ast.LabelName(service.Label); err == nil {
					about[name] = beside(service)
				}
			}
		}
		return false
	}, nil)
	return about, nil
}

// beside is the comment at the end of a field's line.
func beside(field *ast.Field) string {
	text := ""
	ast.Walk(field, func(n ast.Node) bool {
		for _, c := range ast.Comments(n) {
			if !c.Doc {
				text = strings.TrimSpace(c.Text())
			}
		}
		return true
	}, nil)
	return text
}
