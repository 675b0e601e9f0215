package schema

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/rule"
)

// dashed is a name with dashes that lacks its quotes, so that CUE reads it as a
// difference.
type dashed struct {
	name string
	at   rule.Pos
}

func (d dashed) message() string {
	return fmt.Sprintf("CUE reads %s as a difference: if it is one name, put it in quotes: %q", d.name, d.name)
}

// dashedAt finds the dashed name that has a part at a position.
func (x *explainer) dashedAt(at rule.Pos) (dashed, bool) {
	if x.dashes == nil {
		x.dashes = map[rule.Pos]dashed{}
		for _, f := range x.files {
			ast.Walk(f, func(n ast.Node) bool {
				e, ok := n.(*ast.BinaryExpr)
				if !ok {
					return true
				}
				name, ok := difference(e)
				if !ok {
					return true
				}
				x.dash(e, dashed{name, position(e.Pos())})
				return false
			}, nil)
		}
	}
	d, ok := x.dashes[at]
	return d, ok
}

// dash notes the parts of a dashed name.
func (x *explainer) dash(e ast.Expr, d dashed) {
	x.dashes[position(e.Pos())] = d
	if e, ok := e.(*ast.BinaryExpr); ok {
		x.dashes[position(e.OpPos)] = d
		x.dash(e.X, d)
		x.dash(e.Y, d)
	}
}

// difference is the text of a difference that may be a name: words, numbers and
// dots, with nothing between them and the dashes.
func difference(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name, true
	case *ast.BasicLit:
		return e.Value, e.Kind == token.INT
	case *ast.SelectorExpr:
		x, ok := difference(e.X)
		sel, plain := e.Sel.(*ast.Ident)
		if !ok || !plain {
			return "", false
		}
		return x + "." + sel.Name, true
	case *ast.BinaryExpr:
		x, okX := difference(e.X)
		y, okY := difference(e.Y)
		closed := e.X.End().Offset() == e.OpPos.Offset() && e.OpPos.Offset()+1 == e.Y.Pos().Offset()
		return x + "-" + y, okX && okY && closed && e.Op == token.SUB
	}
	return "", false
}

// otherPorts finds ranges of ports without their quotes that CUE turns into one
// port which nobody meant: 443-80 is 363.
func otherPorts(files []*ast.File) Errors {
	var found Errors
	eachField(files, func(path []string, f *ast.Field) {
		name := path[len(path)-1]
		list, ok := f.Value.(*ast.ListLit)
		if !ok || name != "tcp" && name != "udp" && name != "sctp" {
			return
		}
		for i, item := range list.Elts {
			written, ok := difference(item)
			high, low, _ := strings.Cut(written, "-")
			first, err1 := strconv.Atoi(high)
			last, err2 := strconv.Atoi(low)
			if !ok || err1 != nil || err2 != nil || first <= last {
				continue // less than 1 is no port, and CUE says so
			}
			at := append(path[:len(path):len(path)], strconv.Itoa(i))
			if computed := slices.Index(path, ""); computed >= 0 {
				at = path[:computed]
			}
			found = append(found, &Error{Pos: position(item.Pos()), Path: pathOf(at), Message: fmt.Sprintf(
				"CUE reads %s as a difference, port %d: write \"%d-%d\" for the range", written, first-last, last, first)})
		}
	})
	return found
}
