package slip

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// bracket finds brackets, and the comments and texts in which there are none.
var bracket = regexp.MustCompile(`//[^\n]*|"""(?s:.*?)"""|"(?:\\.|[^"\\\n])*"|[\[\](){}]`)

// closing is what closes each bracket.
var closing = map[byte]byte{'[': ']', '(': ')', '{': '}'}

// brackets finds the bracket without its other half, up to the stop: where lines are indented
// by one that does not fit, the first that its line speaks against.
func (s stop) brackets() (at int, say string) {
	var open []int
	shallow, deep := -1, -1 // an opening bracket that closes further left, and a closing one that stands further right
	for i := 0; i <= s.offset; {
		m := bracket.FindIndex(s.src[i:])
		if m == nil || i+m[0] > s.offset {
			break
		}
		at, i = i+m[0], i+m[1]
		switch c := s.src[at]; c {
		case '[', '(', '{':
			open = append(open, at)
		case ']', ')', '}':
			n := len(open) - 1
			if n < 0 || closing[s.src[open[n]]] != c {
				if slices.ContainsFunc(open, func(o int) bool { return closing[s.src[o]] == c }) {
					return s.unclosed(open[n])
				}
				if deep >= 0 {
					at = deep
				}
				return at, fmt.Sprintf("unexpected %q: remove it, or write what it closes", s.src[at:at+1])
			}
			indent, first := s.indent(at)
			if outer, _ := s.indent(open[n]); first && indent < outer && shallow < 0 {
				shallow = open[n]
			} else if first && indent > outer && deep < 0 {
				deep = at
			}
			open = open[:n]
		}
	}
	switch n := len(open) - 1; {
	case n < 0:
	case strings.HasSuffix(s.message, "found 'EOF'") && shallow >= 0:
		return s.unclosed(shallow)
	case strings.HasPrefix(s.message, "expected ')'"), strings.HasSuffix(s.message, "found 'EOF'"), s.src[s.offset] == ':' && s.src[open[n]] == '[':
		return s.unclosed(open[n])
	}
	return 0, ""
}

func (s stop) unclosed(at int) (int, string) {
	return at, fmt.Sprintf("this %q is never closed: add %q", s.src[at:at+1], string(closing[s.src[at]]))
}

// indent is how far the line of a place is indented, and whether the place comes first in it.
func (s stop) indent(at int) (n int, first bool) {
	line := s.src[bytes.LastIndexByte(s.src[:at], '\n')+1:]
	n = len(line) - len(bytes.TrimLeft(line, " \t"))
	return n, len(line)-n == len(s.src)-at
}
