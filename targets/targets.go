// Package targets reads files that say which projects a run is about.
package targets

import (
	_ "embed"
	"fmt"
	"path/filepath"
	"slices"
	"sync"

	"cuelang.org/go/cue"

	"sgc.dev/sgc/clouds"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
	"sgc.dev/sgc/schema/explain"
	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/guard"
	"sgc.dev/sgc/schema/source"
	"sgc.dev/sgc/schema/value"
	"sgc.dev/sgc/schema/written"
)

// Target is one project, and what is wanted there.
type Target struct {
	Name   string // "" of one that nothing has to be told apart from
	Choice clouds.Choice
	Inputs []string // as the command line has them
	Tags   []string // "key=value"
}

//go:embed targets.cue
var text []byte

// definitions are targets.cue.
var definitions = sync.OnceValues(func() (*value.Definitions, error) { return value.Define(text, "#Targets") })

// Load reads a file, in its order: CUE, or JSON, YAML or TOML. The error is [schema.Errors]
// where the file is at fault. What reading it may cost is bounded as with [schema.Load].
func Load(file string, limits guard.Limits) ([]Target, error) {
	d, err := definitions()
	if err != nil {
		return nil, err
	}
	l, found, err := source.Find(source.Options{Inputs: []string{file}, Limits: limits}, schema.Files())
	if err != nil {
		return nil, err
	}
	if !found[0].Named() && !source.IsData(file) {
		return nil, fault.Errors{{Pos: rule.Pos{File: file}, Message: "is a folder: name the file with the targets"}}
	}
	p, err := l.Load(found[0])
	if err != nil {
		return nil, err
	}
	defer p.Close()
	if f := explain.Unreadable(p); f.List != nil {
		return nil, fault.Earliest([]fault.Faults{f})
	}
	v, err := value.Build(value.NewContext(), p, d, limits.WithDefaults().Values)
	if err != nil {
		return nil, err
	}
	r := reader{folder: filepath.Dir(file)}
	list := r.targets(v.Root, written.Start(p.Files))
	faults := fault.Faults{Stage: fault.Checking, List: r.faults}
	if v.Invalid != nil {
		faults = explain.Invalid(p, v, r.faults)
	}
	if es := fault.Earliest([]fault.Faults{faults}); es != nil {
		return nil, es
	}
	return list, nil
}

// A reader turns the value of a file into targets. It reports what the definitions do not say,
// and passes over what they have refused.
type reader struct {
	folder string
	faults fault.Errors
}

func (r *reader) fault(n value.Node, lacks, format string, args ...any) {
	r.faults = append(r.faults, &fault.Error{Pos: n.Pos(), Path: n.Path(), Message: fmt.Sprintf(format, args...), Lacks: lacks})
}

func (r *reader) targets(root value.Node, start rule.Pos) (list []Target) {
	at := slices.IndexFunc(root.Inner, func(n value.Node) bool { return n.Name == "targets" })
	if at < 0 {
		r.faults = append(r.faults, &fault.Error{Pos: start, Path: "targets", Message: `missing field "targets": write targets: prod: {cloud: "prod", inputs: ["./web"]}`, Lacks: "targets"})
		return nil
	}
	for _, n := range root.Inner[at].Inner {
		list = append(list, r.target(n))
	}
	if root.Inner[at].Kind == cue.StructKind && list == nil {
		r.fault(root.Inner[at], "", "there is none")
	}
	return list
}

func (r *reader) target(n value.Node) Target {
	t := Target{Name: n.Name}
	if !rule.IsName(n.Name) {
		r.fault(n, "", `%q cannot name a target: it takes at most %d letters, digits, ".", "_" and "-", the first a letter or digit`, n.Name, rule.MaxName)
	}
	for _, field := range n.Inner {
		switch field.Name {
		case "cloud":
			t.Choice.Cloud = r.text(field)
		case "region":
			t.Choice.Region = r.text(field)
		case "tags":
			t.Tags = r.texts(field)
		case "inputs":
			t.Inputs = r.inputs(field)
		}
	}
	if n.Kind == cue.StructKind && !slices.ContainsFunc(n.Inner, func(f value.Node) bool { return f.Name == "inputs" }) {
		r.fault(n, "inputs", `missing field "inputs": say which policies, as in inputs: ["./web"]`)
	}
	return t
}

// text is one that is not empty.
func (r *reader) text(n value.Node) string {
	if n.Kind == cue.StringKind && n.Text == "" {
		r.fault(n, "", "the text is empty: leave it out, or say what it means")
	}
	return n.Text
}

func (r *reader) texts(n value.Node) (list []string) {
	for _, item := range n.Inner {
		list = append(list, r.text(item))
	}
	return list
}

// inputs are as the command line has them, with paths from there.
func (r *reader) inputs(n value.Node) (list []string) {
	if n.Kind == cue.ListKind && len(n.Inner) == 0 {
		r.fault(n, "", "the list is empty: say which policies")
	}
	for _, item := range n.Inner {
		input := r.text(item)
		encoding, path := source.Qualified(input)
		switch {
		case path == "-":
			r.fault(item, "", "standard input is for the command line: name a file")
		case path != "" && !filepath.IsAbs(path):
			input = filepath.Join(r.folder, path)
			if encoding != "" {
				input = encoding + ":" + input
			}
		}
		list = append(list, input)
	}
	return list
}
