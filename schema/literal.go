package schema

import (
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"
)

// peerList is the list of texts that the author wrote out for from or to, in a
// policy that is sound. Evaluated, it can be nothing else: whatever else is said
// of the field has to be equal to it. Reading the text saves asking CUE, of which
// there is most for peers.
func (r *reader) peerList(p place, name string) *ast.ListLit {
	if !r.sound || !p.exact || name != "from" && name != "to" {
		return nil
	}
	for f, label := range p.fields {
		if label != name || f.Constraint != token.ILLEGAL || len(f.Attrs) > 0 {
			continue
		}
		if list, ok := f.Value.(*ast.ListLit); ok && len(list.Elts) > 0 && plainTexts(list) {
			return list
		}
	}
	return nil
}

func plainTexts(list *ast.ListLit) bool {
	for _, e := range list.Elts {
		if _, ok := plainText(e); !ok {
			return false
		}
	}
	return true
}

// plainText is a text that CUE keeps as it is.
func plainText(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := literal.Unquote(lit.Value)
	return s, err == nil && ascii(s)
}
