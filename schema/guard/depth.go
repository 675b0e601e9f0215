package guard

import (
	"bytes"
	"fmt"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/written"
)

func tooDeep(at rule.Pos, limit int) *fault.Error {
	return &fault.Error{Pos: at, Message: fmt.Sprintf("nested more than %d deep: raise --max-nesting if this is meant", limit)}
}

// CheckDepth refuses data that is nested deeper than limit.
func CheckDepth(f *ast.File, limit int) *fault.Error {
	depth, deep, at := 0, false, token.NoPos
	ast.Walk(f, func(n ast.Node) bool {
		if nests(n) {
			depth++
			if depth > limit && !deep {
				deep, at = true, n.Pos()
			}
		}
		return !deep
	}, func(n ast.Node) {
		if nests(n) {
			depth--
		}
	})
	switch {
	case !deep:
		return nil
	case at.IsValid():
		return tooDeep(written.Position(at), limit)
	}
	return tooDeep(rule.Pos{File: f.Filename}, limit)
}

func nests(n ast.Node) bool {
	switch n.(type) {
	case *ast.StructLit, *ast.ListLit:
		return true
	}
	return false
}

// CheckTOML refuses a file that is nested deeper than limit before it is decoded:
// the decoders of JSON and YAML have a bound of their own, and that of TOML takes
// memory by the square of the depth. Brackets nest, and dots in a key.
func CheckTOML(name string, src []byte, limit int) *fault.Error {
	brackets, dots := 0, 0
	for i := 0; i < len(src); i++ {
		switch c := src[i]; c {
		case '"', '\'':
			i = endOfText(src, i)
		case '#':
			end := bytes.IndexByte(src[i:], '\n')
			if end < 0 {
				return nil
			}
			i += end - 1
		case '[', '{':
			brackets++
			dots = 0
		case ']', '}':
			brackets = max(0, brackets-1)
			dots = 0
		case '.':
			dots++
		case ',', '=', '\n':
			dots = 0
		}
		if brackets+dots > limit {
			start := bytes.LastIndexByte(src[:i], '\n') + 1
			return tooDeep(rule.Pos{File: name, Line: bytes.Count(src[:i], []byte("\n")) + 1, Column: i - start + 1}, limit)
		}
	}
	return nil
}

// endOfText is where the string ends that begins at i: the last of its quotes.
func endOfText(src []byte, i int) int {
	quote := src[i : i+1]
	if long := bytes.Repeat(quote, 3); bytes.HasPrefix(src[i:], long) {
		quote = long
	}
	for i += len(quote); i < len(src); i++ {
		switch {
		case src[i] == '\\' && quote[0] == '"':
			i++
		case bytes.HasPrefix(src[i:], quote):
			return i + len(quote) - 1
		case src[i] == '\n' && len(quote) == 1:
			return i // a fault that the decoder reports
		}
	}
	return len(src)
}
