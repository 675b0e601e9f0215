package schema

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/inject/embed"

	"sgc.dev/sgc/rule"
)

// Options say what to load and within which bounds.
type Options struct {
	Dir    string    // where relative inputs start; "" is the working directory
	Inputs []string  // as cue takes them: packages, ./..., files; none is the package in Dir, else ./policies/...
	Tags   []string  // as cue's -t: "key=value" or a shorthand
	Stdin  io.Reader // for "-"
	Limits Limits

	evaluateAll bool // what is plain too, as tests do to compare
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
	if es := twiceGiven(o.Tags); es != nil {
		return nil, es
	}
	found, err := inputs(dir, o.Inputs)
	if err != nil {
		return nil, err
	}
	l := &loader{dir: dir, tags: o.Tags, limits: o.Limits, evaluateAll: o.evaluateAll}
	if slices.ContainsFunc(found, input.stdin) {
		if l.stdin, err = readStdin(o.Stdin); err != nil {
			return nil, err
		}
	}

	// Each policy has a CUE context of its own, so they are independent.
	results := make([]result, len(found))
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
			results[i], errs[i] = l.load(in)
		})
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	all := []faults{{parsing, unusedTags(o.Tags, results)}}
	var policies []*Policy
	for _, r := range results {
		all = append(all, r.faults)
		if r.policy != nil {
			policies = append(policies, r.policy)
		}
	}
	if es := earliest(all); es != nil {
		return nil, es
	}
	if len(policies) == 0 {
		return nil, Errors{{Pos: rule.Pos{File: shown(dir, found[0].root)}, Message: "there is no policy in this folder or below, only packages without name and tiers"}}
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

// A result is what has become of an input: a policy, or faults, or neither where
// a pattern found a package that is no policy.
type result struct {
	policy *Policy
	faults faults
	unused []string // tags that no field of the package has
	tags   []string // keys of those that it has
}

// unusedTags are faults where no package has the tag: a policy for several
// environments may stand beside one for all.
func unusedTags(tags []string, results []result) Errors {
	var known []string
	for _, r := range results {
		known = append(known, r.tags...)
	}
	var found Errors
	for _, tag := range tags {
		if !slices.ContainsFunc(results, func(r result) bool { return !slices.Contains(r.unused, tag) }) {
			found = append(found, &Error{Pos: rule.Pos{File: "-t"}, Message: noSuchTag(tag, known)})
		}
	}
	return found
}

// load reads one policy.
func (l *loader) load(in input) (result, error) {
	inst, t, unused, err := l.tagged(in)
	if err != nil {
		return result{}, err
	}
	defer t.Close()
	r, err := l.evaluate(in, inst, t)
	if r.unused = unused; len(unused) > 0 {
		for _, t := range tagsOf(inst.Files) {
			r.tags = append(r.tags, t.key)
		}
	}
	return r, err
}

// evaluate reads a policy from its syntax.
func (l *loader) evaluate(in input, inst *build.Instance, t *tree) (result, error) {
	if inst.Err != nil {
		return result{faults: l.syntaxFaults(in, inst)}, nil
	}
	if f := notFields(inst.Files); f.list != nil {
		return result{faults: f}, nil
	}
	aside, err := l.setAside(inst)
	if err != nil {
		return result{}, err
	}
	if p, f, ok := l.sound(inst, aside); ok {
		return result{policy: p, faults: f}, nil
	}
	// Another context: what the first has evaluated is no longer needed.
	context := newContext()
	schema, err := definitions(context)
	if err != nil {
		return result{}, err
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
	x := newExplainer(inst.Files, own, schema, &suggester{maxSuggestions})
	x.given = l.tags
	p, f, err := l.policy(context, own, x, aside)
	if err != nil {
		return result{}, fmt.Errorf("%s: %w", shown(l.dir, in.root), err)
	}
	return result{policy: p, faults: f}, nil
}

// setAside takes the plain members out of a package: see the function.
func (l *loader) setAside(inst *build.Instance) (map[string][]*ast.Field, error) {
	if l.evaluateAll {
		return nil, nil
	}
	definitions, err := definitionsSyntax()
	if err != nil {
		return nil, err
	}
	form, err := policyForm(definitions)
	if err != nil {
		return nil, err
	}
	return setAside(inst.Files, form), nil
}

// tagged is the syntax of an input with the tags that it has a use for; the
// others would be faults.
func (l *loader) tagged(in input) (inst *build.Instance, t *tree, unused []string, err error) {
	tags := slices.Clone(l.tags)
	for {
		before := len(unused)
		inst, t, err = l.syntax(in, tags)
		if err != nil {
			return nil, nil, nil, err
		}
		name, ok := unusedTag(inst.Err)
		if !ok {
			return inst, t, unused, nil
		}
		t.Close()
		tags = slices.DeleteFunc(tags, func(tag string) bool {
			key, _, _ := strings.Cut(tag, "=")
			if key == name {
				unused = append(unused, tag)
			}
			return key == name
		})
		if len(unused) == before {
			return nil, nil, nil, fmt.Errorf("the tag %q cannot be given", name)
		}
	}
}

// errUnread is a fault of this program: something of a policy without faults
// has been passed over.
var errUnread = errors.New("the policy was not read whole, which is a fault of sgc")

// policy checks a package against the definitions and reads it.
func (l *loader) policy(context *cue.Context, own cue.Value, x *explainer, aside map[string][]*ast.Field) (*Policy, faults, error) {
	whole := own.Unify(x.schema.LookupPath(cue.ParsePath("#Policy")))
	invalid := whole.Validate(cue.Concrete(true))
	if invalid != nil {
		x.explain(invalid)
		x.unknownFields(own, nil)
	}
	c, err := newCatalog(context, x.schema)
	if err != nil {
		return nil, faults{}, err
	}
	r := newReader(own, x.schema, c, x.suggest, l.limits.values())
	r.aside = aside
	p := r.policy(node{value: whole, place: x.written}, x.start())
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
		if s := iter.Selector(); s.LabelType() == cue.StringLabel && Closest(s.Unquoted(), []string{"name", "tiers"}) != "" {
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

// syntaxFaults explains what CUE could not read.
func (l *loader) syntaxFaults(in input, inst *build.Instance) faults {
	x := newExplainer(inst.Files, cue.Value{}, cue.Value{}, &suggester{})
	x.rest = parsing
	x.input, x.folder = in, shown(l.dir, filepath.Join(in.root, filepath.FromSlash(in.dir)))
	x.given = l.tags
	x.explain(inst.Err)
	if x.faults().stage == resolving {
		x.unresolvedNames(inst.Files)
	}
	return x.faults()
}
