package schema

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"time"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/inject/embed"
	"cuelang.org/go/cue/parser"
)

// Options say what to load and within which bounds.
type Options struct {
	Dir    string    // where relative inputs start; "" is the working directory
	Inputs []string  // as cue takes them: packages, ./..., files; none is the package in Dir, else ./policies/...
	Tags   []string  // as cue's -t: "key=value" or a shorthand
	Stdin  io.Reader // for "-"
	Limits Limits
}

// Limits bound what a hostile policy can cost. Zero fields mean the defaults.
type Limits struct {
	Memory  uint64        // bytes of heap; default 4 GiB
	Time    time.Duration // of loading and evaluating; default 2 minutes
	Nesting int           // depth of braces, brackets and parentheses in one file; default 1000
}

// Load reads every policy that the inputs name. The error is [Errors] where the
// policies are at fault.
func Load(o Options) ([]*Policy, error) {
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, err
	}
	found, err := inputs(dir, o.Inputs)
	if err != nil {
		return nil, err
	}
	l := &loader{dir: dir, tags: o.Tags, limits: o.Limits}
	if slices.Contains(o.Inputs, "-") && o.Stdin != nil {
		if l.stdin, err = io.ReadAll(o.Stdin); err != nil {
			return nil, err
		}
	}
	var policies []*Policy
	var all []faults
	for _, in := range found {
		p, f, err := l.load(in)
		if err != nil {
			return nil, err
		}
		all = append(all, f)
		policies = append(policies, p)
	}
	if es := earliest(all); es != nil {
		return nil, es
	}
	return policies, nil
}

func (l *loader) load(in input) (*Policy, faults, error) {
	inst, t, err := l.syntax(in)
	if err != nil {
		return nil, faults{}, err
	}
	defer t.Close()
	if inst.Err != nil {
		return nil, l.syntaxFaults(inst), nil
	}
	context := cuecontext.New(cuecontext.WithInjection(embed.New()))
	schema, err := definitions(context)
	if err != nil {
		return nil, faults{}, err
	}
	own := context.BuildInstance(inst)
	suggest := &suggester{maxSuggestions}
	x := newExplainer(inst.Files, own, schema, suggest)
	if err := own.Err(); err != nil {
		x.explain(err)
		if f := x.faults(); f.stage < checking {
			return nil, f, nil
		}
		x = newExplainer(inst.Files, own, schema, suggest)
	}
	whole := own.Unify(schema.LookupPath(cue.ParsePath("#Policy")))
	x.explain(whole.Validate(cue.Concrete(true)))
	c, err := newCatalog(context)
	if err != nil {
		return nil, faults{}, err
	}
	r := reader{own: own, catalog: c, suggest: suggest, paths: map[string]cue.Path{}}
	p := r.policy(node{value: whole, place: x.written}, startOf(inst.Files))
	x.and(r.faults)
	f := x.faults()
	if f.list == nil && r.skipped > 0 {
		return nil, f, fmt.Errorf("%s: the policy was not read whole; this is a fault of sgc", in.root)
	}
	return p, f, nil
}

// definitions is the package of #Policy in a context.
func definitions(context *cue.Context) (cue.Value, error) {
	src, err := moduleFiles.ReadFile("policy.cue")
	if err != nil {
		return cue.Value{}, err
	}
	f, err := parser.ParseFile(definitionsPrefix+"policy.cue", src)
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

// syntaxFaults explains what CUE could not read.
func (l *loader) syntaxFaults(inst *build.Instance) faults {
	x := newExplainer(inst.Files, cue.Value{}, cue.Value{}, &suggester{})
	x.rest = parsing
	x.explain(inst.Err)
	return x.faults()
}
