package source

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing/fstest"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/fault"
)

// maxFile bounds one input file, in bytes. Ten thousand tiers take about 3 MB.
const maxFile = 256 << 20

const (
	cueModDir  = "cue.mod"
	moduleFile = "cue.mod/module.cue"
)

// A tree is all of the disk that a policy can see: one folder, through
// [os.Root], so that neither a link nor an embedded file leads out of it. The
// schema is that of this program, whatever copy the disk has; a folder without a
// module file gets one.
type tree struct {
	dir    string // on disk, absolute
	root   *os.Root
	loose  bool // the folder has no module file of its own
	schema fs.FS
	module fstest.MapFS        // the module file: see readModule
	show   func(string) string // a path in the tree as messages name it

	mu      sync.Mutex
	sources bool           // list CUE files alone: the loader would read all others too
	refused []*fault.Error // why files were not read
}

func openTree(dir string, loose bool, schema fs.FS, show func(string) string) (*tree, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &tree{dir: dir, root: root, loose: loose, schema: schema, show: show}, nil
}

func (t *tree) Close() error { return t.root.Close() }

// sourcesOnly says whether folders show their CUE files alone, as they must
// while packages are looked for. Files that are embedded are seen later.
func (t *tree) sourcesOnly(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sources = on
}

// Open implements [fs.FS].
func (t *tree) Open(name string) (fs.File, error) {
	if own, inner := t.builtIn(name); own != nil {
		return own.Open(inner)
	}
	return t.open(name)
}

// ReadDir implements [fs.ReadDirFS].
func (t *tree) ReadDir(name string) ([]fs.DirEntry, error) {
	if own, inner := t.builtIn(name); own != nil {
		return fs.ReadDir(own, inner)
	}
	entries, err := fs.ReadDir(t.root.FS(), name)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.sources {
		entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return !e.IsDir() && !isSource(e.Name()) })
	}
	return entries, err
}

// isSource says whether a file belongs to a package: CUE, and no editor's own.
func isSource(name string) bool {
	return strings.HasSuffix(name, ".cue") && !strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "_")
}

// builtIn finds what the program puts in place of the disk: the schema, wherever
// a policy could have put another, and a folder for the module file.
func (t *tree) builtIn(name string) (fs.FS, string) {
	if name == moduleFile || name == cueModDir && t.loose {
		return t.module, name
	}
	if rest, ok := below(name, schemaDir); ok {
		return t.schema, rest
	}
	for _, dir := range []string{"pkg", "gen", "usr"} {
		if _, ok := below(name, path.Join(cueModDir, dir, ImportPath)); ok {
			return fstest.MapFS{}, name
		}
	}
	return nil, ""
}

// below is name without the folder that it is in.
func below(name, folder string) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(name, folder)
	if !ok || rest != "" && rest[0] != '/' {
		return "", false
	}
	return path.Join(".", rest), true
}

const notAFile = "this is neither a file nor a folder"

// open opens a file or folder on disk. It looks at the file first: opening a
// pipe would wait for its other end.
func (t *tree) open(name string) (fs.File, error) {
	local := filepath.FromSlash(name)
	info, err := t.root.Stat(local)
	switch {
	case os.IsPermission(err):
		return nil, t.refuse(name, reason(err))
	case err != nil:
		if link := t.link(name); link != "" {
			return nil, t.refuse(link, "this link leads to nothing in the policy's folder or module, and nothing outside of it is read: put a copy in its place, or remove it")
		}
		return nil, err
	case !info.Mode().IsRegular() && !info.IsDir():
		return nil, t.refuse(name, notAFile)
	case info.Size() > maxFile && !info.IsDir():
		return nil, t.refuse(name, fmt.Sprintf("the file has more than %d MiB", maxFile>>20))
	}
	f, err := t.root.Open(local)
	if os.IsPermission(err) {
		return nil, t.refuse(name, reason(err))
	}
	return f, err
}

// link is the link on the way to a file that leads nowhere in the tree, "" for none.
func (t *tree) link(name string) string {
	for at := name; at != "."; at = path.Dir(at) {
		if _, err := t.root.Lstat(filepath.FromSlash(at)); err == nil {
			if _, err := t.root.Stat(filepath.FromSlash(at)); err != nil {
				return at
			}
			return ""
		}
	}
	return ""
}

func (t *tree) refuse(name, reason string) *fault.Error {
	r := &fault.Error{Pos: rule.Pos{File: t.show(name)}, Message: reason}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.refused = append(t.refused, r)
	return r
}
