package written

import (
	"regexp"
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/rule"
)

// A Conditional is a field among the tiers, rules or other named things of a policy that
// makes none by itself: a pattern or an optional field speaks of those that have such a
// name, and a definition or a hidden field is there for what refers to it.
type Conditional struct {
	Pos   rule.Pos
	Text  string   // as written: [=~"^db-"], ssh?, #ssh, _ssh
	In    []string // the fields around it, from the top; "" for one that is a pattern itself
	Name  string   // that it speaks of, or would have as a field; "" for a regular expression
	Names string   // a regular expression of those that it speaks of; "" for a definition or a hidden field
}

// ConditionalsIn lists those of CUE files whose names can be told from what is written,
// but for those that stand under a condition, and for definitions and hidden fields that something refers to.
func ConditionalsIn(files []*ast.File) []Conditional {
	var found []Conditional
	for _, f := range files {
		found = append(found, conditionalsIn(f.Decls, nil)...)
	}
	if found == nil {
		return nil
	}
	refs := ReferencesIn(files)
	return slices.DeleteFunc(found, func(c Conditional) bool { return c.Names == "" && refs.Uses(c.Text) })
}

// sections are the fields of a policy whose own fields are named by the author, as rules are.
var sections = []string{"tiers", "servers", "services", "addresses", "groups", "addressGroups", "assert"}

func conditionalsIn(body []ast.Decl, in []string) []Conditional {
	var found []Conditional
	holdsNames := len(in) == 1 && slices.Contains(sections, in[0])
	if n := len(in); n == 3 || n == 4 && in[2] == "others" {
		holdsNames = in[0] == "tiers" && (in[n-1] == "ingress" || in[n-1] == "egress")
	}
	for _, d := range body {
		f, ok := d.(*ast.Field)
		if !ok {
			continue
		}
		name, _ := LabelName(f.Label)
		if c := conditionalOf(f, name); holdsNames && c.Text != "" {
			c.Pos, c.In = Position(f.Pos()), in
			found = append(found, c)
		}
		if !holdsNames || len(in) == 1 {
			for _, body := range bodiesOf(f.Value) {
				found = append(found, conditionalsIn(body, append(in[:len(in):len(in)], name))...)
			}
		}
	}
	return found
}

// bodiesOf is those of a struct, or of several that are unified.
func bodiesOf(x ast.Expr) [][]ast.Decl {
	switch x := x.(type) {
	case *ast.StructLit:
		return [][]ast.Decl{x.Elts}
	case *ast.ParenExpr:
		return bodiesOf(x.X)
	case *ast.BinaryExpr:
		if x.Op == token.AND {
			return append(bodiesOf(x.X), bodiesOf(x.Y)...)
		}
	}
	return nil
}

// conditionalOf has no Text where the field is none, or where what it speaks of is not known.
func conditionalOf(f *ast.Field, name string) Conditional {
	switch l := f.Label.(type) {
	case *ast.ListLit:
		if len(l.Elts) != 1 {
			return Conditional{}
		}
		if not, is := l.Elts[0].(*ast.UnaryExpr); is && not.Op == token.NEQ {
			name, _ := text(not.X)
			return Conditional{Text: labelText(l), Name: name, Names: exactly(name)}
		}
		names, ok := patternOf(l.Elts[0])
		if !ok {
			return Conditional{}
		}
		if name, ok = text(l.Elts[0]); !ok {
			name = ""
		}
		return Conditional{Text: labelText(l), Name: name, Names: names}
	case *ast.Ident:
		visible := strings.TrimLeft(l.Name, "_#")
		if visible != l.Name && visible != "" && (strings.Contains(l.Name, "#") || bodiesOf(f.Value) != nil) { // else it is a note
			return Conditional{Text: l.Name, Name: visible}
		}
	}
	if f.Constraint == token.OPTION {
		return Conditional{Text: name + "?", Name: name, Names: exactly(name)}
	}
	return Conditional{}
}

// patternOf is a pattern's regular expression, where it is made of texts and of such.
func patternOf(x ast.Expr) (string, bool) {
	switch x := x.(type) {
	case *ast.Alias:
		return patternOf(x.Expr)
	case *ast.BasicLit:
		s, ok := text(x)
		return exactly(s), ok
	case *ast.UnaryExpr:
		s, ok := text(x.X)
		return s, ok && x.Op == token.MAT
	case *ast.BinaryExpr:
		a, known := patternOf(x.X)
		b, ok := patternOf(x.Y)
		return "(?:" + a + ")|(?:" + b + ")", known && ok && x.Op == token.OR
	}
	return "", false
}

func exactly(name string) string { return "^" + regexp.QuoteMeta(name) + "$" }

func text(x ast.Expr) (string, bool) {
	lit, ok := x.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := literal.Unquote(lit.Value)
	return s, err == nil
}
