package schema

import (
	"bytes"
	"fmt"
	"net/netip"
	"regexp"
	"strings"

	"cuelang.org/go/cue/errors"
)

// syntaxErrors is what CUE's parser says of a file, in the words for the usual
// mistakes: at most one error a line, and none that follows from the one before.
func syntaxErrors(src []byte, err error) errors.Error {
	if err == nil {
		return nil
	}
	var kept errors.Error
	lines := bytes.Split(src, []byte("\n"))
	last, lastLine := "", 0
	open := false // a text is, and takes what closes the brackets around it
	for _, e := range errors.Errors(errors.Sanitize(errors.Promote(err, ""))) {
		pos := e.Position()
		line, message := pos.Line(), plain(e)
		switch {
		case !pos.IsValid() || line > len(lines):
			kept = errors.Append(kept, e)
			continue
		case kept != nil && (line == lastLine || line <= lastLine+1 && message == last || strings.HasSuffix(message, "found 'EOF'")):
			if message == last {
				lastLine = line
			}
			continue
		case open && message != openText:
			continue
		}
		open = open || message == openText
		last, lastLine = message, line
		if hint := syntaxHint(string(lines[line-1]), pos.Column(), message); hint != "" {
			message = hint
		}
		kept = errors.Append(kept, errors.Newf(pos, "%s", message))
	}
	return kept
}

// openText is CUE's message about a text without its second quotation mark.
const openText = "string literal not terminated"

// What the usual mistakes look like.
const (
	hashComment = `^\s*#\w+\s+\w`
	hash        = `#\s`
	semicolon   = `;`
	dashedName  = `[A-Za-z_]\w*(-\w+)+\s*:`
	bareDate    = `\d{4}-\d\d-\d\d`
	bareAddress = `[0-9a-fA-F]*([.:][0-9a-fA-F]*){2,8}(/\d+)?`
)

// syntaxHint says what to do about a syntax error in a line at a column, "" where
// nothing better is known than CUE's own message.
func syntaxHint(line string, column int, message string) string {
	if regexp.MustCompile(hashComment).MatchString(line) || around(hash, line, column) != "" {
		return "comments start with //"
	}
	if name := around(dashedName, line, column); name != "" {
		return fmt.Sprintf(`quote names with "-": %q`, strings.TrimSpace(strings.TrimSuffix(name, ":")))
	}
	if day := around(bareDate, line, column); day != "" {
		return fmt.Sprintf("put the date in quotes: %q", day)
	}
	if address := around(bareAddress, line, column); isNetwork(address) {
		return fmt.Sprintf("put the address in quotes: %q", address)
	}
	if around(semicolon, line, column) != "" {
		return `a comma or a new line stands between fields, not ";"`
	}
	if name, ok := strings.CutPrefix(message, "expected label or ':', found 'IDENT' "); ok {
		return "a colon is missing before " + name
	}
	switch message {
	case "missing ',' in list literal":
		return `a comma is missing, or the "]" of the list before`
	case "expected '}', found 'EOF'":
		return `a "}" is missing before the end of the file`
	case "expected ']', found 'EOF'":
		return `a "]" is missing before the end of the file`
	case openText:
		return `the quotation mark at the end of the text is missing`
	}
	return ""
}

func isNetwork(s string) bool {
	_, err := netip.ParsePrefix(s)
	return err == nil || isAddress(s)
}

// around is the match of an expression in a line that reaches to a column.
func around(expression, line string, column int) string {
	for _, span := range regexp.MustCompile(expression).FindAllStringIndex(line, -1) {
		if span[0] < column && column <= span[1]+1 {
			return line[span[0]:span[1]]
		}
	}
	return ""
}
