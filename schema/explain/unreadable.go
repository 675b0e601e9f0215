package explain

import (
	"cmp"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/load"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/slip"
	"sgc.dev/sgc/schema/source"
)

// unreadable explains why CUE's loader finds no package, or cannot read it: nil where it
// says neither.
func (x *explainer) unreadable(e errors.Error) *fault.Error {
	var told *fault.Error
	if errors.As(e, &told) {
		return told
	}
	var unparsed *source.Unparsed
	if errors.As(e, &unparsed) {
		return slip.Explain(unparsed)
	}
	in := func(file, format string, args ...any) *fault.Error {
		return &fault.Error{Pos: rule.Pos{File: file}, Message: fmt.Sprintf(format, args...)}
	}
	folder := x.pkg.Folder()
	var several *load.MultiplePackageError
	if errors.As(e, &several) && len(several.Packages) > 1 {
		first, second := several.Packages[0], several.Packages[1]
		message := fmt.Sprintf("two packages in one folder, %s (%s) and %s (%s)", first, several.Files[0], second, several.Files[1])
		if x.pkg.Input.Named() {
			return in(folder, "%s: give the files of one", message)
		}
		return in(folder, "%s: name one, as in %s:%s, or move one", message, asFolder(folder), first)
	}
	var none *load.NoFilesError
	if !errors.As(e, &none) {
		return nil
	}
	ignored := none.Package.IgnoredFiles
	if len(ignored) == 0 {
		return in(none.Package.Dir, "there is no CUE file in this folder")
	}
	first := slices.MinFunc(ignored, func(a, b *build.File) int { return cmp.Compare(a.Filename, b.Filename) })
	if message, ok := x.noSuchPackage(ignored); ok {
		return in(folder, "%s", message)
	}
	if first.ExcludeReason != nil && strings.Contains(first.ExcludeReason.Error(), "package") {
		return in(first.Filename, "the file has no package clause: begin it with package and a name")
	}
	if because, answer := source.WhyLeftOut(first, ""); because != "" {
		return in(first.Filename, "CUE leaves the file out because %s: %s", because, answer)
	}
	return in(first.Filename, "every CUE file here is left out by its @if: give a tag with -t")
}

// noSuchPackage explains a package that is not among those of its folder.
func (x *explainer) noSuchPackage(files []*build.File) (string, bool) {
	want := x.pkg.Input.Package()
	var have []string
	for _, f := range files {
		if name, ok := source.OtherPackage(f); ok {
			have = append(have, name)
		}
	}
	if want == "" || have == nil {
		return "", false
	}
	slices.Sort(have)
	return fmt.Sprintf("there is no package %s in this folder, only %s", want, strings.Join(slices.Compact(have), " and ")), true
}

// asFolder is a folder as the command line takes it.
func asFolder(name string) string {
	if name == "." || strings.HasPrefix(name, "..") || filepath.IsAbs(name) {
		return name
	}
	return "./" + name
}

// importFault explains an import that leads nowhere.
func importFault(e errors.Error) string {
	message, name := e.Error(), ""
	if quoted := strings.Split(message, `"`); len(quoted) > 1 {
		name = quoted[1]
	}
	_, reason, _ := strings.Cut(message, "import failed: ")
	switch meant := rule.Closest(name, []string{source.ImportPath}); {
	case source.IsData(name):
		return "no file is imported: " + embedded(name, "")
	case strings.Contains(message, `builtin package "`):
		return fmt.Sprintf("the import %q is not found: CUE has no such package", name)
	case strings.Contains(message, "relative import paths not allowed"):
		return fmt.Sprintf("the import %q is relative: begin it with the module's path, which cue.mod/module.cue has", name)
	case !strings.Contains(message, `cannot find package "`):
		return "the import fails: " + reason
	case meant != "":
		return fmt.Sprintf("the import %q is not found, did you mean %q?", name, meant)
	}
	return fmt.Sprintf("the import %q is not found: nothing is fetched, so it must lie in the policy's own module", name)
}

// embedFault explains a file that cannot be embedded. CUE says of all that it
// cannot open that it is not there.
func (x *explainer) embedFault(e errors.Error) string {
	for _, r := range x.pkg.Refused() {
		if strings.Contains(e.Error(), path.Base(filepath.ToSlash(r.Pos.File))) {
			return fmt.Sprintf("@embed: %s: %s", r.Pos.File, r.Message)
		}
	}
	return cmp.Or(embedSlips.Of(e.Error()), e.Error())
}

// embedSlips is what CUE says of an @embed, and what is said here.
var embedSlips = fault.NewSayings(
	`attribute must have file or glob field`, `which file? write @embed(file="data.json")`,
	`no matches for glob pattern "(.*)"`, `no file in this folder is like "$1"`,
	`unknown file extension (\S+)`, `what is in a file that ends in $1? embed JSON, YAML or TOML, or name the type, as in @embed(file="a.txt",type=text)`,
)
