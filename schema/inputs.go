package schema

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// An input is one policy to load: a package, or some files together.
type input struct {
	root    string     // the module's folder, else the input's own; absolute
	loose   bool       // root has no module file
	dir     string     // where args start: below root, with slashes
	args    []string   // for CUE's loader; none where there are data files alone
	data    []dataFile // become part of the policy
	pattern bool       // found through "...": a package without name and tiers is then no policy
}

// A dataFile is JSON, YAML or TOML.
type dataFile struct {
	path     string // absolute, or "-" for standard input
	encoding string // "json", "yaml" or "toml"
}

// stdin says whether the input takes standard input.
func (in input) stdin() bool {
	return slices.Contains(in.args, "-") || slices.ContainsFunc(in.data, func(d dataFile) bool { return d.path == "-" })
}

// encodings are the qualifiers of files, as in "yaml: -", by the extensions that imply them.
var encodings = map[string]string{".cue": "cue", ".json": "json", ".yaml": "yaml", ".yml": "yaml", ".toml": "toml"}

// inputs reads the command line as cue does: folders, folder/... and files, or
// a file's encoding before it. Without any it is the package in dir, else those
// below dir's policies folder.
func inputs(dir string, args []string) ([]input, error) {
	if len(args) == 0 {
		args = []string{"."}
		if !hasSources(dir) {
			if info, err := os.Stat(filepath.Join(dir, "policies")); err == nil && info.IsDir() {
				args = []string{"./policies/..."}
			} else {
				return nil, Errors{{Pos: rule.Pos{File: "."}, Message: "there is no policy in this folder: name a folder or a file, or begin one with sgc init"}}
			}
		}
	}
	var found []input
	var files []dataFile
	encoding := ""
	for _, arg := range args {
		name := arg
		if q, rest, ok := strings.Cut(arg, ":"); ok && slices.Contains([]string{"cue", "json", "yaml", "toml"}, q) {
			encoding, name = q, rest
			if rest == "" {
				continue
			}
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
		return dataFile{}, false, Errors{{Pos: rule.Pos{File: name}, Message: reason(err)}}
	case strings.HasSuffix(name, "/"):
		return dataFile{}, false, Errors{{Pos: rule.Pos{File: name}, Message: fmt.Sprintf("this is a file, not a folder: name it without the slash, %s", strings.TrimRight(name, "/"))}}
	case encoding == "" && implied == "":
		return dataFile{}, false, Errors{{Pos: rule.Pos{File: name}, Message: fmt.Sprintf("a policy is CUE (.cue), JSON (.json), YAML (.yaml) or TOML (.toml): if this is one, rename it, or say which before it, as in yaml: %s", name)}}
	case encoding == "":
		encoding = implied
	}
	return dataFile{path, encoding}, true, nil
}

// asPackages reads an argument that names a folder, or all those below one.
func asPackages(dir, arg string) ([]input, error) {
	name, pkg, _ := strings.Cut(arg, ":")
	base, pattern := strings.CutSuffix(name, "...")
	if pattern && base != "" && !strings.HasSuffix(base, "/") {
		return nil, Errors{{Pos: rule.Pos{File: arg}, Message: `"..." stands for whole folders: write folder/...`}}
	}
	path := absolute(dir, base)
	info, err := os.Stat(path)
	if err != nil {
		return nil, Errors{{Pos: rule.Pos{File: name}, Message: reason(err)}}
	}
	if !info.IsDir() {
		return nil, Errors{{Pos: rule.Pos{File: name}, Message: "is not a folder"}}
	}
	folders := []string{path}
	if _, err := os.ReadDir(path); err != nil {
		return nil, Errors{{Pos: rule.Pos{File: shown(dir, path)}, Message: reason(err)}}
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
		return nil, Errors{{Pos: rule.Pos{File: name}, Message: message}}
	}
	if pattern {
		if folders, err = packages(path); err != nil {
			var perr *fs.PathError
			if errors.As(err, &perr) {
				base = shown(dir, perr.Path)
			}
			return nil, Errors{{Pos: rule.Pos{File: base}, Message: reason(err)}}
		}
		if len(folders) == 0 {
			return nil, Errors{{Pos: rule.Pos{File: strings.TrimSuffix(base, "/")}, Message: "there is no CUE file in this folder or below"}}
		}
	}
	found := make([]input, len(folders))
	for i, folder := range folders {
		arg := "."
		if pkg != "" {
			arg = ".:" + pkg
		}
		found[i] = rooted(folder)
		found[i].args, found[i].pattern = []string{arg}, pattern
	}
	return found, nil
}

// rooted is an input that starts in folder.
func rooted(folder string) input {
	root, ok := moduleRoot(folder)
	if !ok {
		return input{root: folder, loose: true, dir: "."}
	}
	rel, err := filepath.Rel(root, folder)
	if err != nil {
		rel = "."
	}
	_, err = os.Stat(filepath.Join(root, filepath.FromSlash(moduleFile)))
	return input{root: root, loose: err != nil, dir: filepath.ToSlash(rel)}
}

// together puts the files with the packages: data becomes part of each package, or
// of the policy that the CUE files make together.
func together(dir string, found []input, files []dataFile) ([]input, error) {
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
		return nil, Errors{{Pos: rule.Pos{File: shown(dir, cueFiles[0].path)}, Message: "give folders or CUE files, not both: the files of a folder belong together already"}}
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
			if err != nil || strings.HasPrefix(rel, "..") && !inside(in.root, f.path) {
				return nil, Errors{{Pos: rule.Pos{File: shown(dir, f.path)}, Message: fmt.Sprintf("lies outside of %s, where the policy begins", shown(dir, in.root))}}
			}
			in.args = append(in.args, "cue:", "./"+filepath.ToSlash(rel))
		}
		found = []input{in}
	case len(found) == 0:
		found = []input{rooted(dir)}
	}
	for i := range found {
		found[i].data = data
	}
	return found, nil
}

func inside(root, path string) bool {
	rel, err := filepath.Rel(root, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// packages is every folder at or below dir that holds CUE files, as cue's own
// patterns have it: not below names that start with a dot or an underscore, nor
// below cue.mod or testdata.
func packages(dir string) ([]string, error) {
	found := map[string]bool{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() {
			hidden := strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")
			if p != dir && (hidden || name == "testdata" || name == cueModDir) {
				return filepath.SkipDir
			}
			return nil
		}
		if isSource(d.Name()) {
			found[filepath.Dir(p)] = true
		}
		return nil
	})
	folders := make([]string, 0, len(found))
	for folder := range found {
		folders = append(folders, folder)
	}
	slices.Sort(folders)
	return folders, err
}

// hasSources says whether CUE files are in a folder itself.
func hasSources(dir string) bool {
	entries, err := os.ReadDir(dir)
	return err == nil && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return !e.IsDir() && isSource(e.Name()) })
}

// moduleRoot is the nearest folder at or above dir with a cue.mod.
func moduleRoot(dir string) (root string, ok bool) {
	for {
		if info, err := os.Stat(filepath.Join(dir, cueModDir)); err == nil && info.IsDir() {
			return dir, true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}

func absolute(dir, name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(dir, name)
}

// shown is an absolute path as a message names it: relative to dir, where that
// is shorter.
func shown(dir, path string) string {
	if rel, err := filepath.Rel(dir, path); err == nil && len(rel) < len(path) {
		return rel
	}
	return path
}

// reason is what the system says of a file, without the operation and the name.
func reason(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such file or folder"
	case errors.Is(err, fs.ErrPermission):
		return "may not be read"
	}
	var perr *fs.PathError
	if errors.As(err, &perr) {
		return perr.Err.Error()
	}
	return err.Error()
}
