package schema

import (
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/parser"
)

// About is what the catalog says of each of its services: what it is, and where the
// numbers are from.
func About() (map[string]string, error) {
	services, err := catalogSyntax(parser.ParseComments)
	if err != nil {
		return nil, err
	}
	about := map[string]string{}
	for field, name := range services.Fields {
		about[name] = beside(field)
	}
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
