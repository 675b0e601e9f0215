// Package slip says what is wrong with a file that CUE's parser cannot read: which of the
// usual mistakes it is, where it was made, and what to write.
package slip

import (
	"bytes"
	"net/netip"
	"regexp"
	"strings"

	"cuelang.org/go/cue/errors"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/source"
	"sgc.dev/sgc/schema/written"
)

// Explain says what is wrong with a file that cannot be parsed, in the words for the
// usual mistakes: the first fault alone, since those behind it mostly follow.
func Explain(file *source.Unparsed, services ServicesOn) *fault.Error {
	if other := notCUE(file.Name, file.Source); other != nil {
		return other
	}
	if told, ok := file.Err.(*fault.Error); ok {
		return told
	}
	first := errors.Errors(errors.Sanitize(errors.Promote(file.Err, "")))[0]
	pos, message := first.Position(), strings.TrimSuffix(first.Error(), ":")
	if !pos.IsValid() || pos.Offset() > len(file.Source) {
		return &fault.Error{Pos: rule.Pos{File: file.Name}, Message: message}
	}
	if at, hint := missingMark(file.Source, pos, message, services); hint != "" {
		pos, message = at, hint
	} else if at, hint := lastStumble(stumblesIn(file.Source), pos, message); hint != "" {
		pos, message = at, hint
	} else if hint := syntaxHint(lineAround(file.Source, pos.Offset()), pos.Column(), message); hint != "" {
		message = hint
	}
	return &fault.Error{Pos: written.Position(pos), Message: message}
}

// lineAround is the line of a file that has an offset in it.
func lineAround(src []byte, offset int) string {
	start := bytes.LastIndexByte(src[:offset], '\n') + 1
	line, _, _ := bytes.Cut(src[start:], []byte("\n"))
	return string(line)
}

// openText is CUE's message about a text without its second quotation mark.
const openText = "string literal not terminated"

// What the usual mistakes look like.
var (
	hashComment = regexp.MustCompile(`^\s*#\w+\s+\w`)
	hash        = regexp.MustCompile(`#\s`)
	semicolon   = regexp.MustCompile(`;`)
	dashedName  = regexp.MustCompile(`[A-Za-z_]\w*(-\w+)+\s*:`)
	bareDate    = regexp.MustCompile(`\d{4}-\d\d-\d\d`)
	bareAddress = regexp.MustCompile(`[0-9a-fA-F]*([.:][0-9a-fA-F]*){2,8}(/\d+)?`)
)

// syntaxHint says what to do about a syntax error in a line at a column, "" where
// nothing better is known than CUE's own message.
func syntaxHint(line string, column int, message string) string {
	if hashComment.MatchString(line) || spanAround(hash, line, column) != nil {
		return "comments start with //"
	}
	if spanAround(semicolon, line, column) != nil {
		return `a comma or a new line stands between fields, not ";"`
	}
	column = min(column-1, len(line))
	marked := line[:column] + mark + line[column:]
	for _, l := range slips {
		if !strings.HasPrefix(message, l.cue) {
			continue
		}
		if m := l.looks.FindStringSubmatchIndex(marked); m != nil {
			return string(l.looks.ExpandString(nil, l.say, marked, m))
		}
	}
	return ""
}

// mark stands in a slip's expression for the place at which CUE's parser stops.
const mark = "\x00"

// A slip is what a usual mistake looks like where CUE's parser stops.
type slip struct {
	cue   string         // how CUE's message begins
	looks *regexp.Regexp // the line
	say   string         // with $1 and so on of the expression
}

const nextField = `\x00("?[\w-]+"?)\s*:` // its name, where the parser stops

// slips are tried in their order.
var slips = []slip{
	{"illegal character", regexp.MustCompile(`\x00[“”„«‘’‚]([^“”„«»‘’‚"]*)`), `a text has straight quotation marks: write "$1"`},
	{"expected label or ':', found 'IDENT'", regexp.MustCompile(`\x00(\w+)`), "a colon is missing before $1"},
	{"missing ',' in struct literal", regexp.MustCompile(`\x00([\])])`), `one "$1" is too many: take it out`},
	{"missing ',' in struct literal", regexp.MustCompile(`[\]})0-9]\s*` + nextField), "a comma or a new line is missing before $1"},
	{"missing ',' in struct literal", regexp.MustCompile(nextField), "a colon or a comma is missing before $1"},
	{"missing ','", regexp.MustCompile(`"\x00(\w+)`), `the text ends at the quotation mark before $1: one is missing further left, or write \" for one inside of the text`},
	{"missing ',' in list literal", regexp.MustCompile(""), `a comma is missing, or the "]" of the list before`},
	{"expected operand, found ','", regexp.MustCompile(`[,\[({]\s*\x00`), "one comma is too many: take it out"},
	{"expected operand, found ','", regexp.MustCompile(`:\s*\x00`), "a value is missing before the comma"},
	{"expected 'EOF', found '}'", regexp.MustCompile(""), `one "}" is too many: take it out, or put the "{" before it`},
	{"expected '}', found 'EOF'", regexp.MustCompile(""), `a "}" is missing before the end of the file`},
	{"expected ']', found 'EOF'", regexp.MustCompile(""), `a "]" is missing before the end of the file`},
	{openText, regexp.MustCompile(""), "the quotation mark at the end of the text is missing"}, // and nothing else is on the line
}

func isNetwork(s string) bool {
	_, err := netip.ParsePrefix(s)
	_, other := netip.ParseAddr(s)
	return err == nil || other == nil
}

// spanAround is where an expression matches in a line up to a column, nil for nowhere.
func spanAround(looks *regexp.Regexp, line string, column int) []int {
	for _, span := range looks.FindAllStringIndex(line, -1) {
		if span[0] < column && column <= span[1]+1 {
			return span
		}
	}
	return nil
}
