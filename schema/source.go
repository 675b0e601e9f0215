package schema

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/load"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/encoding/json"
	"cuelang.org/go/encoding/toml"
	"cuelang.org/go/encoding/yaml"
)

// A loader turns an input into the syntax of a package.
type loader struct {
	dir    string // names in messages are relative to it
	tags   []string
	stdin  []byte
	limits Limits
}

// syntax parses an input. What is wrong with it is in the instance's Err.
func (l *loader) syntax(in input) (*build.Instance, *tree, error) {
	show := func(p string) string {
		if rest, ok := below(strings.TrimPrefix(p, "/"), schemaDir); ok {
			return definitionsPrefix + rest
		}
		return shown(l.dir, filepath.Join(in.root, filepath.FromSlash(p)))
	}
	t, err := openTree(in.root, in.loose, show)
	if err != nil {
		return nil, nil, err
	}
	inst := build.NewContext().NewInstance(in.root, nil)
	if len(in.args) > 0 {
		config := &load.Config{
			FS:         t,
			Dir:        path.Join("/", in.dir),
			ModuleRoot: "/",
			FromFSPath: show,
			ParseFile:  l.parse,
			Tags:       l.tags,
			TagVars:    load.DefaultTagVars(),
			Stdin:      bytes.NewReader(l.stdin),
			Registry:   registry{},
		}
		t.sourcesOnly(true)
		inst = load.Instances(in.args, config)[0]
		t.sourcesOnly(false)
	}
	for _, d := range in.data {
		f, err := l.dataSyntax(d)
		if err != nil {
			return inst, t, err
		}
		if err := inst.AddSyntax(f); err != nil {
			return inst, t, err
		}
	}
	return inst, t, nil
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
	}
	return f, err
}

// dataSyntax is a data file as CUE.
func (l *loader) dataSyntax(d dataFile) (*ast.File, error) {
	name, src := "-", l.stdin
	if d.path != "-" {
		name = shown(l.dir, d.path)
		f, err := os.Open(d.path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		if src, err = io.ReadAll(io.LimitReader(f, maxFile+1)); err != nil {
			return nil, err
		}
		if len(src) > maxFile {
			return nil, fmt.Errorf("%s has more than %d MiB", name, maxFile>>20)
		}
	}
	var expr ast.Expr
	var err error
	switch d.encoding {
	case "yaml":
		return yaml.Extract(name, src)
	case "json":
		expr, err = json.Extract(name, src)
	case "toml":
		expr, err = toml.NewDecoder(name, bytes.NewReader(src)).Decode()
	}
	if err != nil {
		return nil, err
	}
	f := &ast.File{Filename: name}
	if s, ok := expr.(*ast.StructLit); ok {
		f.Decls = s.Elts
	} else {
		f.Decls = []ast.Decl{&ast.EmbedDecl{Expr: expr}}
	}
	return f, nil
}
