package schema

import (
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
	var faults Errors
	for _, in := range found {
		p, es, err := l.load(in)
		if err != nil {
			return nil, err
		}
		faults = append(faults, es...)
		policies = append(policies, p)
	}
	if faults != nil {
		return nil, faults
	}
	return policies, nil
}

func (l *loader) load(in input) (*Policy, Errors, error) {
	inst, t, err := l.syntax(in)
	if err != nil {
		return nil, nil, err
	}
	defer t.Close()
	if inst.Err != nil {
		return nil, faultsOf(inst.Err), nil
	}
	context := cuecontext.New(cuecontext.WithInjection(embed.New()))
	v := context.BuildInstance(inst)
	if err := v.Err(); err != nil {
		return nil, faultsOf(err), nil
	}
	d, err := definitions(context)
	if err != nil {
		return nil, nil, err
	}
	u := v.Unify(d)
	var faults Errors
	if err := u.Validate(cue.Concrete(true)); err != nil {
		faults = faultsOf(err)
	}
	c, err := newCatalog(context)
	if err != nil {
		return nil, nil, err
	}
	r := reader{catalog: c, paths: map[string]cue.Path{}, suggest: suggester{maxSuggestions}}
	p := r.policy(node{value: u, place: placeOf(inst.Files)})
	return p, append(faults, r.faults...), nil
}

// definitions is #Policy in a context.
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
	v := context.BuildInstance(inst).LookupPath(cue.ParsePath("#Policy"))
	return v, v.Err()
}
