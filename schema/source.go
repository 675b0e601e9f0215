package schema

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/load"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/cue/token"
	"cuelang.org/go/encoding/json"
	"cuelang.org/go/encoding/toml"
	"cuelang.org/go/encoding/yaml"

	"sgc.dev/sgc/rule"
)

// A loader turns an input into the syntax of a package.
type loader struct {
	dir    string // names in messages are relative to it
	tags   []string
	stdin  []byte
	limits Limits

	evaluateAll bool
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
	for _, d := range in.data {
		f, err := l.dataSyntax(d)
		if err == nil {
			err = inst.AddSyntax(f)
		}
		if err != nil {
			inst.ReportError(errors.Promote(err, ""))
		}
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
	if err := checkNesting(name, data, l.limits.nesting()); err != nil {
		return nil, err
	}
	config.Mode = config.Mode&^parser.ParseComments | parser.AllErrors
	f, err := parser.ParseFile(name, data, config)
	if f != nil {
		dropEmbedding(f)
		// The loader reads the imports of all files first, and goes no further than
		// the first fault.
		if p := badCondition(f); err == nil && p.IsValid() {
			return nil, errors.Newf(p, "@if takes the names of tags, with !, && and || about them")
		}
		if at, message := forbidden(f, data); err == nil && at.IsValid() && config.Mode&parser.ImportsOnly == 0 {
			return nil, errors.Newf(at, "%s", message)
		}
	}
	if err != nil {
		return f, syntaxErrors(data, err)
	}
	return f, nil
}

// forbidden is something in a file that CUE reads, and that is refused.
func forbidden(f *ast.File, data []byte) (at token.Pos, message string) {
	if p := boundless(f); p.IsValid() {
		return p, "math/bits makes numbers of any size in one step, which no limit can stop: a policy has no use for it"
	}
	return idleEmbed(f, data), "nothing is embedded here: put @extern(embed) before the package clause"
}

// boundless is where a file imports math/bits: its Lsh allocates what it is
// asked for before [Guard] can see it.
func boundless(f *ast.File) token.Pos {
	for spec := range f.ImportSpecs() {
		if p, err := strconv.Unquote(spec.Path.Value); err == nil && ast.ParseImportPath(p).Path == "math/bits" {
			return spec.Pos()
		}
	}
	return token.NoPos
}

// dataSyntax is a data file as CUE.
func (l *loader) dataSyntax(d dataFile) (*ast.File, error) {
	name, src := "-", l.stdin
	if d.path != "-" {
		name = shown(l.dir, d.path)
		var err error
		if src, err = readFile(d.path); err != nil {
			return nil, &refusal{rule.Pos{File: name}, reason(err)}
		}
	}
	var expr ast.Expr
	var err error
	switch d.encoding {
	case "yaml":
		f, err := yaml.Extract(name, src)
		if err == nil {
			err = oneDocument(f)
		}
		return f, dataFault(name, err)
	case "json":
		expr, err = json.Extract(name, src)
	case "toml":
		expr, err = toml.NewDecoder(name, bytes.NewReader(src)).Decode()
	}
	if err != nil {
		return nil, dataFault(name, err)
	}
	f := &ast.File{Filename: name}
	if s, ok := expr.(*ast.StructLit); ok {
		f.Decls = s.Elts
	} else {
		f.Decls = []ast.Decl{&ast.EmbedDecl{Expr: expr}}
	}
	return f, nil
}

// oneDocument refuses several YAML documents in one file, which CUE makes into a
// list that stands nowhere.
func oneDocument(f *ast.File) error {
	if len(f.Decls) != 1 {
		return nil
	}
	e, ok := f.Decls[0].(*ast.EmbedDecl)
	if !ok {
		return nil
	}
	if list, ok := e.Expr.(*ast.ListLit); ok && !list.Lbrack.IsValid() && len(list.Elts) > 1 {
		at := rule.Pos{File: f.Filename}
		if p := list.Elts[1].Pos(); p.IsValid() {
			at = position(p)
		}
		return &refusal{at, "a second document begins here: write one document per file"}
	}
	return nil
}

// dataFault is an error of a data file at its place, which the decoders tell in
// as many ways as there are of them.
func dataFault(name string, err error) error {
	if err == nil {
		return nil
	}
	if r, ok := err.(*refusal); ok {
		return r
	}
	at := rule.Pos{File: name}
	if p := errors.Positions(err); len(p) > 0 {
		at = position(p[0])
	}
	message := strings.TrimPrefix(err.Error(), fmt.Sprintf("invalid JSON for file %q: ", name))
	if rest, ok := strings.CutPrefix(message, name+":"); ok {
		message = strings.TrimSpace(rest)
		if line, rest, ok := strings.Cut(message, ":"); ok && isIndex(line) {
			at.Line, _ = strconv.Atoi(line)
			at.Column = max(at.Column, 1)
			message = strings.TrimSpace(rest)
		}
	}
	return &refusal{at, message}
}

// readFile reads a file that the user named, of a size that a policy may have.
func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = fmt.Errorf("the file has more than %d MiB", maxFile>>20)
	}
	return data, err
}
