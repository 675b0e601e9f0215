package schema

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
)

// maxFile bounds one input file, in bytes. Ten thousand tiers take about 3 MB.
const maxFile = 256 << 20

const (
	cueModDir  = "cue.mod"
	moduleFile = "cue.mod/module.cue"
)

// A tree is all of the disk that a policy can see: one folder, through
// [os.Root], so that neither a link nor an embedded file leads out of it. In
// its cue.mod/pkg stands the schema of this program, whatever the disk has
// there; a folder without a module file gets one.
type tree struct {
	dir   string // on disk, absolute
	root  *os.Root
	loose bool // the folder has no module file of its own

	mu      sync.Mutex
	refused map[string]error // what was asked for in vain, by path in the tree
}

func openTree(dir string, loose bool) (*tree, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &tree{dir: dir, root: root, loose: loose, refused: map[string]error{}}, nil
}

func (t *tree) Close() error { return t.root.Close() }

// Open implements [fs.FS].
func (t *tree) Open(name string) (fs.File, error) {
	if t.loose {
		switch name {
		case cueModDir:
			return looseFiles.Open("loose")
		case moduleFile:
			return looseFiles.Open("loose/module.cue")
		}
	}
	for _, dir := range []string{"pkg", "gen", "usr"} {
		rest, ok := strings.CutPrefix(name, path.Join(cueModDir, dir, ImportPath))
		switch {
		case !ok || rest != "" && rest[0] != '/':
			continue
		case dir == "pkg":
			return moduleFiles.Open(path.Join(".", rest))
		}
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	f, err := t.open(name)
	if err != nil {
		t.mu.Lock()
		t.refused[name] = err
		t.mu.Unlock()
		return nil, err
	}
	return f, nil
}

// open opens a file or folder on disk. It looks at the file first: opening a
// pipe would wait for its other end.
func (t *tree) open(name string) (fs.File, error) {
	info, err := t.root.Stat(filepath.FromSlash(name))
	switch {
	case err != nil:
		if l, lerr := t.root.Lstat(filepath.FromSlash(name)); lerr == nil && l.Mode()&fs.ModeSymlink != 0 && !os.IsNotExist(err) {
			return nil, fmt.Errorf("%s is a link that leads out of %s", name, t.dir)
		}
		return nil, err
	case !info.Mode().IsRegular() && !info.IsDir():
		return nil, fmt.Errorf("%s is neither a file nor a folder", name)
	case info.Size() > maxFile && !info.IsDir():
		return nil, fmt.Errorf("%s has more than %d MiB", name, maxFile>>20)
	}
	return t.root.Open(filepath.FromSlash(name))
}
