package source

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"testing/fstest"

	"cuelang.org/go/cue"
	cueerrors "cuelang.org/go/cue/errors"
	"cuelang.org/go/mod/modconfig"
	"cuelang.org/go/mod/modfile"
	"cuelang.org/go/mod/module"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/fault"
)

// ImportPath is what a policy imports to name the definitions.
const ImportPath = "sgc.dev/schema"

// DefinitionsPrefix is the start of the file names of the definitions in positions.
const DefinitionsPrefix = ImportPath + "/"

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

// readModule reads the module file, or makes one for a folder without, and adds the schema
// to the dependencies in it.
func (t *tree) readModule() error {
	// Nothing can be published or fetched under this name.
	f := &modfile.File{Module: "policy.invalid@v0", Language: &modfile.Language{Version: cue.LanguageVersion()}}
	if !t.loose {
		file, err := t.open(moduleFile)
		if err != nil {
			return err
		}
		defer file.Close()
		data, err := io.ReadAll(file)
		if err == nil {
			f, err = modfile.ParseNonStrict(data, moduleFile)
		}
		if err != nil {
			return t.moduleFault(err)
		}
	}
	if f.QualifiedModule() != schemaModule {
		if f.Deps == nil {
			f.Deps = map[string]*modfile.Dep{}
		}
		f.Deps[schemaModule] = &modfile.Dep{Version: schemaVersion, Default: true}
	}
	data, err := modfile.Format(f)
	if err != nil {
		return t.moduleFault(err)
	}
	t.module = fstest.MapFS{moduleFile: {Data: data}}
	return nil
}

// moduleSlips is what CUE says of a module file, and what is said here.
var moduleSlips = fault.NewSayings(
	`^empty module path`, `there is no module path: write module: "example.com"`,
	`^(\S+): field not allowed`, `unknown field "$1": a module file has module, language, source, deps and custom`,
	`invalid module file syntax`, fmt.Sprintf(`this cannot be read: write module: "example.com" in one line, and language: version: %q in the next`, cue.LanguageVersion()),
	`^no language version`, fmt.Sprintf("there is no language version: write language: version: %q", cue.LanguageVersion()),
	`language version`, fmt.Sprintf("there is no such language version: write language: version: %q", cue.LanguageVersion()),
)

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
	told.Message = cmp.Or(moduleSlips.Of(told.Message), told.Message)
	return told
}
