package slip

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cuelang.org/go/cue/token"
)

// A stumble is a mistake after which CUE's parser stops only later.
type stumble struct {
	offset  int
	cue     string // how CUE's message begins
	message string
}

// What YAML begins with, where a policy may have its package clause; and a field
// with "=", which CUE takes for an alias, with a whole value or a brace behind
// it. CUE's own "=" is in the first group: that of a let clause, or an alias
// after a colon. Its other aliases have a field behind them.
var (
	yamlStart     = regexp.MustCompile(`\A(?:\s*(?:package \w+|//.*)?\n)*(---)\s*\n`)
	assignedValue = regexp.MustCompile(`(?m)(let\s+)?("?\b[A-Za-z_][\w-]*"?)\s*=\s*(?:"[^"\n]*"|\[[^\]\n]*\]|\{\s*\}|\d+|true|false)\s*(?:[,}\])]|//|$)`)
	assignedBrace = regexp.MustCompile(`(?m)(let\s+|:\s*)?("?\b[A-Za-z_][\w-]*"?)\s*=\s*\{\s*$`)
)

// stumblesIn finds the stumbles in a file, in their order.
func stumblesIn(src []byte) []stumble {
	var found []stumble
	if m := yamlStart.FindSubmatchIndex(src); m != nil {
		found = append(found, stumble{m[2], "", `"---" is YAML: take it out, or let the file's name end in .yaml`})
	}
	for _, expression := range []*regexp.Regexp{assignedValue, assignedBrace} {
		for _, m := range expression.FindAllSubmatchIndex(src, -1) {
			if own := m[2] >= 0; !own {
				found = append(found, stumble{m[4], "expected label or ':'", fmt.Sprintf(`a field has a colon, not "=": write %s: …`, src[m[4]:m[5]])})
			}
		}
	}
	slices.SortFunc(found, func(a, b stumble) int { return cmp.Compare(a.offset, b.offset) })
	return found
}

// lastStumble is the last one before the place at which CUE's parser stopped that
// may be why.
func lastStumble(all []stumble, stopped token.Pos, message string) (token.Pos, string) {
	before, _ := slices.BinarySearchFunc(all, stopped.Offset()+1, func(s stumble, offset int) int { return cmp.Compare(s.offset, offset) })
	for _, s := range slices.Backward(all[:before]) {
		if strings.HasPrefix(message, s.cue) {
			return stopped.File().Pos(s.offset, token.NoRelPos), s.message
		}
	}
	return token.NoPos, ""
}
