package written

import (
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/rule"
)

// Position is a place in a file as messages name it.
func Position(p token.Pos) rule.Pos {
	if !p.IsValid() {
		return rule.Pos{}
	}
	q := p.Position()
	return rule.Pos{File: q.Filename, Line: q.Line, Column: q.Column}
}

// Start is the beginning of a package: of the first file that has a name.
func Start(files []*ast.File) rule.Pos {
	var first rule.Pos
	for _, f := range files {
		pos := rule.Pos{File: f.Filename, Line: 1, Column: 1}
		for _, d := range f.Decls {
			if d.Pos().IsValid() {
				pos = Position(d.Pos())
				break
			}
		}
		if first.File == "" || rule.ComparePos(pos, first) < 0 {
			first = pos
		}
	}
	return first
}
