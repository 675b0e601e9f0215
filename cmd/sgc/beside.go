package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/parser"
	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/draft"
	"sgc.dev/sgc/lint"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
	"sgc.dev/sgc/schema/source"
	"sgc.dev/sgc/statefile"
)

// importBeside writes what a policy lacks of the groups that live into a file of its own,
// beside those of the policy, of which nothing changes.
func importBeside(c *cli.Context, s streams, o draft.Options) error {
	if err := severed(c); err != nil {
		return err
	}
	policy, set, err := onePolicy(c, s, nil)
	if err != nil {
		return err
	}
	if err := useless(c, "an import into a policy", "name", "package", "force"); err != nil {
		return err
	}
	if c.IsSet("terraform") {
		return fmt.Errorf("--terraform makes a policy of its own: leave %s out, and name a file in another folder with -o", c.Args().First())
	}
	o.Name = policy.Name
	if o.Package = policy.Package; o.Package == "" {
		return fmt.Errorf("%s has no package clause, which what is new needs to be part of the same policy: begin it with one, as in package web", policy.Pos.File)
	}
	file, err := addition(c, policy)
	if err != nil {
		return err
	}
	about, err := oneCloud(c)
	if err != nil {
		return err
	}
	src, _, err := importSource(c, newProject(s, about))
	if err != nil {
		return err
	}
	before, err := adopting(set, src.State, plan.Options{Adopt: true})
	if err != nil {
		return err
	}
	files, err := filesOf(c.Args().Slice(), policy.Package)
	if err != nil {
		return err
	}
	src.Beside = &draft.Existing{Policy: policy, Set: set, Plan: before}
	for _, file := range files {
		if text, err := readFile(file); err == nil {
			src.Beside.Text += string(text)
		}
	}
	var add *added
	for {
		if add, err = tryBeside(c, s, src, o); err == nil {
			break
		}
		if !o.LeaveOut(add.Policy, add.whole, err) {
			return err
		}
	}
	p, text, whole, proof := add.Policy, add.text, add.whole, add.proof
	if p.Empty() {
		text := "nothing is new: the policy allows all that its groups do"
		if !p.Allowed() {
			text = "nothing to add: the policy allows all that its groups do, but for what is said below"
		}
		fmt.Fprintln(s.err, text)
		p.SayLeft(s.err)
		return sayGone(s, p)
	}
	if err := writeImport(c, s, file, text); err != nil {
		return err
	}
	if tags := c.StringSlice("inject"); len(tags) > 0 {
		fmt.Fprintln(s.err, "sgc: note: what is new is proven with", rule.Printable("-t "+strings.Join(tags, " -t ")), "alone")
	} else if at, err := tagged(c.Args().Slice(), policy.Package); err == nil && at != "" {
		fmt.Fprintf(s.err, "sgc: note: what is new is proven without tags alone, and the policy depends on some: %s\n", rule.Printable(at))
	}
	sayBroken(s, set, whole)
	if err := p.Summary(s.err, proof); err != nil {
		return err
	}
	findings, _ := lint.Check(add.extended, whole, lint.Options{})
	sayFindings(s, findings)
	return sayGone(s, p)
}

// severed refuses inputs that are more values of a flag, which takes one each time.
func severed(c *cli.Context) error {
	for _, input := range c.Args().Slice() {
		_, err := os.Stat(input)
		for _, flag := range []string{"state", "only", "except"} {
			if c.IsSet(flag) && (flag == "state" && filepath.Ext(input) == ".json" || flag != "state" && err != nil && filepath.Ext(input) == "") {
				return fmt.Errorf("%s is an input here: each value of --%s takes a --%s of its own", input, flag, flag)
			}
		}
	}
	return nil
}

// added is what is new beside a policy, as far as it has come: its text, what the two are
// together, and the proof of it.
type added struct {
	*draft.Policy
	text     []byte
	extended *schema.Policy
	whole    *rule.Set
	proof    draft.Proof
}

// tryBeside imports what a policy lacks of a state.
func tryBeside(c *cli.Context, s streams, src draft.Source, o draft.Options) (*added, error) {
	existing := *src.Beside
	src.Beside = &existing
	add := &added{Policy: draft.New(src, o)}
	bare, probe, err := onePolicy(c, s, add.Probe())
	if err != nil {
		return add, err
	}
	existing.Bare, o.Given = bare, add.Given(probe)
	unfit := add.Unfit(probe)
	maps.Copy(unfit, o.Unfit)
	o.Unfit = unfit
	add.Policy = draft.New(src, o)
	next := existing.Plan
	if add.whole = existing.Set; !add.Empty() {
		if add.text, err = add.Text(); err != nil {
			return add, err
		}
		if add.extended, add.whole, err = onePolicy(c, s, add.text); err != nil {
			return add, fmt.Errorf("what is new does not fit beside the policy, and nothing has been written: %w", err)
		}
		options, state := add.TakingOver(src.State)
		options.Adopt = true
		if next, err = adopting(add.whole, state, options); err != nil {
			return add, err
		}
	}
	add.proof, err = add.Prove(add.whole, next)
	return add, err
}

// useless refuses flags that change nothing about what a command is to do.
func useless(c *cli.Context, what string, flags ...string) error {
	for _, flag := range flags {
		if c.IsSet(flag) {
			return fmt.Errorf("--%s: %s has no use for it", flag, what)
		}
	}
	return nil
}

// sayBroken says which assertions hold before, and not with what is new.
func sayBroken(s streams, before, whole *rule.Set) {
	failed := map[string]bool{}
	for _, failure := range judged(before) {
		failed[failure.Path] = true
	}
	broken := false
	for _, failure := range judged(whole) {
		if !failed[failure.Path] {
			fmt.Fprintf(s.err, "with what is new, %s: %s\n", rule.Printable(failure.Path), rule.Printable(failure.Message))
			broken = true
		}
	}
	if broken {
		fmt.Fprintln(s.err, "until that is mended, sgc vet, test, plan and apply fail: take out what breaks it, or change the assertion")
	}
}

// sayGone says in what the policy and the cloud differ that an import does not change.
func sayGone(s streams, p *draft.Policy) error {
	for _, part := range []struct {
		title string
		lines []string
	}{{draft.GoneTitle, p.Gone()}, {draft.GoingTitle, p.Going()}} {
		if part.lines != nil {
			fmt.Fprintf(s.err, "%s:\n", part.title)
		}
		for _, line := range part.lines {
			fmt.Fprintln(s.err, "  ", rule.Printable(line))
		}
	}
	return nil
}

// onePolicy loads and compiles what has to be one policy, with a file more beside its own.
func onePolicy(c *cli.Context, s streams, beside []byte) (policy *schema.Policy, set *rule.Set, err error) {
	err = guarded(s, func(c *cli.Context) error {
		policies, err := schema.Load(schema.Options{Inputs: c.Args().Slice(), Tags: c.StringSlice("inject"), Beside: beside, Limits: limitsOf(c), Rehearsal: rehearsal})
		if err != nil {
			return cmp.Or(misplacedInput(c.Args().Slice()), err)
		}
		if len(policies) != 1 {
			return fmt.Errorf("these are %d policies: import into one at a time", len(policies))
		}
		sets, err := compile(c, policies)
		if err == nil {
			policy, set = policies[0], sets[0]
		}
		return err
	})(c)
	return policy, set, err
}

// adopting is what a policy would do to a state, taking groups over.
func adopting(set *rule.Set, state *rule.State, options plan.Options) (*plan.Plan, error) {
	jobs := []apply.Job{{Desired: plan.FromSet(set), Options: options}}
	round, err := apply.Plan(context.Background(), statefile.Project{State: state}, jobs, plan.Permits{})
	switch {
	case err != nil:
		return nil, err
	case round.Problems != nil:
		return nil, round.Problems
	}
	return round.Plans[0], nil
}

// addition is the file that what is new goes into: in the one folder that the inputs name,
// so that what is read from there is what has been proven.
func addition(c *cli.Context, policy *schema.Policy) (string, error) {
	file := c.String("output")
	if file == "-" {
		return file, nil
	}
	if c.IsSet("inject") {
		return "", errors.New("-t: a file beside the policy counts whatever the tags are, and what is new is proven with these alone: print it with -o -, and put it where it counts with them alone")
	}
	folder, _, _ := strings.Cut(c.Args().First(), ":")
	in, err := os.Stat(folder)
	if c.NArg() != 1 || err != nil || !in.IsDir() {
		return "", errors.New("what is new becomes a file in the policy's folder: name that folder alone, as in sgc import ., or print what is new with -o -")
	}
	if file == "" {
		file = unusedName(filepath.Join(folder, "imported.cue"))
	}
	if to, err := os.Stat(filepath.Dir(file)); err != nil || !os.SameFile(in, to) {
		return "", fmt.Errorf("--output %s: what is new counts in the folder of the policy alone: name a file in %s", file, folder)
	}
	if there, err := os.Lstat(file); err == nil && there.Mode().IsRegular() {
		return "", fmt.Errorf("%s is there already, and an import into a policy overwrites nothing: -o names another file", file)
	}
	if err := mayWrite(file, true); err != nil {
		return "", err
	}
	with, below, _, err := source.Sharing(folder, policy.Package)
	if err == nil && len(below) > 0 {
		err = fmt.Errorf("%s is of package %s too, and has all that is in the folders above it: print what is new with -o -, and say where it counts", below[0], policy.Package)
	}
	if err != nil {
		return "", err
	}
	own, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return "", err
	}
	if there, _, _, err := source.Sharing(own, policy.Package); err != nil || len(there) != len(with) {
		return "", cmp.Or(err, fmt.Errorf("%s is behind a link, and is part of another policy where it is: name it as %s", folder, own))
	}
	at, err := tagged(c.Args().Slice(), policy.Package)
	if err == nil && at != "" {
		err = fmt.Errorf("%s: what the policy says depends on tags here, and a file beside it counts whatever these are, while what is new is proven without any: print it with -o -, and put it where it counts", at)
	}
	return file, err
}

// tagged is where the files of a policy say what depends on tags, "" for nowhere.
func tagged(inputs []string, pkg string) (at string, err error) {
	files, err := filesOf(inputs, pkg)
	for _, file := range files {
		f, err := parser.ParseFile(file, nil)
		if err != nil {
			continue // the policy has been read, and this is none of it
		}
		ast.Walk(f, func(n ast.Node) bool {
			if a, ok := n.(*ast.Attribute); ok && at == "" {
				if name, _ := a.Split(); name == "tag" || name == "if" {
					at = rule.Pos{File: file, Line: a.Pos().Line(), Column: a.Pos().Column()}.String()
				}
			}
			return true
		}, nil)
	}
	return at, err
}

// filesOf is the files that inputs name, and those of the package in folders.
func filesOf(inputs []string, pkg string) (files []string, err error) {
	for _, input := range inputs {
		folder, _, _ := strings.Cut(input, ":")
		if in, err := os.Stat(folder); err != nil || !in.IsDir() {
			files = append(files, input)
			continue
		}
		more, _, _, err := source.Sharing(folder, pkg)
		if err != nil {
			return nil, err
		}
		files = append(files, more...)
	}
	return files, nil
}

// unusedName is the name, or where there is such a file the name with a number.
func unusedName(file string) string {
	base := strings.TrimSuffix(file, ".cue")
	for n := 2; ; n++ {
		if _, err := os.Lstat(file); err != nil { // it may be written, or it is said why not
			return file
		}
		file = fmt.Sprintf("%s-%d.cue", base, n)
	}
}
