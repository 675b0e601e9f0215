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

// evaluate reads a policy from its syntax. CUE evaluates what the author wrote,
// and the definitions judge what comes out: to unify them takes three times as
// long. What they might not take CUE unifies with them, and then its value counts,
// or what it says is wrong.
func (l *loader) evaluate(in input, inst *build.Instance, t *tree, indented []Indented) (result, error) {
	if inst.Err != nil {
		return result{faults: l.syntaxFaults(in, inst)}, nil
	}
	if f := notFields(inst.Files); f.list != nil {
		return result{faults: f}, nil
	}
	context := newContext()
	c, err := newCatalog(context)
	if err != nil {
		return result{}, err
	}
	want, err := policyForm()
	if err != nil {
		return result{}, err
	}
	own := context.BuildInstance(inst)
	root, f := l.nodes(own, want, inst)
	if f.list != nil || own.Validate(cue.Concrete(true)) == nil && want.takes(root) {
		return l.read(in, root, f, inst, c)
	}
	schema, err := definitions(context)
	if err != nil {
		return result{}, err
	}
	whole := own.Unify(schema.LookupPath(cue.ParsePath("#Policy"))) // in this order, which keeps paths as they are
	invalid := whole.Validate(cue.Concrete(true))
	if invalid == nil {
		root, f := l.nodes(whole, want, inst)
		return l.read(in, root, f, inst, c)
	}
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
	leave(want, &root)
	return result{faults: explained(invalid, x, root, c)}, nil
}

// nodes is a value of a package as data.
func (l *loader) nodes(v cue.Value, want form, inst *build.Instance) (node, faults) {
	m := &maker{limit: l.limits.values()}
	root := m.node(v, node{}, want, placeOf(inst.Files))
	if m.count <= m.limit {
		return root, faults{}
	}
	message := fmt.Sprintf("the policy has more than %d values: split it into several", m.limit)
	return node{}, faults{checking, Errors{{Pos: startOf(inst.Files), Message: message}}}
}

// errUnread is a fault of this program: something of a policy without faults
// has been passed over.
var errUnread = errors.New("the policy was not read whole, which is a fault of sgc")

// read makes a policy of a value that the definitions take.
func (l *loader) read(in input, root node, f faults, inst *build.Instance, c *catalog) (result, error) {
	if f.list != nil {
		return result{faults: f}, nil
	}
	r := &reader{catalog: c, suggest: &suggester{maxSuggestions}}
	p := r.policy(root, startOf(inst.Files))
	switch {
	case r.faults != nil:
		return result{faults: faults{checking, r.faults}}, nil
	case r.skipped > 0:
		return result{}, fmt.Errorf("%s: %w", shown(l.dir, in.root), errUnread)
	}
	return result{policy: p}, nil
}

// explained is what CUE says of a package and the definitions, in the policy's
// words, and what is wrong with the rest, which they take.
func explained(invalid error, x *explainer, rest node, c *catalog) faults {
	x.unnamed()
	x.explain(invalid)
	x.unknownFields(x.own, nil)
	r := &reader{catalog: c, suggest: x.suggest}
	r.policy(rest, x.start())
	x.and(r.faults)
	f := x.faults()
	if f.list == nil {
		return faults{checking, Errors{{Pos: x.start(), Message: invalid.Error()}}}
	}
	return f
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
