package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/parser"
	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/draft"
	"sgc.dev/sgc/lint"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
	"sgc.dev/sgc/schema/source"
)

func importCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "import",
		Usage:     "write a policy that allows exactly what a project's groups allow",
		ArgsUsage: "[INPUTS]",
		Description: "Reads the project's security groups and writes the policy that a person could have\n" +
			"written for them, after it has proven that the policy allows exactly what the groups\n" +
			"allow and that sgc plan --adopt with it creates and removes no rule. What it cannot\n" +
			"know it calls by its port or its network. Groups of controllers and of other policies\n" +
			"stay theirs.\n" +
			stateHelp +
			"With the folder of a policy, what it lacks goes into a file of its own there, and what\n" +
			"the cloud has no more is listed. Nothing of the policy changes. With other inputs, or\n" +
			"where the policy depends on tags, it is printed alone, with -o -.\n" +
			"--os-cloud may be repeated: each project's policy goes into a folder with the name of its\n" +
			"cloud, and groups of one name that do not allow the same are listed.\n\n" +
			"   sgc import --os-cloud=prod -o web/policy.cue\n" +
			"   sgc import -o -                        # print it\n" +
			"   sgc import --state groups.json --name web --only 'web-*'\n" +
			"   sgc import ./web                       # add what others have opened since\n" +
			"   sgc import --check ./web               # does the policy still allow what lives?",
		Flags: concat(inputFlags(), cloudFlags(), stateFlags(), []cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE`, - prints", DefaultText: "NAME.cue", TakesFile: true},
			&cli.BoolFlag{Name: "force", Aliases: []string{"f"}, Usage: "overwrite the file"},
			&cli.BoolFlag{Name: "dry-run", Usage: "prove it and say what would be written, and write nothing"},
			&cli.StringFlag{Name: "package", Usage: "`NAME` of the CUE package", DefaultText: "from the policy's"},
			&cli.StringFlag{Name: "name", Usage: "`NAME` of the policy", DefaultText: "from the project's"},
			&cli.StringSliceFlag{Name: "only", Usage: "import groups with a name, tag or id like `GLOB` alone; may be repeated"},
			&cli.StringSliceFlag{Name: "except", Usage: "leave out groups with a name, tag or id like `GLOB`; may be repeated"},
			&cli.BoolFlag{Name: "include-managed", Usage: "import groups that a controller seems to have made too"},
			&cli.BoolFlag{Name: "include-owned", Usage: "import groups of other policies too"},
			&cli.StringFlag{Name: "terraform", Usage: "import the groups that are Terraform's in `FILE`, of terraform show -json, and write removed.tf too, which makes it forget them", TakesFile: true},
			&cli.BoolFlag{Name: "check", Usage: "write nothing: exit 0 where the inputs allow exactly what lives, else 1 with the difference"},
		}),
		Action: func(c *cli.Context) error {
			if c.Bool("check") {
				return checkImport(c, s)
			}
			return runImport(c, s)
		},
	}
}

func runImport(c *cli.Context, s streams) error {
	o := draft.Options{
		Only: c.StringSlice("only"), Except: c.StringSlice("except"),
		Managed: c.Bool("include-managed"), Owned: c.Bool("include-owned"),
	}
	for _, flag := range []string{"only", "except"} {
		if err := rule.Globs(c.StringSlice(flag)).Check(); err != nil {
			return fmt.Errorf("--%s: %w", flag, err)
		}
	}
	day, err := asOf(c)
	if err != nil {
		return err
	}
	o.Today = day
	if c.NArg() > 0 {
		return importBeside(c, s, o)
	}
	about, err := cloudsOf(c)
	if err != nil {
		return err
	}
	if len(about) > 1 {
		return importSeveral(c, s, o, about)
	}
	p := newProject(s, about[0])
	src, name, err := importSource(c, p)
	if err != nil {
		return err
	}
	_, err = importProject(c, p, src, name, o)
	return err
}

// importProject writes the policy of a project's groups, and proves it before. The policy is that
// text before it was one.
func importProject(c *cli.Context, in *project, src draft.Source, name string, o draft.Options) (*draft.Policy, error) {
	s := in.streams
	if o.Name = c.String("name"); o.Name == "" {
		o.Name = policyName(name)
	}
	if err := rule.CheckPolicyName(o.Name); err != nil {
		return nil, fmt.Errorf("--name: %w: it takes at most 63 lower-case letters, digits, \".\", \"_\" and \"-\"", err)
	}
	if o.Package = c.String("package"); o.Package == "" {
		o.Package = importedPackage(o.Name)
	}
	if !isPackage(o.Package) {
		return nil, fmt.Errorf("--package %q is not a name of a CUE package: write it as in web_shop", o.Package)
	}
	file := cmp.Or(c.String("output"), filepath.Join(in.Name, o.Name+".cue"))
	if there := policyBeside(file); there != "" && !c.IsSet("output") {
		return nil, fmt.Errorf("%s is part of a policy: sgc import . adds to it, -o names a file for another one", there)
	}
	if err := mayWrite(file, c.Bool("force") || c.Bool("dry-run")); err != nil {
		return nil, err
	}
	owner, err := terraform(c)
	if err != nil {
		return nil, err
	}
	if owner != nil {
		if !owner.In(src.State) {
			return nil, fmt.Errorf("%s: none of its security groups (%d) is in %s: is it the state of another project?", c.String("terraform"), len(owner.Groups), src.Where)
		}
		o.Among, o.Managed = owner.Groups, true
	}
	p := draft.New(src, o)
	if deserted := p.Deserted(src.State); deserted != nil {
		g := deserted[0]
		return nil, fmt.Errorf("security group %s (%s) is policy %s's already, and would not be imported (%s), so that the next plan deletes it: import it too, take the mark out of its description, or give the import another --name", g.Name, g.ID, o.Name, g.Why)
	}
	if p.Empty() {
		p.SayLeft(s.err)
		if hint := p.Hint(); hint != "" {
			return nil, fmt.Errorf("nothing to import: %s", hint)
		}
		return nil, errors.New("nothing to import")
	}
	text, err := p.Text()
	if err != nil {
		return nil, err
	}
	proof, findings, err := prove(c, s, p, text, src.State)
	if err != nil {
		return nil, err
	}
	if err := standsAlone(file, o.Package); err != nil {
		return nil, err
	}
	if c.Bool("force") && file != "-" {
		if err := mayReplace(file, text); err != nil {
			return nil, err
		}
	}
	if owner != nil { // first, as a run after one that ends in between finds it as it is to be
		if err := writeRemoved(c, s, owner.Removed(p, src.State)); err != nil {
			return nil, err
		}
	}
	if err := writeImport(c, s, file, text); err != nil {
		return nil, err
	}
	if err := p.Summary(s.err, proof); err != nil {
		return nil, err
	}
	if owner != nil {
		owner.SayLeft(s.err, p, src.State)
	}
	sayFindings(s, findings)
	return p, nil
}

// sayFindings counts what lints say of the policy.
func sayFindings(s streams, findings []lint.Finding) {
	times := map[string]int{}
	for _, f := range findings {
		times[f.Code]++
	}
	if len(times) > 0 {
		fmt.Fprintln(s.err, "sgc vet finds:")
	}
	for _, code := range slices.Sorted(maps.Keys(times)) {
		l, _ := lint.Find(code)
		fmt.Fprintf(s.err, "   %s (%d): %s\n", code, times[code], l.Title)
	}
}

// prove compiles the text, and compares it with the state that it was made from. findings
// is what lints say of it.
func prove(c *cli.Context, s streams, p *draft.Policy, text []byte, state *rule.State) (proof draft.Proof, findings []lint.Finding, err error) {
	var set *rule.Set
	err = guarded(s, func(c *cli.Context) error {
		policies, err := schema.Load(schema.Options{Inputs: []string{"-"}, Stdin: bytes.NewReader(text), Limits: limitsOf(c)})
		if err != nil {
			return err
		}
		sets, err := compile(c, policies)
		if err == nil {
			set = sets[0]
			findings, _ = lint.Check(policies[0], set, lint.Options{})
		}
		return err
	})(c)
	if err != nil {
		return proof, nil, err
	}
	options, state := p.TakingOver(state)
	next, err := adopting(set, state, options)
	if err != nil {
		return proof, nil, err
	}
	proof, err = p.Prove(set, next)
	return proof, findings, err
}

// mayWrite says why a policy's file is not written to.
func mayWrite(file string, force bool) error {
	if file == "-" {
		return nil
	}
	if there, err := os.Stat(file); err == nil && there.IsDir() {
		return fmt.Errorf("--output %s is a folder: name a file in it, such as %s", file, filepath.Join(file, "policy.cue"))
	}
	if filepath.Ext(file) != ".cue" {
		return fmt.Errorf("--output %s: a policy's file is called .cue", file)
	}
	if leftOut.MatchString(filepath.Base(file)) {
		return fmt.Errorf("--output %s: CUE leaves files out that begin with . or _ or end in _test.cue or _tool.cue: -o names another file", file)
	}
	there, err := os.Lstat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !there.Mode().IsRegular():
		return fmt.Errorf("%s is a link or no file, and nothing is written there: -o names another file", file)
	case !force:
		return isThere(file)
	}
	return nil
}

// leftOut are the names of files that are part of no package.
var leftOut = regexp.MustCompile(`^[._]|_(test|tool)\.cue$`)

// standsAlone says why a file of a package would not be a whole policy in its place.
func standsAlone(file, pkg string) error {
	if file == "-" {
		return nil
	}
	with, below, others, err := source.Sharing(filepath.Dir(file), pkg)
	if err != nil {
		return err
	}
	for _, other := range append(with, below...) {
		if shownName(other) != shownName(file) {
			return fmt.Errorf("%s is of package %s too, and both would be one policy: -o names a file in another folder", other, pkg)
		}
	}
	if _, err := os.Lstat(file); errors.Is(err, fs.ErrNotExist) && others != nil {
		return fmt.Errorf("%s is of another package, and a folder has one policy: -o names a file in another folder", others[0])
	}
	return nil
}

// writeImport writes a file, or in a dry run shows as a diff what it would. Without -f what is there by
// now stays, and nothing is written through a link.
func writeImport(c *cli.Context, s streams, file string, text []byte) error {
	write := func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	}
	switch {
	case file == "-":
		return write(s.out)
	case c.Bool("dry-run"):
		fmt.Fprintf(s.err, "%s would be written\n", rule.Printable(shownName(file)))
		return showDiff(s.out, file, text)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	mode, publish := os.FileMode(0o666), func(from, to string) error { return unused(from, to, os.Link) }
	if c.Bool("force") {
		publish = os.Rename
		if there, err := os.Lstat(file); err == nil {
			mode = there.Mode().Perm()
		}
	}
	err := whole(file, mode, write, publish)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s has come meanwhile, and stays as it is: start again", file)
	}
	if err == nil {
		fmt.Fprintln(s.err, "wrote", rule.Printable(shownName(file)))
	}
	return err
}

// importedPackage makes a CUE package of a policy's name.
func importedPackage(policy string) string {
	name := strings.Trim(regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(policy, "_"), "_")
	if isPackage(name) {
		return name
	}
	return "policy_" + name
}

func isPackage(name string) bool {
	f, err := parser.ParseFile("", "package "+name)
	return err == nil && f.PackageName() == name && ast.IsValidIdent(name) && !strings.HasPrefix(name, "_") && !strings.HasPrefix(name, "#")
}
