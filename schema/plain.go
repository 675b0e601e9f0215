package schema

import (
	"strconv"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"
)

// Plain is what the author wrote out: texts, whole numbers, true and false, and
// lists and structs of them. Evaluated, it is what it says, so it can be read
// from the text, at a tenth of what CUE takes to evaluate it.

// isPlain says whether an expression is.
func isPlain(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		_, text := plainText(e)
		_, number := plainNumber(e)
		_, truth := plainTruth(e)
		return text || number || truth
	case *ast.ListLit:
		for _, item := range e.Elts {
			if !isPlain(item) {
				return false
			}
		}
		return true
	case *ast.StructLit:
		fields, ok := plainFields(e)
		for _, f := range fields {
			ok = ok && isPlain(f.Value)
		}
		return ok
	}
	return false
}

// plainText is a text that CUE keeps as it is: it may bring others to Unicode's
// composed form.
func plainText(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	if inner, ok := strings.CutPrefix(lit.Value, `"`); ok {
		inner = inner[:len(inner)-1]
		if !strings.ContainsAny(inner, `\"`) {
			return inner, ascii(inner)
		}
	} else if !strings.HasPrefix(strings.TrimLeft(lit.Value, "#"), `"`) {
		return "", false // bytes
	}
	s, err := literal.Unquote(lit.Value)
	return s, err == nil && ascii(s)
}

// plainNumber is a whole number in decimal digits alone.
func plainNumber(e ast.Expr) (int64, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.INT || !isIndex(lit.Value) || lit.Value[0] == '0' && lit.Value != "0" {
		return 0, false
	}
	n, err := strconv.ParseInt(lit.Value, 10, 64)
	return n, err == nil
}

func plainTruth(e ast.Expr) (truth, ok bool) {
	lit, ok := e.(*ast.BasicLit)
	return ok && lit.Kind == token.TRUE, ok && (lit.Kind == token.TRUE || lit.Kind == token.FALSE)
}

// plainFields is the fields of a struct that has nothing else, each of another
// name. Their values may be anything.
func plainFields(s *ast.StructLit) ([]*ast.Field, bool) {
	fields := make([]*ast.Field, len(s.Elts))
	for i, d := range s.Elts {
		f, ok := d.(*ast.Field)
		if !ok {
			return nil, false
		}
		if _, ok := plainName(f); !ok {
			return nil, false
		}
		fields[i] = f
	}
	if len(fields) > fewFields {
		seen := make(map[string]bool, len(fields))
		for _, f := range fields {
			name, _ := plainName(f)
			if seen[name] {
				return nil, false
			}
			seen[name] = true
		}
		return fields, true
	}
	for i, f := range fields {
		name, _ := plainName(f)
		for _, before := range fields[:i] {
			if other, _ := plainName(before); other == name {
				return nil, false
			}
		}
	}
	return fields, true
}

// plainName is the name of a regular field that says nothing but its value.
func plainName(f *ast.Field) (string, bool) {
	if f.Constraint != token.ILLEGAL || f.Alias != nil || len(f.Attrs) > 0 {
		return "", false
	}
	switch l := f.Label.(type) {
	case *ast.Ident:
		return l.Name, l.Name != "" && l.Name[0] != '_' && l.Name[0] != '#' && ascii(l.Name)
	case *ast.BasicLit:
		return plainText(l)
	}
	return "", false
}
