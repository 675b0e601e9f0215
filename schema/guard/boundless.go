package guard

import (
	"fmt"
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/schema/written"
)

// A multiplier is a function of CUE's that makes in one step a value as large as
// its arguments multiplied, several times as large as one, or as large as a number
// among them says. Go ends a program for which there is not so much memory before
// [Watch] can see it.
type multiplier struct {
	path    string // of the package
	names   string // of the functions; "" is the whole package
	makes   string
	instead string // what to do
}

func multipliers() []multiplier {
	const noUse = "a policy has no use for it"
	return []multiplier{
		{"math/bits", "", "numbers", noUse},
		{"strings", "Repeat", "texts", noUse},
		{"strings", "Replace", "texts", "write strings.Join(strings.Split(text, old), new)"},
		{"list", "Repeat", "lists", noUse},
		{"regexp", "ReplaceAll ReplaceAllLiteral", "texts", noUse},
		{"strconv", "FormatFloat", "texts", `write "\(number)"`},
		{"text/template", "Execute", "texts", `write "\(name)" in a text`},
		{"text/tabwriter", "Write", "texts", noUse},
		{"encoding/json", "Indent", "texts", noUse},
		{"encoding/hex", "Dump", "texts", noUse},
		{"html", "Escape", "texts", noUse},
		{"net", "PathEscape QueryEscape", "texts", noUse},
		{"path", "Join SplitList", "texts", `write "\(folder)/\(file)"`},
	}
}

// OnlyNumbers lets a file multiply numbers alone: a text times a number is as
// large as the number says. A sign changes nothing of a number, and CUE takes
// none before a text.
func OnlyNumbers(f *ast.File) {
	sign := func(x ast.Expr) ast.Expr {
		if lit, ok := x.(*ast.BasicLit); ok && lit.Kind == token.INT {
			return x
		}
		return &ast.UnaryExpr{OpPos: x.Pos(), Op: token.ADD, X: x}
	}
	ast.Walk(f, nil, func(n ast.Node) {
		if b, ok := n.(*ast.BinaryExpr); ok && b.Op == token.MUL {
			b.X, b.Y = sign(b.X), sign(b.Y)
		}
	})
}

// Boundless is where a file uses a multiplier, and what is wrong with that.
func Boundless(f *ast.File) (at token.Pos, message string) {
	refuse := func(p token.Pos, name string, m multiplier) {
		if !at.IsValid() {
			at, message = p, fmt.Sprintf("%s makes %s of any size in one step, which no limit can stop: %s", name, m.makes, m.instead)
		}
	}
	paths := written.ImportsOf(f)
	imports := map[ast.Node][]multiplier{}
	for spec := range f.ImportSpecs() {
		path := paths[spec]
		for _, m := range multipliers() {
			if path == m.path && m.names == "" {
				refuse(spec.Pos(), path, m)
			} else if path == m.path {
				imports[spec] = append(imports[spec], m)
			}
		}
	}
	if len(imports) == 0 {
		return at, message
	}
	// member refuses a member of a package, whatever the file calls the package.
	member := func(x ast.Node) bool {
		path, name, ok := paths.Member(x)
		for _, m := range multipliers() {
			if ok && path == m.path && slices.Contains(strings.Fields(m.names), name) {
				refuse(x.Pos(), path+"."+name, m)
			}
		}
		return ok
	}
	ast.Walk(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr, *ast.IndexExpr:
			return !member(n)
		case *ast.Ident:
			if ms := imports[n.Node]; ms != nil && !at.IsValid() {
				at, message = n.Pos(), fmt.Sprintf("say which of %s is meant: write the package, a dot and a name", ms[0].path)
			}
		}
		return true
	}, nil)
	return at, message
}
