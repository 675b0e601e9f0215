package written

import (
	"fmt"
	"strconv"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/rule"
)

// A Difference is one of two ports in a list of ports, written as people write a range:
// CUE makes 363 of 443-80.
type Difference struct {
	Pos   rule.Pos
	Text  string // "443-80"
	Range string // "80-443"
}

// DifferencesIn lists such differences in CUE files, but for those with blanks about the
// minus, and those below 1, which are no port.
func DifferencesIn(files []*ast.File) []Difference {
	var found []Difference
	EachField(files, func(path []string, f *ast.Field) {
		list, ok := f.Value.(*ast.ListLit)
		if name := path[len(path)-1]; !ok || name != "tcp" && name != "udp" && name != "sctp" {
			return
		}
		for _, item := range list.Elts {
			e, ok := item.(*ast.BinaryExpr)
			if !ok || e.Op != token.SUB || e.OpPos.RelPos() != token.NoSpace || e.Y.Pos().RelPos() != token.NoSpace {
				continue
			}
			last, isPort := port(e.X)
			first, arePorts := port(e.Y)
			if isPort && arePorts && first < last {
				found = append(found, Difference{Position(e.Pos()), fmt.Sprintf("%d-%d", last, first), fmt.Sprintf("%d-%d", first, last)})
			}
		}
	})
	return found
}

func port(x ast.Expr) (int, bool) {
	lit, ok := x.(*ast.BasicLit)
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(lit.Value)
	return n, err == nil
}
