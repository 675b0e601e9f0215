package guard

import (
	"strings"

	"cuelang.org/go/cue/scanner"
	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/written"
)

// CheckNesting refuses a file that is nested deeper than limit: in brackets, or
// in what nests without them, "a: b: c:", "a & b & c", "a.b.c". CUE's parser
// bounds the first alone, and whatever walks the rest afterwards recurses until
// the stack is full, which no program survives.
func CheckNesting(name string, src []byte, limit int) *fault.Error {
	var s scanner.Scanner
	file := token.NewFile(name, -1, len(src))
	s.Init(file, src, func(token.Pos, string, []any) {}, scanner.Mode(0))

	// open has, for every bracket around the token at hand, what nests without
	// brackets in the element before it; depth is their sum and number.
	type level struct {
		chain         int
		interpolation bool
	}
	open := []level{{}}
	depth := 0
	expression := false // the next parenthesis opens an interpolated expression
	for {
		pos, tok, _ := s.Scan()
		top := &open[len(open)-1]
		switch tok {
		case token.EOF:
			return nil
		case token.COMMA:
			depth -= top.chain
			top.chain = 0
		case token.INTERPOLATION:
			expression = true
		case token.LPAREN, token.LBRACK, token.LBRACE:
			top.chain++
			depth++
			open = append(open, level{interpolation: expression})
			expression = false
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if len(open) == 1 {
				continue // a fault that the parser reports
			}
			depth -= top.chain
			resumes := top.interpolation && tok == token.RPAREN
			open = open[:len(open)-1]
			if resumes {
				expression = strings.HasSuffix(s.ResumeInterpolation(), "(")
			}
		case token.IDENT, token.INT, token.FLOAT, token.STRING, token.ATTRIBUTE, token.COMMENT,
			token.TRUE, token.FALSE, token.NULL, token.BOTTOM, token.ELLIPSIS:
		default: // operators, colons, dots and the words of comprehensions
			top.chain++
			depth++
		}
		if depth > limit {
			return tooDeep(written.Position(pos), limit)
		}
	}
}
