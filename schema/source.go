package schema

import (
	"bytes"
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/load"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/cue/token"
)

// A loader turns an input into the syntax of a package.
type loader struct {
	dir    string // names in messages are relative to it
	tags   []string
	stdin  []byte
	beside []byte
	limits Limits
}

// syntax parses an input, with tags. What is wrong with it is in the instance's
// Err.
func (l *loader) syntax(in input, tags []string) (*build.Instance, *tree, error) {
	names := &fileNames{root: in.root, dir: l.dir, given: map[string]bool{}}
	t, err := openTree(in.root, in.loose, names.show)
	if err != nil {
		return nil, nil, err
	}
	inst := build.NewContext().NewInstance(in.root, nil)
	if _, err := t.moduleFile(); err != nil {
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
			Stdin:    bytes.NewReader(l.stdin),
			Registry: registry{},
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
		name = definitionsPrefix + rest
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

// parse is how CUE's loader reads a file. Of comments nothing is needed.
func (l *loader) parse(name string, src any, config parser.Config) (*ast.File, error) {
	data, ok := src.([]byte)
	if !ok {
		return nil, fmt.Errorf("%s: a source of type %T", name, src)
	}
	// The loader reads the imports of all files first, and goes no further than
	// the first fault: those of all files show when they are read whole.
	first := config.Mode&parser.ImportsOnly != 0
	if err := checkNesting(name, data, l.limits.nesting()); err != nil {
		if first {
			return &ast.File{Filename: name}, nil
		}
		if other := notCUE(name, data); other != nil {
			return nil, other
		}
		return nil, err
	}
	config.Mode = config.Mode&^parser.ParseComments | parser.AllErrors
	f, err := parser.ParseFile(name, data, config)
	if f != nil {
		dropEmbedding(f)
		onlyNumbers(f)
		if p := badCondition(f); err == nil && p.IsValid() {
			return nil, errors.Newf(p, "@if takes the names of tags, with !, && and || about them")
		}
		if at, message := forbidden(f, data); err == nil && at.IsValid() && !first {
			return nil, errors.Newf(at, "%s", message)
		}
	}
	if err != nil && first && f != nil {
		return f, nil
	}
	if err != nil {
		if other := notCUE(name, data); other != nil {
			return nil, other
		}
		return f, syntaxError(data, err)
	}
	return f, nil
}

// forbidden is something in a file that CUE reads, and that is refused.
func forbidden(f *ast.File, data []byte) (at token.Pos, message string) {
	if at, message := boundless(f); at.IsValid() {
		return at, message
	}
	if at, message := bound(f); at.IsValid() {
		return at, message
	}
	return idleEmbed(f, data), "nothing is embedded here: put @extern(embed) before the package clause"
}
