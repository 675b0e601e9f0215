// Package value evaluates a policy: CUE builds what the author wrote, once, and the
// definitions judge what comes out, as data with the place of each value.
package value

import (
	"fmt"
	"math"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/inject/embed"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/source"
	"sgc.dev/sgc/schema/written"
)

// A Value is what a package comes to.
type Value struct {
	Root    Node      // what to read: of an invalid value, that which the definitions take
	Own     cue.Value // what the author wrote, without the definitions
	Form    *Form     // what the definitions demand of it
	Invalid error     // what CUE says of both, nil for a policy
	Refused []Refused // where an invalid value is not what the definitions demand
}

// NewContext is a context for one policy, which keeps all that is made in it.
func NewContext() *cue.Context { return cuecontext.New(cuecontext.WithInjection(embed.New())) }

// Build evaluates a package that has no Err. CUE evaluates what the author wrote, and the
// definitions judge what comes out: to unify them takes three times as long. What they
// might not take CUE unifies with them, and then its value counts, or what it says is
// wrong. The error is [fault.Errors] where the policy has more values than the limit.
func Build(context *cue.Context, p *source.Package, d *Definitions, limit int) (*Value, error) {
	v := &Value{Own: context.BuildInstance(p.Instance), Form: d.whole}
	var err error
	if v.Root, err = rootOf(v.Own, d, p, limit); err != nil || v.Own.Validate(cue.Concrete(true)) == nil && d.whole.takes(v.Root) {
		return v, err
	}
	definitions, err := d.In(context)
	if err != nil {
		return nil, err
	}
	whole := v.Own.Unify(definitions.LookupPath(cue.MakePath(cue.Def(d.name)))) // in this order, which keeps paths as they are
	if v.Invalid = whole.Validate(cue.Concrete(true)); v.Invalid != nil {
		v.Refused = leave(d.whole, &v.Root, nil)
		return v, nil
	}
	v.Root, err = rootOf(whole, d, p, limit)
	return v, err
}

// rootOf is a value of a package as data.
func rootOf(v cue.Value, d *Definitions, p *source.Package, limit int) (Node, error) {
	m := &maker{name: p.Name, limit: limit}
	root := m.node(v, Node{}, d.whole, written.PlaceOf(p.Files))
	if m.count <= m.limit {
		return root, nil
	}
	message := fmt.Sprintf("the policy has more than %d values: split it into several", m.limit)
	return Node{}, fault.Errors{{Pos: written.Start(p.Files), Message: message}}
}

// NodeOf is a value of a form as data, without places.
func NodeOf(v cue.Value, name string, f *Form) Node {
	m := &maker{name: unnamed, limit: math.MaxInt}
	return m.node(v, Node{Name: name}, f, written.Place{})
}

// unnamed leaves a position as it is.
func unnamed(at token.Pos) token.Pos { return at }
