package schema

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/explain"
	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/source"
	"sgc.dev/sgc/schema/value"
	"sgc.dev/sgc/schema/written"
)

// Options say what to load and within which bounds.
type Options = source.Options

// An Error is one thing that is wrong with a policy, at the author's line.
type Error = fault.Error

// Errors is every fault found in one run, sorted by position, each once.
type Errors = fault.Errors

// LeftOut is a CUE file that lies beside a policy, or was named with it, and that
// is no part of it.
type LeftOut = source.LeftOut

// Indented is a field that is written as if it were part of what stands before it.
type Indented = written.Indented

// A Conditional is a field that speaks of what others may have made.
type Conditional = written.Conditional

// A Difference is one of two ports that is written as people write a range.
type Difference = written.Difference

var (
	// errCrash is a fault of this program or of CUE, not of the policy.
	errCrash = errors.New("the policy could not be evaluated, which is a fault of sgc or of CUE")
	// errUnread is a fault of this program: something of a policy without faults
	// has been passed over.
	errUnread = errors.New("the policy was not read whole, which is a fault of sgc")
)

// Load reads every policy that the inputs name, in their order. It reads no file
// outside of a policy's module (or, without one, its folder) but those that the
// inputs name, and never the network. The error is [Errors] where the policies
// are at fault. What evaluating them may cost is bounded by [guard.Watch].
func Load(o Options) ([]*Policy, error) {
	l, found, err := source.Find(o, moduleFiles)
	if err != nil {
		return nil, err
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
					errs[i] = fmt.Errorf("%s: %w: %v", in.Name, errCrash, p)
				}
			}()
			defer func() { <-free }()
			results[i], errs[i] = loadPolicy(l, in, rehearsal{o, l.Stdin, i})
		})
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	var policies []*Policy
	var all []fault.Faults
	var used, known []string
	for _, r := range results {
		all = append(all, r.faults)
		used, known = append(used, r.tags...), append(known, r.known...)
		if r.policy != nil {
			r.policy.LeftOut = slices.DeleteFunc(r.policy.LeftOut, func(f LeftOut) bool {
				return slices.ContainsFunc(results, func(r result) bool { return r.files[f.Pos.File] })
			})
			policies = append(policies, r.policy)
		}
	}
	if !slices.ContainsFunc(all, func(f fault.Faults) bool { return f.Stage == fault.Parsing && f.List != nil }) { // else the tags of all are not known
		all = append(all, fault.Faults{Stage: fault.Parsing, List: source.UnusedTags(o.Tags, used, known)})
	}
	if es := fault.Earliest(all); es != nil {
		return nil, es
	}
	if len(policies) == 0 {
		return nil, Errors{{Pos: rule.Pos{File: found[0].Name}, Message: "there is no policy in this folder or below, only packages without name and tiers"}}
	}
	return policies, nil
}

// A result is what has become of an input: a policy, or faults, or neither where
// a pattern found a package that is no policy.
type result struct {
	policy *Policy
	faults fault.Faults
	tags   []string        // from the command line, that fields of the package have
	known  []string        // keys of all that they have, where some given one is not among them
	files  map[string]bool // that were read, by name
}

// loadPolicy reads one policy, after a rehearsal where that is called for.
func loadPolicy(l *source.Loader, in source.Input, r rehearsal) (result, error) {
	o := r.Options
	p, err := l.Load(in)
	if err != nil {
		return result{}, err
	}
	defer p.Close()
	found := result{tags: p.Tags, files: p.Names()}
	if len(p.Tags) < len(o.Tags) {
		for _, t := range written.TagsOf(p.Files) {
			found.known = append(found.known, t.Key)
		}
	}
	if found.faults, err = r.run(p); err != nil || found.faults.List != nil {
		return found, err
	}
	found.policy, found.faults, err = evaluate(l, p, o.Limits.WithDefaults().Values)
	if found.policy != nil {
		found.policy.Package, found.policy.Indented, found.policy.LeftOut = p.PkgName, p.Indented, p.LeftOut()
		found.policy.Differences, found.policy.Conditionals = written.DifferencesIn(p.Files), written.ConditionalsIn(p.Files)
	}
	return found, err
}

// evaluate reads the policy that a package is, or explains why it is none.
func evaluate(l *source.Loader, p *source.Package, most int) (*Policy, fault.Faults, error) {
	context := value.NewContext()
	c, err := newCatalog(context)
	if err != nil {
		return nil, fault.Faults{}, err
	}
	d, err := definitions()
	if err != nil {
		return nil, fault.Faults{}, err
	}
	if f := explain.Unreadable(p); f.List != nil {
		return nil, f, nil
	}
	v, err := value.Build(context, p, d, most)
	var many Errors
	if errors.As(err, &many) {
		return nil, fault.Faults{Stage: fault.Checking, List: many}, nil
	}
	if err != nil {
		return nil, fault.Faults{}, err
	}
	if v.Invalid != nil && p.HasDefinitions() {
		// Where the author names definitions CUE has said what is wrong, or another part of
		// it: the definitions say so of what the author wrote.
		open, err := l.LoadOpen(p.Input)
		if err != nil {
			return nil, fault.Faults{}, err
		}
		defer open.Close()
		if own, err := value.Build(context, open, d, most); err == nil && own.Invalid != nil {
			p, v = open, own
		}
	}
	r := newReader(c, fault.NewSuggester())
	r.refs = written.ReferencesIn(p.Files)
	policy := r.policy(v.Root, written.Start(p.Files))
	if v.Invalid != nil {
		return nil, explain.Invalid(p, v, r.faults), nil
	}
	if r.faults != nil {
		return nil, fault.Faults{Stage: fault.Checking, List: r.faults}, nil
	}
	if r.skipped > 0 {
		return nil, fault.Faults{}, fmt.Errorf("%s: %w", p.Input.Name, errUnread)
	}
	return policy, fault.Faults{}, nil
}
