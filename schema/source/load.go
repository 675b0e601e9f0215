// Package source reads what the command line names: folders, files and data, as the
// syntax of a package of CUE for each policy. It is hermetic: a policy sees its own
// module or folder and the schema, neither links that lead out of it nor the network.
package source

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/load"
	"cuelang.org/go/cue/parser"

	"sgc.dev/sgc/schema/guard"
	"sgc.dev/sgc/schema/written"
)

// Options say what to load and within which bounds.
type Options struct {
	Dir    string    // where relative inputs start; "" is the working directory
	Inputs []string  // as cue takes them: packages, ./..., files; none is the package in Dir, else ./policies/...
	Tags   []string  // as cue's -t: "key=value" or a shorthand
	Stdin  io.Reader `json:"-"` // for "-"
	Beside []byte    // CUE that is read as one more file of each package; nil is none
	Limits guard.Limits
	// Rehearsal is the arguments with which this program loads a policy in a process of
	// its own. Without them one can end the program by asking for more memory than there is.
	Rehearsal []string
}

// A Loader turns inputs into the syntax of packages.
type Loader struct {
	dir    string // names in messages are relative to it
	tags   []string
	Stdin  []byte // what standard input had, where an input takes it
	beside []byte
	limits guard.Limits
	schema fs.FS
	whole  bool  // an embedding of schema.#Policy stays where it is
	open   bool  // the definitions demand nothing
	opened *bool // that one has been taken out
}

// Find lists the inputs that the options name, in their order, and what loads them. The
// schema is the module that policies import as [ImportPath]. The error is [fault.Errors]
// where there is something to correct in the options.
func Find(o Options, schema fs.FS) (*Loader, []Input, error) {
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, nil, err
	}
	if es := misgiven(o.Tags); es != nil {
		return nil, nil, es
	}
	found, err := find(dir, o.Inputs)
	if err != nil {
		return nil, nil, err
	}
	l := &Loader{dir: dir, tags: o.Tags, beside: o.Beside, limits: o.Limits.WithDefaults(), schema: schema}
	if slices.ContainsFunc(found, Input.stdin) {
		if o.Stdin == nil {
			return nil, nil, errors.New("there is no standard input to read")
		}
		if l.Stdin, err = readAll(o.Stdin, "standard input"); err != nil {
			return nil, nil, err
		}
	}
	return l, found, nil
}

// Load reads an input. What is wrong with its files is in the package's Err. It is
// loaded with the tags that it has a use for; the others would be faults. An embedding
// of schema.#Policy is taken out, unless what the author wrote could see that.
func (l *Loader) Load(in Input) (*Package, error) {
	p, err := l.load(in)
	if err == nil && p.opened && p.Err == nil && written.Observes(p.Files) {
		p.Close()
		return l.LoadWhole(in)
	}
	return p, err
}

// LoadWhole reads an input as Load does, and takes nothing out.
func (l *Loader) LoadWhole(in Input) (*Package, error) {
	whole := *l
	whole.whole = true
	return whole.load(in)
}

// LoadOpen reads an input as Load does, with definitions that demand nothing: what it
// comes to is what the author wrote, wherever that names them.
func (l *Loader) LoadOpen(in Input) (*Package, error) {
	open := *l
	open.open = true
	return open.load(in)
}

func (l Loader) load(in Input) (*Package, error) {
	p := &Package{Input: in, Tags: l.tags, folder: filepath.Join(in.root, filepath.FromSlash(in.dir)), dir: l.dir}
	l.opened = &p.opened
	for {
		var err error
		if p.Instance, p.tree, err = l.syntax(in, p.Tags); err != nil {
			return nil, err
		}
		name, ok := unusedTag(p.Err)
		if !ok {
			break
		}
		p.Close()
		given := len(p.Tags)
		p.Tags = slices.DeleteFunc(slices.Clone(p.Tags), func(tag string) bool {
			key, _, _ := strings.Cut(tag, "=")
			return key == name
		})
		if len(p.Tags) == given {
			return nil, fmt.Errorf("the tag %q cannot be given", name)
		}
	}
	if p.Err == nil { // data come last; they have braces, or their indentation counts
		p.Indented = written.IndentedIn(p.Files[:len(p.Files)-len(in.data)])
	}
	return p, nil
}

// syntax parses an input, with tags. What is wrong with it is in the instance's
// Err.
func (l *Loader) syntax(in Input, tags []string) (*build.Instance, *tree, error) {
	names := &fileNames{root: in.root, dir: l.dir, given: map[string]bool{}}
	t, err := openTree(in.root, in.loose, l.schema, names.show)
	if err != nil {
		return nil, nil, err
	}
	inst := build.NewContext().NewInstance(in.root, nil)
	if err := t.readModule(); err != nil {
		inst.ReportError(errors.Promote(err, ""))
		return inst, t, nil
	}
	if len(in.args) > 0 {
		config := &load.Config{
			FS:         t,
			Dir:        path.Join("/", in.dir),
			ModuleRoot: "/",
			FromFSPath: names.show,
			ParseFile: func(name string, src any, config parser.Config) (*ast.File, error) {
				return l.parse(names.known(name), src, config)
			},
			Tags:     tags,
			Stdin:    bytes.NewReader(l.Stdin),
			Registry: registry{l.schema},
		}
		t.sourcesOnly(true)
		inst = load.Instances(in.args, config)[0]
		t.sourcesOnly(false)
	}
	add := func(f *ast.File, err error) {
		if err == nil {
			err = inst.AddSyntax(f)
		}
		if err != nil {
			inst.ReportError(errors.Promote(err, ""))
		}
	}
	for _, d := range in.data {
		add(l.dataSyntax(d))
	}
	if l.beside != nil {
		add(l.parse("the file beside", l.beside, parser.NewConfig()))
	}
	return inst, t, nil
}
