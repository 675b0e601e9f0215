package source

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"path/filepath"

	"cuelang.org/go/cue/parser"
)

// Sharing lists the files of a package that one more file of it in folder, which need not
// be there, would share a policy with: those in the folder and above it in its module, and
// those of the policies below it. others lists the files of other packages in the folder, which
// cannot be read together with it. It reads package clauses alone, as [Load] reads files.
// The error names a file that cannot be read.
func Sharing(folder, pkg string) (with, below, others []string, err error) {
	wd, err := filepath.Abs("")
	if err != nil {
		return nil, nil, nil, err
	}
	folder = absolute(wd, folder)
	in := rooted(folder)
	show := func(p string) string { return shown(wd, filepath.Join(in.root, filepath.FromSlash(p))) }
	t, err := openTree(in.root, in.loose, nil, show)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil, nil
	}
	if err != nil {
		return nil, nil, nil, err
	}
	defer t.Close()
	is := func(name string) bool { return name == pkg }
	others, err = t.ofPackage(in.dir, func(name string) bool { return name != pkg && name != "" && name != "_" })
	if err != nil {
		return nil, nil, nil, err
	}
	for dir := in.dir; ; dir = path.Dir(dir) {
		found, err := t.ofPackage(dir, is)
		if err != nil {
			return nil, nil, nil, err
		}
		with = append(with, found...)
		if dir == "." {
			break
		}
	}
	if _, module := moduleRoot(folder); !module {
		return with, nil, others, nil // each folder begins a policy
	}
	err = fs.WalkDir(t, in.dir, func(dir string, d fs.DirEntry, err error) error {
		switch {
		case dir == in.dir && errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case dir == in.dir || !d.IsDir():
			return nil
		}
		if _, err := fs.Stat(t, path.Join(dir, cueModDir)); err == nil || d.Name() == cueModDir {
			return fs.SkipDir
		}
		found, err := t.ofPackage(dir, is)
		below = append(below, found...)
		return err
	})
	return with, below, others, err
}

// ofPackage lists the files in one folder whose package is one that is meant, as messages name them.
func (t *tree) ofPackage(dir string, is func(pkg string) bool) (found []string, err error) {
	entries, err := t.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range entries {
		if e.IsDir() || !isSource(e.Name()) {
			continue
		}
		name := path.Join(dir, e.Name())
		f, err := t.Open(name)
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(io.LimitReader(f, maxFile))
		f.Close()
		if err != nil {
			return nil, err
		}
		parsed, err := parser.ParseFile(name, data, parser.PackageClauseOnly)
		if err == nil && is(parsed.PackageName()) {
			found = append(found, t.show(name))
		}
	}
	return found, nil
}
