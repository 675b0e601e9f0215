package value

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/schema/source"
	"sgc.dev/sgc/schema/written"
)

// Definitions are the file that says what a policy is, or another package. They never change.
type Definitions struct {
	source []byte
	name   string // of the definition of the whole
	whole  *Form
}

// Define reads the definitions, of which #Policy, or what else the name is, is that of the
// whole package.
func Define(source []byte, name string) (*Definitions, error) {
	d := &Definitions{source: source, name: name}
	f, err := d.syntax()
	if err != nil {
		return nil, err
	}
	d.whole, err = formIn(f, name)
	return d, err
}

// Form is the form of what stands at a path of field names in a package, nil where there
// is to be nothing.
func (d *Definitions) Form(path ...string) *Form {
	f := d.whole
	for _, name := range path {
		f = f.At(cue.StructKind, name)
	}
	return f
}

// In is the package of the definitions in a context.
func (d *Definitions) In(context *cue.Context) (cue.Value, error) {
	f, err := d.syntax()
	if err != nil {
		return cue.Value{}, err
	}
	inst := build.NewContext().NewInstance(source.ImportPath, nil)
	if err := inst.AddSyntax(f); err != nil {
		return cue.Value{}, err
	}
	v := context.BuildInstance(inst)
	return v, v.Err()
}

func (d *Definitions) syntax() (*ast.File, error) {
	return parser.ParseFile(source.DefinitionsPrefix+strings.ToLower(d.name[1:])+".cue", d.source)
}

// formIn is the form of a definition in a file. Of one that does more than
// constrain, or in ways that are not known, there is none.
func formIn(file *ast.File, name string) (*Form, error) {
	d := definer{named: map[string]ast.Expr{}}
	for f, name := range written.PlaceOf([]*ast.File{file}).Fields {
		d.named[name] = f.Value
	}
	f := d.form(d.named[name])
	if d.unknown != nil {
		return nil, fmt.Errorf("%s: there is no form for what stands here", written.Position(d.unknown.Pos()))
	}
	return f, nil
}

// A definer makes forms of the definitions in a file.
type definer struct {
	named   map[string]ast.Expr
	unknown ast.Node // the first of which there is no form
}

func (d *definer) refuse(n ast.Node) *Form {
	if d.unknown == nil {
		d.unknown = n
	}
	return &Form{}
}

// form is that of a definition's expression.
func (d *definer) form(e ast.Expr) *Form {
	switch e := e.(type) {
	case *ast.Ident:
		switch e.Name {
		case "string":
			return one(way{kind: cue.StringKind})
		case "int":
			return one(way{kind: cue.IntKind, least: math.MinInt64, most: math.MaxInt64})
		case "bool":
			return one(way{kind: cue.BoolKind})
		}
		if named, ok := d.named[e.Name]; ok {
			return d.form(named)
		}
	case *ast.BasicLit:
		if s, err := literal.Unquote(e.Value); err == nil && e.Kind == token.STRING {
			return one(way{kind: cue.StringKind, looks: regexp.MustCompile("^" + regexp.QuoteMeta(s) + "$")})
		}
	case *ast.CallExpr: // error("…")
		f, _ := e.Fun.(*ast.Ident)
		if f == nil || f.Name != "error" || len(e.Args) != 1 {
			break
		}
		if says, ok := e.Args[0].(*ast.BasicLit); ok && says.Kind == token.STRING {
			text, _ := literal.Unquote(says.Value)
			return &Form{Says: text}
		}
	case *ast.BinaryExpr:
		x, y := d.form(e.X), d.form(e.Y)
		switch {
		case e.Op == token.OR && x.Kinds()&y.Kinds()&(cue.StructKind|cue.ListKind) == 0: // else one value might be two to CUE
			return &Form{append(x.ways, y.ways...), cmp.Or(x.Says, y.Says)}
		case e.Op == token.AND && x.Kinds() == cue.IntKind && y.Kinds() == cue.IntKind:
			return one(way{kind: cue.IntKind, least: max(x.ways[0].least, y.ways[0].least), most: min(x.ways[0].most, y.ways[0].most)})
		}
	case *ast.UnaryExpr:
		return d.constraint(e)
	case *ast.ListLit:
		if len(e.Elts) == 1 {
			if rest, ok := e.Elts[0].(*ast.Ellipsis); ok && rest.Type != nil {
				return one(way{kind: cue.ListKind, item: d.form(rest.Type)})
			}
		}
	case *ast.StructLit:
		record := way{kind: cue.StructKind, fields: map[string]*Form{}}
		d.fields(&record, e)
		return one(record)
	}
	return d.refuse(e)
}

// one is the form of which a value has one way.
func one(w way) *Form { return &Form{ways: []way{w}} }

// constraint is the form of >=1, <=65535 and =~"^x$".
func (d *definer) constraint(e *ast.UnaryExpr) *Form {
	lit, ok := e.X.(*ast.BasicLit)
	if !ok {
		return d.refuse(e)
	}
	limit, err := strconv.ParseInt(lit.Value, 10, 64)
	switch {
	case e.Op == token.GEQ && err == nil:
		return one(way{kind: cue.IntKind, least: limit, most: math.MaxInt64})
	case e.Op == token.LEQ && err == nil:
		return one(way{kind: cue.IntKind, least: math.MinInt64, most: limit})
	case e.Op == token.MAT:
		if s, err := literal.Unquote(lit.Value); err == nil {
			if pattern, err := regexp.Compile(s); err == nil {
				return one(way{kind: cue.StringKind, looks: pattern})
			}
		}
	}
	return d.refuse(e)
}

// fields adds the fields of a struct, and of the definitions that it embeds.
func (d *definer) fields(w *way, s *ast.StructLit) {
	for _, decl := range s.Elts {
		switch decl := decl.(type) {
		case *ast.CommentGroup:
		case *ast.EmbedDecl:
			name, _ := decl.Expr.(*ast.Ident)
			if name == nil {
				d.refuse(decl)
			} else if inner, ok := d.named[name.Name].(*ast.StructLit); ok {
				d.fields(w, inner)
			} else {
				d.refuse(decl)
			}
		case *ast.Field:
			if pattern, ok := decl.Label.(*ast.ListLit); ok {
				isText := func(e ast.Expr) bool { name, ok := e.(*ast.Ident); return ok && name.Name == "string" }
				if len(pattern.Elts) != 1 || !isText(pattern.Elts[0]) || w.rest != nil {
					d.refuse(decl)
				}
				w.rest = d.form(decl.Value)
				continue
			}
			name, ok := written.LabelName(decl.Label)
			if w.fields[name] != nil || !ok || decl.Constraint == token.ILLEGAL {
				d.refuse(decl)
			}
			w.fields[name] = d.form(decl.Value)
			if decl.Constraint == token.NOT {
				w.required = append(w.required, name)
			}
		default:
			d.refuse(decl)
		}
	}
}
