package source

import (
	"os"
	"path"
	"path/filepath"
	"slices"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/written"
)

// A Package is an input as syntax. It is closed when nothing more is to be evaluated,
// since embedded files are read only then.
type Package struct {
	*build.Instance
	Input    Input
	Tags     []string           // from the command line, that some field of it has
	Indented []written.Indented // fields that stand further out than they look

	opened bool   // an embedding of schema.#Policy has been taken out
	dir    string // names in messages are relative to it
	folder string // where the input starts; absolute
	tree   *tree
	named  map[*token.File]bool // those that have been looked at
}

// Close ends what the package can see of the disk.
func (p *Package) Close() error { return p.tree.Close() }

// Folder is where the package starts, as messages name it.
func (p *Package) Folder() string { return shown(p.dir, p.folder) }

// Refused lists the files of the package's folder or module that were not read, and why.
func (p *Package) Refused() []*fault.Error { return p.tree.refused }

// All is the package and all that it imports, each once.
func (p *Package) All() []*build.Instance {
	found := []*build.Instance{p.Instance}
	for i := 0; i < len(found); i++ {
		for _, imported := range found[i].Imports {
			if !slices.Contains(found, imported) {
				found = append(found, imported)
			}
		}
	}
	return found
}

// HasDefinitions says whether the package imports the definitions, or something that does.
func (p *Package) HasDefinitions() bool {
	return slices.ContainsFunc(p.All(), func(inst *build.Instance) bool { return ast.ParseImportPath(inst.ImportPath).Path == ImportPath })
}

// Name gives the file of a position the name that messages have for it, and returns the
// position: CUE names what a file embeds from the folder of that file.
func (p *Package) Name(at token.Pos) token.Pos {
	f := at.File()
	if f == nil || p.named[f] {
		return at
	}
	if p.named == nil {
		p.named = map[*token.File]bool{}
	}
	p.named[f] = true
	if name := f.Name(); !path.IsAbs(name) && IsData(name) && !p.Names()[name] {
		if _, err := os.Lstat(filepath.Join(p.folder, filepath.FromSlash(name))); err == nil {
			f.AddLineInfo(0, path.Join(p.Folder(), name), 1)
		}
	}
	return at
}

// Names is the files of the package and of what it imports, by name.
func (p *Package) Names() map[string]bool {
	files := map[string]bool{}
	for _, inst := range p.All() {
		for _, f := range inst.BuildFiles {
			files[f.Filename] = true
		}
	}
	return files
}

// inFolder says whether a file stands in the folder where the package starts.
func (p *Package) inFolder(name string) bool {
	return filepath.Dir(absolute(p.dir, name)) == p.folder
}
