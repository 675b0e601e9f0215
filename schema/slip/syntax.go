// Package slip says what is wrong with a file that CUE's parser cannot read: which of the
// usual mistakes it is, where it was made, and what to write.
package slip

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"cuelang.org/go/cue/errors"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/source"
)

// Explain says what is wrong with a file that cannot be parsed, in the words for the
// usual mistakes: the first fault alone, since those behind it mostly follow.
func Explain(file *source.Unparsed) *fault.Error {
	at, message := others.In(file.Source)
	if message == "" {
		if told, ok := file.Err.(*fault.Error); ok {
			return told
		}
		first := errors.Errors(errors.Sanitize(errors.Promote(file.Err, "")))[0]
		s := stop{file.Source, first.Position().Offset(), strings.TrimSuffix(first.Error(), ":")}
		if !first.Position().IsValid() || s.offset > len(s.src) {
			return &fault.Error{Pos: rule.Pos{File: file.Name}, Message: s.message}
		}
		at, message = s.slip()
	}
	if at == len(file.Source) {
		at = len(bytes.TrimRight(file.Source, " \t\r\n"))
	}
	before := file.Source[:at]
	pos := rule.Pos{File: file.Name, Line: 1 + bytes.Count(before, []byte("\n")), Column: at - bytes.LastIndexByte(before, '\n')}
	return &fault.Error{Pos: pos, Message: message}
}

// A stop is where CUE's parser goes no further, and why.
type stop struct {
	src     []byte
	offset  int
	message string
}

// slip is the mistake for which the parser stops: where it is, and what to do.
func (s stop) slip() (int, string) {
	start := bytes.LastIndexByte(s.src[:s.offset], '\n') + 1
	text, _, _ := bytes.Cut(s.src[start:], []byte("\n"))
	line, column := string(text), min(s.offset-start, len(text))
	if m := lastAssigned(s.src[:s.offset]); m != nil && strings.HasPrefix(s.message, "expected label or ':'") {
		return m[2], fmt.Sprintf(`a field has a colon, not "=": write %s: …`, s.src[m[2]:m[3]])
	}
	for _, l := range slips {
		if !strings.HasPrefix(s.message, l.cue) {
			continue
		}
		if at, say := l.in(line, column); say != "" {
			return start + at, say
		}
	}
	if at, say := s.brackets(); say != "" {
		return at, say
	}
	if what := standing.FindString(line[column:]); what != "" {
		return s.offset, "unexpected " + what
	}
	return s.offset, "something is missing at the end of the line"
}

// standing is what stands where the parser stops.
var standing = regexp.MustCompile(`^(?:[\w$#]+|"[^"]*"|\S)`)

// A slip is what a usual mistake looks like where CUE's parser stops.
type slip struct {
	cue   string // how CUE's message begins
	looks string // of the line, with mark where the parser stops; without mark, of what is about that place
	say   string // with $1 and so on of the expression
}

// mark stands in a slip's expression for the place at which CUE's parser stops; a group
// called at is where the mistake is, if that is another place.
const mark = "\x00"

// in finds the slip in a line whose parser stops before a column.
func (l slip) in(line string, column int) (at int, say string) {
	marked, looks := line[:column]+mark+line[column:], regexp.MustCompile(l.looks)
	m := looks.FindStringSubmatchIndex(marked)
	if !strings.Contains(l.looks, `\x00`) {
		marked = line
		for _, m = range looks.FindAllStringSubmatchIndex(line, -1) {
			if m[0] <= column && column <= m[1] {
				break
			}
			m = nil
		}
	}
	if m == nil {
		return 0, ""
	}
	at = column
	if i := looks.SubexpIndex("at"); i > 0 {
		if at = m[2*i]; marked != line && at > column {
			at--
		}
	}
	return at, string(looks.ExpandString(nil, l.say, marked, m))
}
