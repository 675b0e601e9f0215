package schema

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/inject/embed"
	"cuelang.org/go/cue/parser"

	"sgc.dev/sgc/rule"
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
	Nesting int           // depth of one file: brackets, "a: b: c:", "a & b & c"; default 1000
	Values  int           // rules, peers, ports and all other values of one policy; default 20 million
}

// errCrash is a fault of this program or of CUE, not of the policy.
var errCrash = errors.New("the policy could not be evaluated, which is a fault of sgc or of CUE")

// Load reads every policy that the inputs name, in their order. It reads no file
// outside of a policy's module (or, without one, its folder) but those that the
// inputs name, and never the network. The error is [Errors] where the policies
// are at fault. What evaluating them may cost is bounded by [Guard].
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
	if slices.ContainsFunc(found, input.stdin) {
		if l.stdin, err = readStdin(o.Stdin); err != nil {
			return nil, err
		}
	}

	// Each policy has a CUE context of its own, so they are independent.
	policies := make([]*Policy, len(found))
	all := make([]faults, len(found))
	errs := make([]error, len(found))
	var wait sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, in := range found {
		free <- struct{}{}
		wait.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					errs[i] = fmt.Errorf("%s: %w: %v", shown(dir, in.root), errCrash, p)
				}
			}()
			defer func() { <-free }()
			policies[i], all[i], errs[i] = l.load(in)
		})
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if es := earliest(all); es != nil {
		return nil, es
	}
	policies = slices.DeleteFunc(policies, func(p *Policy) bool { return p == nil })
	if len(policies) == 0 {
		return nil, Errors{{Pos: rule.Pos{File: shown(dir, found[0].root)}, Message: "there is no policy in this folder or below, only packages of definitions"}}
	}
	return policies, nil
}

func readStdin(r io.Reader) ([]byte, error) {
	if r == nil {
		return nil, errors.New("standard input is not at hand")
	}
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = fmt.Errorf("standard input has more than %d MiB", maxFile>>20)
	}
	return data, err
}

// load reads one policy; nil where a pattern found a package that is none.
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
	x.given, x.refused = l.tags, t.refused
	if err := own.Err(); err != nil {
		x.explain(err)
		if f := x.faults(); f.stage < checking {
			return nil, f, nil
		}
		x = newExplainer(inst.Files, own, schema, suggest)
		x.given, x.refused = l.tags, t.refused
	}
	if in.pattern && isLibrary(own) {
		return nil, faults{}, nil
	}
	whole := own.Unify(schema.LookupPath(cue.ParsePath("#Policy")))
	if err := whole.Validate(cue.Concrete(true)); err != nil {
		x.explain(err)
		x.unknownFields(own, nil)
	}
	c, err := newCatalog(context, schema)
	if err != nil {
		return nil, faults{}, err
	}
	r := newReader(own, schema, c, suggest, l.limits.values())
	p := r.policy(node{value: whole, place: x.written}, startOf(inst.Files))
	if r.values > l.limits.values() {
		message := fmt.Sprintf("the policy has more than %d values: raise the limit if this is meant", l.limits.values())
		return nil, faults{checking, Errors{{Pos: startOf(inst.Files), Message: message}}}, nil
	}
	x.and(r.faults)
	f := x.faults()
	if f.list == nil && r.skipped > 0 {
		return nil, f, fmt.Errorf("%s: the policy was not read whole; this is a fault of sgc", in.root)
	}
	return p, f, nil
}

// isLibrary says whether a package has definitions and hidden fields alone: it
// is there for policies to import.
func isLibrary(own cue.Value) bool {
	iter, err := own.Fields()
	return err == nil && !iter.Next()
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
	x.given = l.tags
	x.explain(inst.Err)
	if x.faults().stage == resolving {
		x.unresolvedNames(inst.Files)
	}
	return x.faults()
}
