package schema

import (
	"errors"
	"fmt"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/inject/embed"

	"sgc.dev/sgc/rule"
)

// evaluate reads a policy from its syntax.
func (l *loader) evaluate(in input, inst *build.Instance, t *tree, indented []Indented) (result, error) {
	if inst.Err != nil {
		return result{faults: l.syntaxFaults(in, inst)}, nil
	}
	if f := notFields(inst.Files); f.list != nil {
		return result{faults: f}, nil
	}
	context := newContext()
	schema, err := definitions(context)
	if err != nil {
		return result{}, err
	}
	c, err := newCatalog(context, schema)
	if err != nil {
		return result{}, err
	}
	whole := conjunction(context, inst)
	var invalid error
	if whole.Exists() {
		invalid = whole.Validate(cue.Concrete(true))
	}
	if p, f, ok := l.sound(whole, invalid, schema, inst, c); ok {
		return result{policy: p, faults: f}, nil
	}
	own := context.BuildInstance(inst)
	if f := notStruct(own, inst); f.list != nil {
		return result{faults: f}, nil
	}
	alone := newExplainer(inst.Files, own, schema, &suggester{maxSuggestions})
	alone.refused = t.refused
	if alone.explain(own.Err()); alone.faults().stage < checking {
		return result{faults: alone.faults()}, nil
	}
	if in.pattern && isLibrary(own) {
		return result{}, nil
	}
	if f := l.tagFaults(inst, own); f.list != nil {
		return result{faults: f}, nil
	}
	x := newExplainer(inst.Files, own, schema, &suggester{maxSuggestions})
	x.indented = indented
	if !whole.Exists() {
		whole = own.Unify(schema.LookupPath(cue.ParsePath("#Policy")))
		invalid = whole.Validate(cue.Concrete(true))
	}
	p, f, err := l.policy(whole, invalid, x, c)
	if err != nil {
		return result{}, fmt.Errorf("%s: %w", shown(l.dir, in.root), err)
	}
	return result{policy: p, faults: f}, nil
}

// errUnread is a fault of this program: something of a policy without faults
// has been passed over.
var errUnread = errors.New("the policy was not read whole, which is a fault of sgc")

// policy explains what the definitions refuse of a package, and reads the rest.
// Invalid is what CUE says of the whole.
func (l *loader) policy(whole cue.Value, invalid error, x *explainer, c *catalog) (*Policy, faults, error) {
	if invalid != nil {
		x.unnamed()
		x.explain(invalid)
		x.unknownFields(x.own, nil)
	}
	r := newReader(x.own, x.schema, c, x.suggest, l.limits.values())
	p := r.policy(node{value: settled(whole), place: x.written}, x.start())
	if r.values > l.limits.values() {
		message := fmt.Sprintf("the policy has more than %d values: split it into several", l.limits.values())
		return nil, faults{checking, Errors{{Pos: x.start(), Message: message}}}, nil
	}
	x.and(r.faults)
	f := x.faults()
	switch {
	case f.list != nil:
		return nil, f, nil
	case invalid != nil:
		return nil, faults{checking, Errors{{Pos: x.start(), Message: invalid.Error()}}}, nil
	case r.skipped > 0:
		return nil, faults{}, errUnread
	}
	return p, faults{}, nil
}

func newContext() *cue.Context { return cuecontext.New(cuecontext.WithInjection(embed.New())) }

// isLibrary says whether a package is there for policies to import: it has
// neither a name nor tiers, and nothing that could be either, misspelt.
func isLibrary(own cue.Value) bool {
	iter, err := own.Fields()
	if err != nil {
		return false
	}
	for iter.Next() {
		if s := iter.Selector(); s.LabelType() == cue.StringLabel && rule.Closest(s.Unquoted(), []string{"name", "tiers"}) != "" {
			return false
		}
	}
	return true
}

// definitions is the package of #Policy in a context.
func definitions(context *cue.Context) (cue.Value, error) {
	f, err := definitionsSyntax()
	if err != nil {
		return cue.Value{}, err
	}
	inst := build.NewContext().NewInstance(ImportPath, nil)
	if err := inst.AddSyntax(f); err != nil {
		return cue.Value{}, err
	}
	v := context.BuildInstance(inst)
	return v, v.Err()
}
