package main

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/clouds"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

//go:embed starter/policy.cue
var starterPolicy string

//go:embed starter/module.cue
var starterModule []byte

func initCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "init",
		Usage:     "write a starter policy, and the schema for plain cue and the editor",
		ArgsUsage: "[FOLDER]",
		Description: "Writes policy.cue, and below cue.mod the schema that this sgc carries, with which cue vet\n" +
			"and the CUE language server check and complete the policy offline. Nothing is overwritten, and\n" +
			"nothing written through a link. Beside a policy that is there, cue.mod alone is written.\n" +
			"After an upgrade, --update writes that copy of the schema anew and touches no policy.\n\n" +
			"   sgc init policies/web && sgc vet ./policies/web\n" +
			"   sgc init --update",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "update", Usage: "renew the copy of the schema, and nothing else"},
		},
		Action: func(c *cli.Context) error {
			if c.NArg() > 1 {
				return fmt.Errorf("init takes one folder; see sgc init --help")
			}
			dir, err := filepath.Abs(c.Args().First())
			if err != nil {
				return err
			}
			if info, err := os.Stat(dir); err == nil && !info.IsDir() {
				return fmt.Errorf("%s is a file; init takes a folder", c.Args().First())
			}
			root, found, err := moduleRoot(dir)
			if err != nil {
				return err
			}
			if c.Bool("update") {
				if !found {
					return fmt.Errorf("no cue.mod in %s or above it; sgc init without --update makes one", dir)
				}
				return writeModule(s, dir, root, true)
			}
			began, err := initialise(s, dir, root)
			if began && err == nil {
				offerImport(s)
			}
			return err
		},
	}
}

// offerImport says, where a cloud is configured, how to get a policy of the groups that it
// has. It asks no cloud.
func offerImport(s streams) {
	flag := ""
	if os.Getenv("OS_CLOUD") == "" && os.Getenv("OS_AUTH_URL") == "" {
		switch names := clouds.Names(); len(names) {
		case 0:
			return
		case 1:
			flag = " --os-cloud=" + names[0]
		default:
			flag = " --os-cloud=CLOUD"
		}
	}
	fmt.Fprintln(s.err, rule.Printable("sgc import"+flag+" -o imported/policy.cue writes the policy that your project's groups amount to"))
}

// initialise writes the module files into root, the folder of the CUE module that dir
// belongs to, and then the policy into dir, where none has begun.
func initialise(s streams, dir, root string) (began bool, err error) {
	var there []string
	for _, pattern := range []string{"*.cue", "policy.json", "policy.toml", "policy.yaml", "policy.yml"} {
		names, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return false, err
		}
		there = append(there, names...)
	}
	began = there == nil
	if _, err := os.Stat(moduleFile(root)); !began && err == nil {
		return false, fmt.Errorf("%s has %s already; sgc init --update renews the schema alone", dir, filepath.Base(there[0]))
	}
	if err := writeModule(s, dir, root, false); err != nil {
		return began, err
	}
	if !began {
		fmt.Fprintln(s.err, rule.Printable(shownName(there[0])+" stays as it is, and no policy.cue is written beside it"))
		return false, nil
	}
	name := policyName(filepath.Base(dir))
	starter := strings.NewReplacer("package example", "package "+packageName(name), `name: "example"`, `name: "`+name+`"`)
	return began, write(s, dir, root, filepath.Join(dir, "policy.cue"), []byte(starter.Replace(starterPolicy)))
}

func moduleFile(root string) string { return filepath.Join(root, "cue.mod", "module.cue") }

// writeModule puts the CUE files of the schema where plain cue finds them without a
// registry, and module.cue where there is none, without which it reads no module.
// Without anew, those that are there stay.
func writeModule(s streams, dir, root string, anew bool) error {
	if _, err := os.Stat(moduleFile(root)); errors.Is(err, fs.ErrNotExist) {
		if err := write(s, dir, root, moduleFile(root), starterModule); err != nil {
			return err
		}
	}
	to := filepath.Join(root, "cue.mod", "pkg", filepath.FromSlash(schema.ImportPath))
	files, err := fs.Glob(schema.Files(), "*.cue")
	if err != nil {
		return err
	}
	for _, name := range files {
		text, err := fs.ReadFile(schema.Files(), name)
		if err != nil {
			return err
		}
		there, err := os.ReadFile(filepath.Join(to, name))
		switch {
		case anew || errors.Is(err, fs.ErrNotExist):
			err = write(s, dir, root, filepath.Join(to, name), text)
		case err == nil && !bytes.Equal(there, text):
			fmt.Fprintf(s.err, "%s is not that of this sgc: sgc init --update renews it\n", rule.Printable(shownName(filepath.Join(to, name))))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// write makes a file in dir, which the user has named, or in the module's root.
func write(s streams, dir, root, name string, text []byte) error {
	if link := linkTo(dir, root, name); link != "" {
		return fmt.Errorf("%s is a link, and nothing is written through one; name the folder that it leads to, or remove it", shownName(link))
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	if err := os.WriteFile(name, text, 0o666); err != nil {
		return err
	}
	fmt.Fprintln(s.err, "wrote", rule.Printable(shownName(name)))
	return nil
}

// linkTo is a link on the way to a file, "" for none. How the user comes to the folder
// where they are, or the module to its own, is theirs to say.
func linkTo(dir, root, name string) string {
	stop := root
	if dir == root {
		stop = filepath.Dir(root)
	}
	if wd, err := os.Getwd(); err == nil && strings.HasPrefix(name, wd+string(filepath.Separator)) {
		stop = wd
	}
	for at := name; at != stop && at != filepath.Dir(at); at = filepath.Dir(at) {
		if info, err := os.Lstat(at); err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return at
		}
	}
	return ""
}

// shownName is the name of a file as the user would write it.
func shownName(name string) string {
	if wd, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(wd, name); err == nil && !strings.HasPrefix(rel, "..") {
			return rel
		}
	}
	return name
}

// moduleRoot is the nearest folder, from dir upwards, that has a folder cue.mod; dir
// itself where none has.
func moduleRoot(dir string) (root string, found bool, err error) {
	for at := dir; ; at = filepath.Dir(at) {
		info, err := os.Stat(filepath.Join(at, "cue.mod"))
		switch {
		case err == nil && !info.IsDir():
			return "", false, fmt.Errorf("%s is a file, and CUE needs a folder of that name; rename it, or remove it", shownName(filepath.Join(at, "cue.mod")))
		case err == nil:
			return at, true, nil
		case !errors.Is(err, fs.ErrNotExist):
			return "", false, err
		case at == filepath.Dir(at):
			return dir, false, nil
		}
	}
}

// policyName makes a policy's name of a folder's.
func policyName(folder string) string {
	name := regexp.MustCompile(`[^a-z0-9._-]+`).ReplaceAllString(strings.ToLower(folder), "-")
	name = strings.Trim(name, "._-")
	if name == "" {
		return "example"
	}
	return name[:min(len(name), 63)]
}

// packageName makes a CUE package of a policy's name. Packages of one name in a
// folder and in one below it are one to CUE, so each policy has its own.
func packageName(policy string) string {
	return "policy_" + regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(policy, "_")
}
