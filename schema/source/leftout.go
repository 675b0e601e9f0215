package source

import (
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/parser"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/written"
)

// LeftOut is a CUE file that lies beside a policy, or was named with it, and that
// is no part of it: CUE leaves it out, whatever it says.
type LeftOut struct {
	Pos     rule.Pos // its first line
	Because string   // "its name begins with _"
	Answer  string   // what makes it a part: "rename it"
}

// LeftOut lists what CUE leaves out of the package. What a file's own @if or @ignore
// leaves out was meant, and data is none of CUE's. A package has files in the folders
// above it too; those are left to the policies there.
func (p *Package) LeftOut() []LeftOut {
	var found []LeftOut
	if len(p.Input.args) > 0 && !p.Input.Named() {
		entries, _ := p.tree.ReadDir(p.Input.dir) // which has been read
		for _, e := range entries {               // CUE is never shown these: it would read them first
			if inner, ok := strings.CutPrefix(e.Name(), "_"); ok && !e.IsDir() && isSource(strings.TrimLeft(inner, "_")) {
				found = append(found, LeftOut{rule.Pos{File: filepath.Join(p.Folder(), e.Name()), Line: 1, Column: 1}, "its name begins with _", "rename it"})
			}
		}
	}
	for _, f := range p.IgnoredFiles {
		because, answer := WhyLeftOut(f, p.PkgName)
		if because == "" || !p.Input.Named() && (!p.inFolder(f.Filename) || p.namesTargets(f.Filename)) {
			continue
		}
		found = append(found, LeftOut{rule.Pos{File: f.Filename, Line: 1, Column: 1}, because, answer})
	}
	return found
}

// namesTargets says whether a file in the folder says which projects a run is about, and so is
// no part of a policy.
func (p *Package) namesTargets(file string) bool {
	data, err := fs.ReadFile(p.tree, path.Join(p.Input.dir, filepath.Base(file)))
	if err != nil {
		return false
	}
	f, err := parser.ParseFile(file, data)
	return err == nil && f.PackageName() == "" && slices.ContainsFunc(f.Decls, func(d ast.Decl) bool {
		field, ok := d.(*ast.Field)
		if !ok {
			return false
		}
		name, _ := written.LabelName(field.Label)
		return name == "targets"
	})
}

// WhyLeftOut says why CUE leaves a file out of a package, and what to do about it;
// "" where the file itself says that it is to be left out.
func WhyLeftOut(f *build.File, pkg string) (because, answer string) {
	switch reason := fmt.Sprint(f.ExcludeReason); {
	case strings.HasPrefix(reason, "_test.cue"):
		return "its name ends in _test.cue", "rename it"
	case strings.HasPrefix(reason, "_tool.cue"):
		return "its name ends in _tool.cue, which is for cue cmd", "rename it"
	case strings.HasPrefix(reason, "no package name"):
		return "it has no package clause", "begin it with package " + pkg
	}
	if own, ok := OtherPackage(f); ok {
		return fmt.Sprintf("its package is %s, not %s", own, pkg), "write package " + pkg
	}
	return "", ""
}

// OtherPackage is the package of a file that was left out because of it.
func OtherPackage(f *build.File) (string, bool) {
	var e errors.Error
	if !errors.As(f.ExcludeReason, &e) {
		return "", false
	}
	format, args := e.Msg()
	if !strings.HasPrefix(format, "package is %s") || len(args) == 0 {
		return "", false
	}
	return fmt.Sprint(args[0]), true
}
