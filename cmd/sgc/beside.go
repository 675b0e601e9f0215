package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cuelang.org/go/cue/parser"
	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/draft"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// importBeside writes what a policy lacks of the groups that live into a file of its own,
// beside those of the policy, of which nothing changes.
func importBeside(c *cli.Context, s streams, o draft.Options) error {
	for _, flag := range []string{"name", "package", "terraform"} {
		if c.IsSet(flag) {
			return fmt.Errorf("--%s: an import into a policy has no use for it", flag)
		}
	}
	inputs, err := sources(c.Args().Slice())
	if err != nil {
		return err
	}
	policy, set, err := onePolicy(c, s, inputs, nil)
	if err != nil {
		return err
	}
	src, _, err := importSource(c, s)
	if err != nil {
		return err
	}
	before, err := adopting(set, src.State)
	if err != nil {
		return err
	}
	src.Beside = &draft.Existing{Policy: policy, Set: set, Plan: before}
	o.Name = policy.Name
	if o.Package, err = packageOf(policy.Pos.File); err != nil {
		return err
	}
	p := draft.New(src, o)
	_, probe, err := onePolicy(c, s, append(slices.Clone(inputs), "-"), p.Probe())
	if err != nil {
		return err
	}
	if o.Unfit = p.Unfit(probe); len(o.Unfit) > 0 {
		p = draft.New(src, o)
	}
	if p.Empty() {
		fmt.Fprintln(s.err, "nothing is new: the policy allows all that its groups do")
		p.SayLeft(s.err)
		return sayGone(s, p)
	}
	text, err := p.Text()
	if err != nil {
		return err
	}
	_, whole, err := onePolicy(c, s, append(slices.Clone(inputs), "-"), text)
	if err != nil {
		return fmt.Errorf("what is new does not fit beside the policy, and nothing has been written: %w", err)
	}
	next, err := adopting(whole, p.AsNobodys(src.State))
	if err != nil {
		return err
	}
	proof, err := p.ProveBeside(whole, next)
	if err != nil {
		return err
	}
	file := c.String("output")
	if file == "" {
		file = unusedName(filepath.Join(filepath.Dir(policy.Pos.File), "imported.cue"))
	}
	switch _, err := os.Stat(file); {
	case c.Bool("dry-run"):
		fmt.Fprintf(s.out, "--- /dev/null\n+++ %s\n", rule.Printable(file))
		for line := range strings.Lines(string(text)) {
			fmt.Fprint(s.out, "+", line)
		}
	case file != "-" && err == nil:
		return fmt.Errorf("%s is there already, and an import into a policy overwrites nothing: -o names another file", file)
	default:
		if err := writeImport(file, text, s); err != nil {
			return err
		}
	}
	if err := p.Summary(s.err, proof); err != nil {
		return err
	}
	return sayGone(s, p)
}

func sayGone(s streams, p *draft.Policy) error {
	for _, line := range p.Gone() {
		fmt.Fprintln(s.err, rule.Printable(line))
	}
	return nil
}

// onePolicy loads and compiles what has to be one policy.
func onePolicy(c *cli.Context, s streams, inputs []string, stdin []byte) (policy *schema.Policy, set *rule.Set, err error) {
	err = guarded(s, func(c *cli.Context) error {
		policies, err := schema.Load(schema.Options{Inputs: inputs, Tags: c.StringSlice("inject"), Stdin: bytes.NewReader(stdin), Limits: limitsOf(c)})
		if err != nil {
			return err
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
func adopting(set *rule.Set, state *rule.State) (*plan.Plan, error) {
	round, err := apply.PlanOffline([]apply.Job{{Desired: plan.FromSet(set), Options: plan.Options{Adopt: true}}}, state)
	switch {
	case err != nil:
		return nil, err
	case round.Problems != nil:
		return nil, round.Problems
	}
	return round.Plans[0], nil
}

// sources is the files of the package that inputs name, so that one more can be put beside
// them. Files that are named stay as they are.
func sources(inputs []string) ([]string, error) {
	var files []string
	for _, input := range inputs {
		folder, pkg, _ := strings.Cut(input, ":")
		if info, err := os.Stat(folder); err != nil || !info.IsDir() {
			files = append(files, input)
			continue
		}
		found, err := sourcesOf(folder, pkg)
		if err != nil {
			return nil, err
		}
		files = append(files, found...)
	}
	return files, nil
}

// sourcesOf is the files of a package in a folder, with those of the same name in the
// folders above it, up to that of the module, which belong to it.
func sourcesOf(folder, pkg string) ([]string, error) {
	var files []string
	at, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	root, inModule, err := moduleRoot(at)
	if err != nil {
		return nil, err
	}
	for shown := folder; ; shown, at = filepath.Join(shown, ".."), filepath.Dir(at) {
		list, err := filepath.Glob(filepath.Join(shown, "*.cue"))
		if err != nil {
			return nil, err
		}
		for _, file := range list {
			if name := filepath.Base(file); strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") {
				continue
			}
			name, err := packageOf(file)
			if err != nil || name == "" {
				continue
			}
			if pkg == "" {
				pkg = name
			}
			if name == pkg {
				files = append(files, file)
			}
		}
		if !inModule || at == root || files == nil {
			return files, nil
		}
	}
}

// packageOf is the package of a file, "" for none.
func packageOf(file string) (string, error) {
	f, err := parser.ParseFile(file, nil, parser.PackageClauseOnly)
	if err != nil {
		return "", err
	}
	return f.PackageName(), nil
}

// unusedName is the name, or where there is such a file the name with a number.
func unusedName(file string) string {
	base := strings.TrimSuffix(file, ".cue")
	for n := 2; ; n++ {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return file
		}
		file = fmt.Sprintf("%s-%d.cue", base, n)
	}
}
