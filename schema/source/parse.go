package source

import (
	"fmt"
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/parser"

	"sgc.dev/sgc/schema/guard"
)

// Unparsed is a CUE file that cannot be parsed, with the text that shows why.
type Unparsed struct {
	Name   string
	Source []byte
	Err    error // of CUE's parser, or a *[fault.Error]
}

func (u *Unparsed) Error() string { return u.Err.Error() }

// parse is how CUE's loader reads a file. Of comments nothing is needed.
func (l *Loader) parse(name string, src any, config parser.Config) (*ast.File, error) {
	data, ok := src.([]byte)
	if !ok {
		return nil, fmt.Errorf("%s: a source of type %T", name, src)
	}
	// The loader reads the imports of all files first, and goes no further than
	// the first fault: those of all files show when they are read whole.
	first := config.Mode&parser.ImportsOnly != 0
	if err := guard.CheckNesting(name, data, l.limits.Nesting); err != nil {
		if first {
			return parser.ParseFile(name, data, parser.PackageClauseOnly)
		}
		return nil, &Unparsed{name, data, err}
	}
	config.Mode = config.Mode&^parser.ParseComments | parser.AllErrors
	f, err := parser.ParseFile(name, data, config)
	if f != nil {
		if !l.whole && dropEmbedding(f) {
			*l.opened = true
		}
		if p := badCondition(f); err == nil && p.IsValid() {
			return nil, errors.Newf(p, "@if takes the names of tags, with !, && and || about them")
		}
		if at := idleEmbed(f, data); err == nil && at.IsValid() && !first {
			return nil, errors.Newf(at, "nothing is embedded here: put @extern(embed) before the package clause")
		}
	}
	if err != nil && first && f != nil {
		f.Decls = slices.DeleteFunc(f.Decls, func(d ast.Decl) bool {
			_, isImport := d.(*ast.ImportDecl)
			return isImport
		})
		return f, nil
	}
	if err != nil {
		return f, &Unparsed{name, data, err}
	}
	if l.open && strings.HasPrefix(name, DefinitionsPrefix) {
		openDefinitions(f)
	}
	return f, nil
}
