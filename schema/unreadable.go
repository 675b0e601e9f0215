package schema

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
)

// unreadable explains why CUE's loader finds no package, or cannot read it.
func (x *explainer) unreadable(e errors.Error) (rule.Pos, string, bool) {
	var refused *refusal
	if errors.As(e, &refused) {
		return refused.pos, refused.reason, true
	}
	var several *load.MultiplePackageError
	if errors.As(e, &several) && len(several.Packages) > 1 {
		first, second := several.Packages[0], several.Packages[1]
		message := fmt.Sprintf("two packages in one folder, %s (%s) and %s (%s): ", first, several.Files[0], second, several.Files[1])
		if slices.Contains(x.input.args, "cue:") {
			return rule.Pos{File: x.folder}, message + "give the files of one", true
		}
		return rule.Pos{File: x.folder}, fmt.Sprintf("%sname one, as in %s:%s, or move one", message, asFolder(x.folder), first), true
	}
	var none *load.NoFilesError
	if errors.As(e, &none) {
		if ignored := none.Package.IgnoredFiles; len(ignored) > 0 {
			first := slices.MinFunc(ignored, func(a, b *build.File) int { return cmp.Compare(a.Filename, b.Filename) })
			if message, ok := x.noSuchPackage(ignored); ok {
				return rule.Pos{File: x.folder}, message, true
			}
			if first.ExcludeReason != nil && strings.Contains(first.ExcludeReason.Error(), "package") {
				return rule.Pos{File: first.Filename}, "the file has no package clause: begin it with package and a name", true
			}
			if because, answer := whyLeftOut(first, ""); because != "" {
				return rule.Pos{File: first.Filename}, fmt.Sprintf("CUE leaves the file out because %s: %s", because, answer), true
			}
			return rule.Pos{File: first.Filename}, "every CUE file here is left out by its @if: give a tag with -t", true
		}
		return rule.Pos{File: none.Package.Dir}, "there is no CUE file in this folder", true
	}
	return rule.Pos{}, "", false
}

// noSuchPackage explains a package that is not among those of its folder.
func (x *explainer) noSuchPackage(files []*build.File) (string, bool) {
	if len(x.input.args) != 1 {
		return "", false
	}
	_, want, _ := strings.Cut(x.input.args[0], ":")
	var have []string
	for _, f := range files {
		if name, ok := otherPackage(f); ok {
			have = append(have, name)
		}
	}
	if want == "" || have == nil {
		return "", false
	}
	slices.Sort(have)
	return fmt.Sprintf("there is no package %s in this folder, only %s", want, strings.Join(slices.Compact(have), " and ")), true
}

// otherPackage is the package of a file that was left out because of it.
func otherPackage(f *build.File) (string, bool) {
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

// asFolder is a folder as the command line takes it.
func asFolder(name string) string {
	if name == "." || strings.HasPrefix(name, "..") || filepath.IsAbs(name) {
		return name
	}
	return "./" + name
}

// unusedTag finds the tag that CUE's loader had no use for.
func unusedTag(err error) (name string, ok bool) {
	for _, e := range errors.Errors(err) {
		if format, args := e.Msg(); len(args) == 1 && (strings.HasPrefix(format, "no tag for ") || strings.HasPrefix(format, "tag ") && strings.Contains(format, "not used")) {
			return fmt.Sprint(args[0]), true
		}
	}
	return "", false
}

// importFault explains an import that leads nowhere.
func importFault(e errors.Error) string {
	message := e.Error()
	if _, name, ok := strings.Cut(message, "cannot find package \""); ok {
		name, _, _ = strings.Cut(name, "\"")
		if meant := rule.Closest(name, []string{ImportPath}); meant != "" {
			return fmt.Sprintf("the import %q is not found, did you mean %q?", name, meant)
		}
		return fmt.Sprintf("the import %q is not found: nothing is fetched, so it must lie in the policy's own module", name)
	}
	if _, name, ok := strings.Cut(message, "builtin package \""); ok {
		name, _, _ = strings.Cut(name, "\"")
		return noSuchPackage(name)
	}
	_, reason, _ := strings.Cut(message, "import failed: ")
	return "the import fails: " + reason
}

// embedFault explains a file that cannot be embedded. CUE says of all that it
// cannot open that it is not there.
func (x *explainer) embedFault(e errors.Error) string {
	for _, r := range x.refused {
		if strings.Contains(e.Error(), path.Base(filepath.ToSlash(r.pos.File))) {
			return fmt.Sprintf("@embed: %s: %s", r.pos.File, r.reason)
		}
	}
	return e.Error()
}

func noSuchPackage(name string) string {
	return fmt.Sprintf("the import %q is not found: CUE has no such package", name)
}
