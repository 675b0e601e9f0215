package source

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"time"

	"cuelang.org/go/cue"
	"cuelang.org/go/mod/modconfig"
	"cuelang.org/go/mod/modfile"
	"cuelang.org/go/mod/module"
)

// ImportPath is what a policy imports to name the definitions.
const ImportPath = "sgc.dev/schema"

// DefinitionsPrefix is the start of the file names of the definitions in positions.
const DefinitionsPrefix = ImportPath + "/"

//go:embed loose/cue.mod/module.cue
var looseFiles embed.FS // the module of folders without one

// The schema as a module that the loader finds without a network: a dependency
// that every policy has, under a version and at a place that exist in this
// program alone.
const (
	schemaModule  = ImportPath + "@v0"
	schemaVersion = "v0.0.0"
	schemaDir     = "cue.mod/.schema" // in the tree
)

// registry serves the schema and nothing else: whatever a policy imports
// besides lies in its own module.
type registry struct{ schema fs.FS }

var _ modconfig.Registry = registry{}

func (r registry) ModFile(_ context.Context, m module.Version) (*modfile.File, error) {
	if m.Path() != schemaModule {
		return nil, notFetched(m)
	}
	data, err := fs.ReadFile(r.schema, moduleFile)
	if err != nil {
		return nil, err
	}
	return modfile.Parse(data, moduleFile)
}

func (r registry) Fetch(_ context.Context, m module.Version) (module.SourceLoc, error) {
	if m.Path() != schemaModule {
		return module.SourceLoc{}, notFetched(m)
	}
	return module.SourceLoc{FS: placed{r.schema}, Dir: "."}, nil
}

func (registry) ModuleVersions(_ context.Context, path string) ([]string, error) {
	if path != schemaModule {
		return nil, nil
	}
	return []string{schemaVersion}, nil
}

func notFetched(m module.Version) error {
	return fmt.Errorf("sgc fetches no modules, and %s is none of its own", m)
}

// placed is a file system that says where the loader finds it again.
type placed struct{ fs.FS }

// OSRoot implements [module.OSRootFS].
func (placed) OSRoot() string { return path.Join("/", schemaDir) }

// withSchema adds the schema to the dependencies that a module file lists.
func withSchema(data []byte) ([]byte, error) {
	f, err := modfile.ParseNonStrict(data, moduleFile)
	if err == modfile.ErrNoLanguageVersion {
		return nil, fmt.Errorf("there is no language version: write language: version: %q", cue.LanguageVersion())
	}
	if err != nil || f.QualifiedModule() == schemaModule {
		return data, err
	}
	if f.Deps == nil {
		f.Deps = map[string]*modfile.Dep{}
	}
	f.Deps[schemaModule] = &modfile.Dep{Version: schemaVersion, Default: true}
	return modfile.Format(f)
}

// A memoryFile is a file that is not on disk.
type memoryFile struct {
	*bytes.Reader
	name string
	size int64
}

func newMemoryFile(name string, data []byte) *memoryFile {
	return &memoryFile{bytes.NewReader(data), name, int64(len(data))}
}

func (f *memoryFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f *memoryFile) Close() error               { return nil }
func (f *memoryFile) Name() string               { return path.Base(f.name) }
func (f *memoryFile) Size() int64                { return f.size }
func (f *memoryFile) Mode() fs.FileMode          { return 0o444 }
func (f *memoryFile) ModTime() time.Time         { return time.Time{} }
func (f *memoryFile) IsDir() bool                { return false }
func (f *memoryFile) Sys() any                   { return nil }
