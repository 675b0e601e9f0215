package source

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
)

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

func inside(root, path string) bool {
	rel, err := filepath.Rel(root, path)
	return err == nil && filepath.IsLocal(rel)
}

// fileNames turns paths in a tree into names for messages. CUE's loader parses
// a file under either.
type fileNames struct {
	root, dir string
	mu        sync.Mutex
	given     map[string]bool
}

func (n *fileNames) show(p string) string {
	name := ""
	if rest, ok := below(strings.TrimPrefix(p, "/"), schemaDir); ok {
		name = DefinitionsPrefix + rest
	} else {
		name = shown(n.dir, filepath.Join(n.root, filepath.FromSlash(p)))
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.given[name] = true
	return name
}

// known is the name of a file that has one already, or is a path in the tree.
func (n *fileNames) known(name string) string {
	n.mu.Lock()
	given := n.given[name]
	n.mu.Unlock()
	if given || name == "-" {
		return name
	}
	return n.show(name)
}
