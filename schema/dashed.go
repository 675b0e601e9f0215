package schema

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/build"
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

// otherPorts finds such ranges where ports stand.
func otherPorts(files []*ast.File) Errors {
	var found Errors
	eachField(files, func(path []string, f *ast.Field) {
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
			found = append(found, &Error{Pos: position(item.Pos()), Path: pathOf(at), Message: b.message()})
		}
	})
	return found
}

// portsFromElsewhere finds such ranges where ports come from: a hidden field, a
// definition, another package. The port's value stands where the range does, and what
// is computed from it, such as 8443-8080+n, is another value. Those in known are left out.
func portsFromElsewhere(p *Policy, inst *build.Instance, known Errors) Errors {
	ranges := map[rule.Pos]bareRange{}
	note := func(n ast.Node) bool {
		if e, ok := n.(*ast.BinaryExpr); ok {
			if b, ok := bareRangeOf(e); ok {
				ranges[position(e.Pos())] = b
			}
		}
		return true
	}
	for _, of := range packagesOf(inst) {
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
	var found Errors
	look := func(path string, s Service) {
		for _, m := range s.Matches {
			b, ok := ranges[m.Pos]
			if ok && b.port() <= 65535 && m.Ports == rule.PortRange(uint16(b.port()), uint16(b.port())) {
				found = append(found, &Error{Pos: m.Pos, Path: extend(path, m.Protocol.String()), Message: b.message()})
				delete(ranges, m.Pos) // once
			}
		}
	}
	for _, s := range p.Services {
		look(extend("services", s.Name), s)
	}
	for _, t := range p.Tiers {
		for _, u := range t.Rules {
			look(u.Path, u.Service)
		}
	}
	return found
}
