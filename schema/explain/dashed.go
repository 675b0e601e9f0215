package explain

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/source"
	"sgc.dev/sgc/schema/value"
	"sgc.dev/sgc/schema/written"
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
		for _, f := range x.pkg.Files {
			ast.Walk(f, func(n ast.Node) bool {
				e, ok := n.(*ast.BinaryExpr)
				if !ok {
					return true
				}
				name, ok := difference(e)
				if !ok {
					return true
				}
				x.noteDashed(e, dashed{name, written.Position(e.Pos())})
				return false
			}, nil)
		}
	}
	d, ok := x.dashes[at]
	return d, ok
}

// noteDashed notes the parts of a dashed name.
func (x *explainer) noteDashed(e ast.Expr, d dashed) {
	x.dashes[written.Position(e.Pos())] = d
	if e, ok := e.(*ast.BinaryExpr); ok {
		x.dashes[written.Position(e.OpPos)] = d
		x.noteDashed(e.X, d)
		x.noteDashed(e.Y, d)
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

// A bareRange is a range of ports without its quotes that CUE turns into one port
// which nobody meant: 443-80 is 363.
type bareRange struct {
	written     string
	first, last int // of the range: 80 and 443
}

// bareRangeOf reads a range without quotes. What gives less than 1 is no port, and CUE
// says so.
func bareRangeOf(e ast.Expr) (bareRange, bool) {
	written, ok := difference(e)
	high, low, _ := strings.Cut(written, "-")
	last, err1 := strconv.Atoi(high)
	first, err2 := strconv.Atoi(low)
	return bareRange{written, first, last}, ok && err1 == nil && err2 == nil && first < last
}

// port is what CUE makes of the range.
func (b bareRange) port() int { return b.last - b.first }

func (b bareRange) message() string {
	return fmt.Sprintf("CUE reads %s as a difference, port %d: write \"%d-%d\" for the range", b.written, b.port(), b.first, b.last)
}

// Differences finds such ranges in a package: where ports stand, and, of a policy without
// faults, where the ports that its root has come from.
func Differences(p *source.Package, root *value.Node) fault.Errors {
	found := otherPorts(p.Files)
	if root != nil {
		found = append(found, portsFromElsewhere(p, *root, found)...)
	}
	return found
}

// otherPorts finds such ranges where ports stand.
func otherPorts(files []*ast.File) fault.Errors {
	var found fault.Errors
	written.EachField(files, func(path []string, f *ast.Field) {
		list, ok := f.Value.(*ast.ListLit)
		if name := path[len(path)-1]; !ok || name != "tcp" && name != "udp" && name != "sctp" {
			return
		}
		for i, item := range list.Elts {
			b, ok := bareRangeOf(item)
			if !ok {
				continue
			}
			at := append(path[:len(path):len(path)], strconv.Itoa(i))
			if computed := slices.Index(path, ""); computed >= 0 {
				at = path[:computed]
			}
			found = append(found, &fault.Error{Pos: written.Position(item.Pos()), Path: pathOf(at), Message: b.message()})
		}
	})
	return found
}

// portsFromElsewhere finds such ranges where ports come from: a hidden field, a
// definition, another package. The port's value stands where the range does, and what
// is computed from it, such as 8443-8080+n, is another value. Those in known are left out.
func portsFromElsewhere(p *source.Package, root value.Node, known fault.Errors) fault.Errors {
	ranges := map[rule.Pos]bareRange{}
	note := func(n ast.Node) bool {
		if e, ok := n.(*ast.BinaryExpr); ok {
			if b, ok := bareRangeOf(e); ok {
				ranges[written.Position(e.Pos())] = b
			}
		}
		return true
	}
	for _, of := range p.All() {
		for _, f := range of.Files {
			ast.Walk(f, note, nil)
		}
	}
	for _, e := range known {
		delete(ranges, e.Pos)
	}
	if len(ranges) == 0 {
		return nil
	}
	var found fault.Errors
	var look func(n value.Node)
	look = func(n value.Node) {
		for _, inner := range n.Inner {
			look(inner)
		}
		b, ok := ranges[n.Pos()]
		if ok && n.Kind == cue.IntKind && n.Number == int64(b.port()) && b.port() <= 65535 {
			found = append(found, &fault.Error{Pos: n.Pos(), Path: n.Up, Message: b.message()})
			delete(ranges, n.Pos()) // once
		}
	}
	for _, section := range []string{"services", "tiers"} {
		for _, n := range root.Inner {
			if n.Name == section {
				look(n)
			}
		}
	}
	return found
}
