package source

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/fault"
)

// An Input is one policy to load: a package, or some files together.
type Input struct {
	root    string     // the module's folder, else the input's own; absolute
	loose   bool       // root has no module file
	dir     string     // where args start: below root, with slashes
	args    []string   // for CUE's loader; none where there are data files alone
	data    []dataFile // become part of the policy
	Name    string     // of root, as messages have it
	Pattern bool       // found through "...": a package without name and tiers is then no policy
}

// A dataFile is JSON, YAML or TOML.
type dataFile struct {
	path     string // absolute, or "-" for standard input
	encoding string // "json", "yaml" or "toml"
}

// stdin says whether the input takes standard input.
func (in Input) stdin() bool {
	return slices.Contains(in.args, "-") || slices.ContainsFunc(in.data, func(d dataFile) bool { return d.path == "-" })
}

// Named says whether the command line names files of the package, and no folder.
func (in Input) Named() bool { return slices.Contains(in.args, "cue:") }

// Package is the name of the package that the command line asks for, "" for whichever
// there is.
func (in Input) Package() string {
	if in.Named() || len(in.args) == 0 {
		return ""
	}
	_, name, _ := strings.Cut(in.args[0], ":")
	return name
}

// encodings are the qualifiers of files, as in "yaml: -", by the extensions that imply them.
var encodings = map[string]string{".cue": "cue", ".json": "json", ".yaml": "yaml", ".yml": "yaml", ".toml": "toml"}

// IsData says whether a file is JSON, YAML or TOML by its name.
func IsData(name string) bool {
	encoding := encodings[filepath.Ext(name)]
	return encoding != "" && encoding != "cue"
}

// Qualified takes the encoding off an argument, "" where it has none, as in "yaml:-".
func Qualified(arg string) (encoding, name string) {
	if q, rest, ok := strings.Cut(arg, ":"); ok && slices.Contains([]string{"cue", "json", "yaml", "toml"}, q) {
		return q, rest
	}
	return "", arg
}

// nothingIn says what to name on the command line in a folder without CUE files.
func nothingIn(dir string) string {
	entries, _ := os.ReadDir(dir) // what cannot be listed has nothing to name
	for _, e := range entries {
		if IsData(e.Name()) && !e.IsDir() {
			return fmt.Sprintf("there is no CUE in this folder, and data are read only where they are named: name %s, or begin a policy with sgc init", rule.Printable(e.Name()))
		}
	}
	return "there is no policy in this folder: name a folder or a file, or begin one with sgc init"
}

// find reads the command line as cue does: folders, folder/... and files, or
// a file's encoding before it. Without any it is the package in dir, else those
// below dir's policies folder.
func find(dir string, args []string) ([]Input, error) {
	if len(args) == 0 {
		args = []string{"."}
		if !hasSources(dir) {
			if info, err := os.Stat(filepath.Join(dir, "policies")); err == nil && info.IsDir() {
				args = []string{"./policies/..."}
			} else {
				return nil, fault.Errors{{Pos: rule.Pos{File: "."}, Message: nothingIn(dir)}}
			}
		}
	}
	var found []Input
	var files []dataFile
	encoding := ""
	for _, arg := range args {
		q, name := Qualified(arg)
		if q != "" {
			encoding = q
		}
		if q != "" && name == "" {
			continue
		}
		if f, ok, err := asFile(dir, name, encoding); err != nil {
			return nil, err
		} else if ok {
			files = append(files, f)
			continue
		}
		in, err := asPackages(dir, name)
		if err != nil {
			return nil, err
		}
		found = append(found, in...)
	}
	return together(dir, found, files)
}

// asFile reads an argument that names a file.
func asFile(dir, name, encoding string) (dataFile, bool, error) {
	if name == "-" {
		if encoding == "" {
			encoding = "cue"
		}
		return dataFile{"-", encoding}, true, nil
	}
	path := absolute(dir, name)
	info, err := os.Stat(path)
	implied := encodings[filepath.Ext(name)]
	switch {
	case err == nil && info.IsDir():
		return dataFile{}, false, nil
	case err != nil && implied == "" && encoding == "":
		return dataFile{}, false, nil
	case err != nil:
		return dataFile{}, false, fault.Errors{{Pos: rule.Pos{File: name}, Message: reason(err)}}
	case strings.HasSuffix(name, "/"):
		return dataFile{}, false, fault.Errors{{Pos: rule.Pos{File: name}, Message: fmt.Sprintf("this is a file, not a folder: name it without the slash, %s", strings.TrimRight(name, "/"))}}
	case encoding == "" && implied == "":
		return dataFile{}, false, fault.Errors{{Pos: rule.Pos{File: name}, Message: fmt.Sprintf("a policy is CUE (.cue), JSON (.json), YAML (.yaml) or TOML (.toml): if this is one, rename it, or say which before it, as in yaml: %s", name)}}
	case encoding == "":
		encoding = implied
	}
	return dataFile{path, encoding}, true, nil
}

// asPackages reads an argument that names a folder, or all those below one.
func asPackages(dir, arg string) ([]Input, error) {
	name, pkg, _ := strings.Cut(arg, ":")
	base, pattern := strings.CutSuffix(name, "...")
	if pattern && base != "" && !strings.HasSuffix(base, "/") {
		return nil, fault.Errors{{Pos: rule.Pos{File: arg}, Message: `"..." means whole folders: write folder/...`}}
	}
	path := absolute(dir, base)
	info, err := os.Stat(path)
	if err != nil {
		return nil, fault.Errors{{Pos: rule.Pos{File: name}, Message: reason(err)}}
	}
	if !info.IsDir() {
		return nil, fault.Errors{{Pos: rule.Pos{File: name}, Message: "is not a folder"}}
	}
	folders := []string{path}
	if _, err := os.ReadDir(path); err != nil {
		return nil, fault.Errors{{Pos: rule.Pos{File: shown(dir, path)}, Message: reason(err)}}
	}
	if !pattern && !hasSources(path) {
		message := "there is no CUE file in this folder"
		if below, err := packages(path); err == nil && len(below) > 0 {
			all := filepath.ToSlash(filepath.Join(name, "..."))
			if filepath.IsLocal(name) {
				all = "./" + all
			}
			message += ": name those below it with " + all
		}
		return nil, fault.Errors{{Pos: rule.Pos{File: name}, Message: message}}
	}
	if pattern {
		if folders, err = packages(path); err != nil {
			var perr *fs.PathError
			if errors.As(err, &perr) {
				base = shown(dir, perr.Path)
			}
			return nil, fault.Errors{{Pos: rule.Pos{File: base}, Message: reason(err)}}
		}
		if len(folders) == 0 {
			return nil, fault.Errors{{Pos: rule.Pos{File: strings.TrimSuffix(base, "/")}, Message: "there is no CUE file in this folder or below"}}
		}
	}
	found := make([]Input, len(folders))
	for i, folder := range folders {
		arg := "."
		if pkg != "" {
			arg = ".:" + pkg
		}
		found[i] = rooted(folder)
		found[i].args, found[i].Pattern = []string{arg}, pattern
	}
	return found, nil
}

// rooted is an input that starts in folder.
func rooted(folder string) Input {
	root, ok := moduleRoot(folder)
	if !ok {
		return Input{root: folder, loose: true, dir: "."}
	}
	rel, err := filepath.Rel(root, folder)
	if err != nil {
		rel = "."
	}
	_, err = os.Stat(filepath.Join(root, filepath.FromSlash(moduleFile)))
	return Input{root: root, loose: err != nil, dir: filepath.ToSlash(rel)}
}

// together puts the files with the packages: data becomes part of each package, or
// of the policy that the CUE files make together.
func together(dir string, found []Input, files []dataFile) ([]Input, error) {
	var cueFiles, data []dataFile
	for _, f := range files {
		if f.encoding == "cue" {
			cueFiles = append(cueFiles, f)
		} else {
			data = append(data, f)
		}
	}
	switch {
	case len(cueFiles) > 0 && len(found) > 0:
		return nil, fault.Errors{{Pos: rule.Pos{File: shown(dir, cueFiles[0].path)}, Message: "give folders or CUE files, not both: the files of a folder belong together already"}}
	case len(cueFiles) > 0:
		folder := dir
		if cueFiles[0].path != "-" {
			folder = filepath.Dir(cueFiles[0].path)
		}
		in := rooted(folder)
		for _, f := range cueFiles {
			if f.path == "-" {
				in.args = append(in.args, "cue:", "-")
				continue
			}
			rel, err := filepath.Rel(filepath.Join(in.root, filepath.FromSlash(in.dir)), f.path)
			if err != nil || !inside(in.root, f.path) {
				return nil, fault.Errors{{Pos: rule.Pos{File: shown(dir, f.path)}, Message: fmt.Sprintf("lies outside of %s, where the policy begins", shown(dir, in.root))}}
			}
			if strings.Contains(rel, ":") {
				return nil, fault.Errors{{Pos: rule.Pos{File: shown(dir, f.path)}, Message: "CUE takes what stands before a colon for a kind of file: rename this one"}}
			}
			in.args = append(in.args, "cue:", "./"+filepath.ToSlash(rel))
		}
		found = []Input{in}
	case len(found) == 0:
		found = []Input{rooted(dir)}
	}
	for i := range found {
		found[i].data, found[i].Name = data, shown(dir, found[i].root)
	}
	return found, nil
}
