package slip

import (
	"bytes"
	"cmp"
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
	type opened struct{ at, indent int }
	var open []opened
	var shallow, deep int // an opening bracket that closes further left, and a closing one that stands further right
	for i, line, indent := 0, 0, 0; ; {
		m := bracket.FindIndex(s.src[i:])
		if m == nil || i+m[0] > s.offset {
			break
		}
		if at = i + m[0]; i == 0 || bytes.IndexByte(s.src[i:at], '\n') >= 0 {
			line = 1 + bytes.LastIndexByte(s.src[:at], '\n')
			indent = at - line - len(bytes.TrimLeft(s.src[line:at], " \t"))
		}
		i += m[1]
		n := len(open) - 1
		switch c := s.src[at]; {
		case closing[c] != 0:
			open = append(open, opened{at, indent})
		case c == '/' || c == '"':
		case n >= 0 && closing[s.src[open[n].at]] == c:
			if first := at == line+indent; first && indent < open[n].indent {
				shallow = cmp.Or(shallow, open[n].at)
			} else if first && indent > open[n].indent {
				deep = cmp.Or(deep, at)
			}
			open = open[:n]
		case slices.ContainsFunc(open, func(o opened) bool { return closing[s.src[o.at]] == c }):
			return s.unclosed(open[n].at)
		default:
			at = cmp.Or(deep, at)
			return at, fmt.Sprintf("unexpected %q: remove it, or write what it closes", s.src[at:at+1])
		}
	}
	switch n := len(open) - 1; {
	case n < 0:
	case strings.HasSuffix(s.message, "found 'EOF'"):
		return s.unclosed(cmp.Or(shallow, open[n].at))
	case strings.HasPrefix(s.message, "expected ')'"), s.src[open[n].at] == '[' && bytes.HasPrefix(s.src[s.offset:], []byte(":")):
		return s.unclosed(open[n].at)
	}
	return 0, ""
}

func (s stop) unclosed(at int) (int, string) {
	return at, fmt.Sprintf("this %q is never closed: add %q", s.src[at:at+1], string(closing[s.src[at]]))
}
