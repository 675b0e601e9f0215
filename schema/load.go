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
	"cuelang.org/go/cue/build"

	"sgc.dev/sgc/rule"
)

// Options say what to load and within which bounds.
type Options struct {
	Dir    string    // where relative inputs start; "" is the working directory
	Inputs []string  // as cue takes them: packages, ./..., files; none is the package in Dir, else ./policies/...
	Tags   []string  // as cue's -t: "key=value" or a shorthand
	Stdin  io.Reader // for "-"
	Beside []byte    // CUE that is read as one more file of each package; nil is none
	Limits Limits
}

// Limits bound what a hostile policy can cost. Zero fields mean the defaults.
type Limits struct {
	Memory  uint64        // bytes of heap; default 4 GiB, or half of what the machine has
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
	if es := misgiven(o.Tags); es != nil {
		return nil, es
	}
	found, err := inputs(dir, o.Inputs)
	if err != nil {
		return nil, err
	}
	l := &loader{dir: dir, tags: o.Tags, beside: o.Beside, limits: o.Limits}
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
			r.policy.LeftOut = slices.DeleteFunc(r.policy.LeftOut, func(f LeftOut) bool {
				return slices.ContainsFunc(results, func(r result) bool { return r.files[f.Pos.File] })
			})
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
	unused []string        // tags that no field of the package has
	tags   []string        // keys of those that it has
	files  map[string]bool // that were read, by name
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
	indented := in.indented(inst)
	r, err := l.evaluate(in, inst, t, indented)
	if r.policy != nil {
		r.policy.Package, r.policy.Indented = inst.PkgName, indented
		noteReferences(r.policy, inst.Files)
		r.policy.LeftOut = l.leftOut(in, inst, t)
	}
	r.files = filesOf(inst)
	if err == nil && (r.faults.list == nil || r.faults.stage == checking) {
		es := otherPorts(inst.Files)
		if r.policy != nil {
			es = append(es, portsFromElsewhere(r.policy, inst, es)...)
		}
		if es != nil {
			r.policy, r.faults = nil, faults{checking, append(r.faults.list, es...)}
		}
	}
	if r.unused = unused; len(unused) > 0 {
		for _, t := range tagsOf(inst.Files) {
			r.tags = append(r.tags, t.key)
		}
	}
	return r, err
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

// syntaxFaults explains what CUE could not read.
func (l *loader) syntaxFaults(in input, inst *build.Instance) faults {
	x := newExplainer(inst.Files, cue.Value{}, cue.Value{}, &suggester{})
	x.rest = parsing
	x.input, x.folder = in, shown(l.dir, filepath.Join(in.root, filepath.FromSlash(in.dir)))
	x.explain(inst.Err)
	return x.faults()
}
