package source

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"

	cueerrors "cuelang.org/go/cue/errors"

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
	switch own, inner := t.builtIn(name); {
	case own != nil:
		return own.Open(inner)
	case name != moduleFile:
		return t.open(name)
	}
	data, err := t.moduleFile()
	if err != nil {
		return nil, err
	}
	return newMemoryFile(name, data), nil
}

// moduleFile is the module file on disk, or the one for folders without, with the schema
// among its dependencies. The error is a *[fault.Error].
func (t *tree) moduleFile() ([]byte, error) {
	var file fs.File
	var err error
	if t.loose {
		file, err = looseFiles.Open("loose/cue.mod/module.cue")
	} else {
		file, err = t.open(moduleFile)
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err == nil {
		data, err = withSchema(data)
	}
	if err != nil {
		return nil, t.moduleFault(err)
	}
	return data, nil
}

// moduleFault is what is wrong with the module file, at its line where that is known.
func (t *tree) moduleFault(err error) *fault.Error {
	e := cueerrors.Errors(cueerrors.Promote(err, ""))[0]
	told := &fault.Error{Pos: rule.Pos{File: t.show(moduleFile)}, Message: strings.TrimPrefix(e.Error(), "invalid module file "+moduleFile+": ")}
	for _, p := range cueerrors.Positions(e) {
		if p.Filename() == moduleFile {
			told.Pos.Line, told.Pos.Column = p.Line(), p.Column()
			break
		}
	}
	return told
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
	if name == cueModDir && t.loose {
		return looseFiles, "loose/cue.mod"
	}
	if rest, ok := below(name, schemaDir); ok {
		return t.schema, rest
	}
	for _, dir := range []string{"pkg", "gen", "usr"} {
		if _, ok := below(name, path.Join(cueModDir, dir, ImportPath)); ok {
			return looseFiles, "nothing"
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
		switch link := t.link(name); {
		case link == "":
		case os.IsNotExist(err), errors.Is(err, syscall.ELOOP), errors.Is(err, syscall.ENOTDIR):
			return nil, t.refuse(link, "this link leads to nothing: remove it, or put the file in its place")
		default:
			return nil, t.refuse(link, "this link leads out of the policy's folder or module, and nothing outside of it is read: put a copy in its place")
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

// link is the first link on the way to a file that leads nowhere in the tree, ""
// for none.
func (t *tree) link(name string) string {
	for i := range len(name) + 1 {
		if i < len(name) && name[i] != '/' {
			continue
		}
		at := filepath.FromSlash(name[:i])
		info, err := t.root.Lstat(at)
		if err != nil {
			return ""
		}
		if _, err := t.root.Stat(at); err != nil && info.Mode()&fs.ModeSymlink != 0 {
			return name[:i]
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
