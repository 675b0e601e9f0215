package schema

import (
	"fmt"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/cue/token"
)

// conjunction is the value of a package and the definitions; it does not exist where
// the package has no name. They are evaluated at once, as the operands of an
// expression in a package of ours that imports both. To unify two values instead
// evaluates the package alone first, a sixth of the whole cost.
func conjunction(context *cue.Context, inst *build.Instance) cue.Value {
	both, err := withDefinitions(inst)
	if err != nil {
		return cue.Value{}
	}
	return context.BuildInstance(both)
}

// sound reads a package with which the definitions agree. ok is false for every
// other, which has to be evaluated in parts to say what is wrong. Invalid is what
// CUE says of the whole, which it takes time to say that grows with the square of
// the faults: it is asked once.
func (l *loader) sound(whole cue.Value, invalid error, schema cue.Value, inst *build.Instance, c *catalog) (p *Policy, f faults, ok bool) {
	if !whole.Exists() || invalid != nil {
		return nil, faults{}, false
	}
	r := newReader(whole, schema, c, &suggester{maxSuggestions}, l.limits.values())
	p = r.policy(node{value: settled(whole), place: placeOf(inst.Files)}, startOf(inst.Files))
	if r.skipped > 0 || r.values > r.limit {
		return nil, faults{}, false
	}
	if r.faults != nil {
		return nil, faults{checking, r.faults}, true
	}
	return p, faults{}, true
}

// packagePath is the import path of the author's package in the package that
// puts it together with the definitions. Nothing can be published under it.
const packagePath = "policy.invalid/package"

// withDefinitions is a package whose value is that of inst and the definitions.
func withDefinitions(inst *build.Instance) (*build.Instance, error) {
	if inst.PkgName == "" {
		return nil, fmt.Errorf("what has no package name cannot be imported")
	}
	definitions, err := definitionsSyntax()
	if err != nil {
		return nil, err
	}
	own := packagePath + ":" + inst.PkgName
	f, err := parser.ParseFile(definitionsPrefix+"package.cue", fmt.Sprintf(
		"package whole\nimport definitions %q\nimport own %q\nown & definitions.#Policy\n", ImportPath, own))
	if err != nil {
		return nil, err
	}
	var context *build.Context
	context = build.NewContext(build.Loader(func(_ token.Pos, path string) *build.Instance {
		switch path {
		case own:
			inst.ImportPath = own
			return inst
		case ImportPath:
			schema := context.NewInstance(ImportPath, nil)
			schema.ImportPath = ImportPath
			if err := schema.AddSyntax(definitions); err != nil {
				schema.Err = err
			}
			return schema
		}
		return nil
	}))
	both := context.NewInstance(packagePath, nil)
	if err := both.AddSyntax(f); err != nil {
		return nil, err
	}
	if err := both.Complete(); err != nil {
		return nil, err
	}
	return both, nil
}

// definitionsSyntax is policy.cue.
func definitionsSyntax() (*ast.File, error) {
	src, err := moduleFiles.ReadFile("policy.cue")
	if err != nil {
		return nil, err
	}
	return parser.ParseFile(definitionsPrefix+"policy.cue", src)
}
