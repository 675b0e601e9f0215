package guard

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/schema/written"
)

// What a policy may split, join and write out at once: far more than one needs,
// and a size for which every machine has memory.
const (
	maxSplit  = 10_000_000 // characters
	maxItems  = 10_000     // of a list
	maxJoined = 10_000     // characters of each item, and between two
	maxDigits = 1000
)

// A bounded function multiplies as multipliers do, but policies have a use for it.
type bounded struct {
	path  string // of the package
	names string // of the functions
	takes string
	each  []func() ast.Expr // what its arguments must be, from the first on
}

func boundedFunctions() []bounded {
	text := func(most int) func() ast.Expr {
		return func() ast.Expr { return ast.NewCall(builtin("strings", "MaxRunes"), integer(most)) }
	}
	texts := func() ast.Expr {
		items := ast.NewList(&ast.Ellipsis{Type: text(maxJoined)()})
		return ast.NewBinExpr(token.AND, items, ast.NewCall(builtin("list", "MaxItems"), integer(maxItems)))
	}
	short := func() ast.Expr {
		limit := func() ast.Expr { return ast.NewLit(token.FLOAT, fmt.Sprintf("1e%d", maxDigits)) }
		return ast.NewBinExpr(token.AND,
			&ast.UnaryExpr{Op: token.GTR, X: &ast.UnaryExpr{Op: token.SUB, X: limit()}},
			&ast.UnaryExpr{Op: token.LSS, X: limit()})
	}
	return []bounded{
		{"strings", "Split SplitN SplitAfter SplitAfterN Fields Runes SliceRunes",
			fmt.Sprintf("a text of at most %d characters", maxSplit), []func() ast.Expr{text(maxSplit)}},
		{"strings", "Join",
			fmt.Sprintf("a list of at most %d texts, and a text to put between them, of at most %d characters each", maxItems, maxJoined),
			[]func() ast.Expr{texts, text(maxJoined)}},
		{"strconv", "FormatInt FormatUint",
			fmt.Sprintf("a whole number of at most %d digits", maxDigits), []func() ast.Expr{short}},
	}
}

func integer(n int) ast.Expr { return ast.NewLit(token.INT, strconv.Itoa(n)) }

// builtin is a function of one of CUE's packages, whatever a file imports.
func builtin(path, name string) ast.Expr {
	id := ast.NewIdent(path)
	id.Node = ast.NewImport(nil, path)
	return ast.NewSel(id, name)
}

// Bound holds what a file gives to bounded functions to their bounds: an argument
// x becomes x & (what it must be | error("…")). At is where such a function is
// named without its arguments, so that it could be called from elsewhere.
func Bound(f *ast.File) (at token.Pos, message string) {
	imports := written.ImportsOf(f)
	if len(imports) == 0 {
		return token.NoPos, ""
	}
	functions := boundedFunctions()
	function := func(n ast.Node) (b bounded, name string, ok bool) {
		path, member, _ := imports.Member(n)
		i := slices.IndexFunc(functions, func(b bounded) bool {
			return b.path == path && slices.Contains(strings.Fields(b.names), member)
		})
		if i < 0 {
			return bounded{}, "", false
		}
		return functions[i], path + "." + member, true
	}
	called := map[ast.Node]bool{}
	ast.Walk(f, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			b, name, ok := function(call.Fun)
			called[call.Fun] = ok
			for i, want := range b.each {
				if i < len(call.Args) {
					call.Args[i] = must(call.Args[i], want(), name+" takes "+b.takes)
				}
			}
			return true
		}
		if _, name, ok := function(n); ok && !called[n] && !at.IsValid() {
			at, message = n.Pos(), fmt.Sprintf("%s is called where it is named: write its arguments behind it", name)
		}
		return true
	}, nil)
	return at, message
}

// must is x where it is as wanted, else an error at its place.
func must(x, want ast.Expr, message string) ast.Expr {
	otherwise := ast.NewPredeclared("error")
	otherwise.NamePos = x.Pos()
	or := ast.NewBinExpr(token.OR, want, ast.NewCall(otherwise, ast.NewString(message)))
	return ast.NewBinExpr(token.AND, x, &ast.ParenExpr{X: or})
}
