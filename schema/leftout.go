package schema

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"cuelang.org/go/cue/build"

	"sgc.dev/sgc/rule"
)

// LeftOut is a CUE file that lies beside a policy, or was named with it, and that
// is no part of it: CUE leaves it out, whatever it says.
type LeftOut struct {
	Pos     rule.Pos // its first line
	Because string   // "its name begins with _"
	Answer  string   // what makes it a part: "rename it"
}

// leftOut lists what CUE leaves out of an input's package. What a file's own @if
// or @ignore leaves out was meant, and data is none of CUE's. A package has files
// in the folders above it too; those are left to the policies there.
func (l *loader) leftOut(in input, inst *build.Instance, t *tree) []LeftOut {
	folder := filepath.Join(in.root, filepath.FromSlash(in.dir))
	named := slices.Contains(in.args, "cue:")
	var found []LeftOut
	if len(in.args) > 0 && !named {
		found = underscored(shown(l.dir, folder), in.dir, t)
	}
	for _, f := range inst.IgnoredFiles {
		because, answer := whyLeftOut(f, inst.PkgName)
		if because == "" || !named && filepath.Dir(absolute(l.dir, f.Filename)) != folder {
			continue
		}
		found = append(found, LeftOut{rule.Pos{File: f.Filename, Line: 1, Column: 1}, because, answer})
	}
	return found
}

// underscored lists the files of a folder that CUE leaves out because of how their
// names begin, and that it is therefore never shown: it would read them first.
func underscored(name, folder string, t *tree) []LeftOut {
	entries, err := t.ReadDir(folder)
	if err != nil {
		return nil // the package has been read
	}
	var found []LeftOut
	for _, e := range entries {
		if inner, ok := strings.CutPrefix(e.Name(), "_"); ok && !e.IsDir() && isSource(strings.TrimLeft(inner, "_")) {
			at := rule.Pos{File: filepath.Join(name, e.Name()), Line: 1, Column: 1}
			found = append(found, LeftOut{at, "its name begins with _", "rename it"})
		}
	}
	return found
}

// whyLeftOut says why CUE leaves a file out of a package, and what to do about it;
// "" where the file itself says that it is to be left out.
func whyLeftOut(f *build.File, pkg string) (because, answer string) {
	switch reason := fmt.Sprint(f.ExcludeReason); {
	case strings.HasPrefix(reason, "_test.cue"):
		return "its name ends in _test.cue", "rename it"
	case strings.HasPrefix(reason, "_tool.cue"):
		return "its name ends in _tool.cue, which is for cue cmd", "rename it"
	case strings.HasPrefix(reason, "no package name"):
		return "it has no package clause", "begin it with package " + pkg
	}
	if own, ok := otherPackage(f); ok {
		return fmt.Sprintf("its package is %s, not %s", own, pkg), "write package " + pkg
	}
	return "", ""
}

// filesOf is the names of all files of a package and of what it imports.
func filesOf(inst *build.Instance) map[string]bool {
	files := map[string]bool{}
	for _, inst := range packagesOf(inst) {
		for _, f := range inst.BuildFiles {
			files[f.Filename] = true
		}
	}
	return files
}

// packagesOf is a package and all that it imports, each once.
func packagesOf(inst *build.Instance) []*build.Instance {
	found := []*build.Instance{inst}
	for i := 0; i < len(found); i++ {
		for _, imported := range found[i].Imports {
			if !slices.Contains(found, imported) {
				found = append(found, imported)
			}
		}
	}
	return found
}
