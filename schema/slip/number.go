package slip

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
)

var (
	numberKey = regexp.MustCompile(`\b(\d+(?:-\d+)?)\s*:`)
	ofRules   = regexp.MustCompile(`"?\b(?:in|e)gress"?\s*:$`) // the field whose keys are those of rules
)

// numberAsKey says what to write for a number that is a field's name, in a line that begins
// at start, where the parser stops before a column of it.
func numberAsKey(src []byte, start int, line string, column int, services ServicesOn) (at int, say string) {
	for _, m := range numberKey.FindAllStringSubmatchIndex(line, -1) {
		if m[0] > column || column > m[1] {
			continue
		}
		number := line[m[2]:m[3]]
		if ofRules.Match(structBefore(src[:start+m[0]])) {
			return m[0], PortAsKey(number, services)
		}
		return m[0], fmt.Sprintf("quote names that are numbers: %q", number)
	}
	return 0, ""
}

// structBefore is a text up to the struct that is still open at its end, or up to
// what stands on its last line where that is no struct's beginning.
func structBefore(text []byte) []byte {
	text = bytes.TrimRight(text, " \t")
	if bytes.HasSuffix(text, []byte(":")) {
		return text
	}
	closed := 0
	for i, c := range slices.Backward(text) {
		switch {
		case c == '}':
			closed++
		case c == '{' && closed > 0:
			closed--
		case c == '{':
			return bytes.TrimRight(text[:i], " \t")
		}
	}
	return nil
}
