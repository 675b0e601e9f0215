package schema

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/token"
)

// A mending is the text of a file in which quotation marks have been put where
// they are missing. CUE's parser stumbles over a slip of that kind, and after it
// over what is none: the next one shows only once the first is mended.
type mending struct {
	text  []byte
	lines *token.File // the author's, which the parser has read to its end
	marks []int       // where the author's text lacks one, sorted
	slips errors.Error
}

// maxMendings bounds how often a file is parsed anew: a slip of each line at a time.
const maxMendings = 16

// mend puts quotation marks into a file until none is missing that the parser
// stumbles over. What it says of the file in the end is left is err.
func mend(src []byte, err error, parse func([]byte) (*ast.File, error)) (m *mending, left error) {
	m = &mending{text: src}
	for range maxMendings {
		marks := m.missing(err)
		if marks == nil {
			break
		}
		m.put(marks)
		if _, err = parse(m.text); err == nil {
			break
		}
	}
	return m, err
}

// missing notes the slips that the parser stumbles over, the first of each line,
// and returns where they lack quotation marks.
func (m *mending) missing(err error) (marks []int) {
	last := 0
	for _, e := range errors.Errors(errors.Sanitize(errors.Promote(err, ""))) {
		pos := e.Position()
		if !pos.IsValid() || pos.Offset() > len(m.text) || pos.Line() == last {
			continue
		}
		if m.lines == nil {
			m.lines = pos.File()
		}
		last = pos.Line()
		line := lineAround(m.text, pos.Offset())
		q, ok := unquotedAt(line, pos.Column(), plain(e))
		if !ok {
			continue
		}
		start := pos.Offset() - (pos.Column() - 1)
		at := m.original(start + q.at)
		if slices.Contains(m.marks, at) {
			continue // mending it has not helped
		}
		message := q.say
		if q.number != "" {
			message = numberAsKey(q.number, m.text[:start+q.at])
		}
		m.slips = errors.Append(m.slips, errors.Newf(m.lines.Pos(at, token.NoRelPos), "%s", message))
		for _, i := range q.marks {
			marks = append(marks, start+i)
		}
	}
	return marks
}

// put inserts quotation marks into the text.
func (m *mending) put(at []int) {
	slices.Sort(at)
	var text []byte
	var own []int
	from := 0
	for _, i := range at {
		text = append(append(text, m.text[from:i]...), '"')
		own = append(own, m.original(i))
		from = i
	}
	m.text = append(text, m.text[from:]...)
	m.marks = append(m.marks, own...)
	slices.Sort(m.marks)
}

// original is where something of the text stands in the author's.
func (m *mending) original(offset int) int {
	for n, at := range m.marks {
		if at+n >= offset {
			return offset - n
		}
	}
	return offset - len(m.marks)
}

// pos is the author's place for one of the text.
func (m *mending) pos(p token.Pos) token.Pos {
	return m.lines.Pos(m.original(p.Offset()), token.NoRelPos)
}

// An unmarked is a text of a line that lacks one quotation mark or both.
type unmarked struct {
	at     int   // where to say so; all places count from the line's start
	marks  []int // where they belong
	say    string
	number string // the text, where it is a number with a colon behind it
}

// What lacks a quotation mark, up to where CUE's parser stops.
const (
	openInList = `"([^"\s,\[\]{}]+),\s*"$`         // "a, "b": a comma in a text, and the next one's mark ends it
	bareInList = `(?:^|[\[,\s])([^"\s,\[\]{}:]+)$` // a", "b"
	numberKey  = `\b\d+(?:-\d+)?\s*:`
)

// unquotedAt finds the text for which CUE's parser stops at a column of a line, if
// it does so for want of a quotation mark.
func unquotedAt(line string, column int, message string) (unmarked, bool) {
	stop := min(column-1, len(line))
	before, after := line[:stop], line[stop:]
	if regexp.MustCompile(hashComment).MatchString(line) || around(hash, line, column) != "" {
		return unmarked{}, false
	}
	separate := strings.HasPrefix(message, "missing ','")
	if separate || message == openText {
		if m := regexp.MustCompile(openInList).FindStringSubmatchIndex(before); m != nil {
			return unmarked{at: m[3], marks: []int{m[3]}, say: "a quotation mark is missing behind " + line[m[2]:m[3]]}, true
		}
		if m := regexp.MustCompile(bareInList).FindStringSubmatchIndex(before); m != nil && strings.HasPrefix(after, `"`) {
			return unmarked{at: m[2], marks: []int{m[2]}, say: "a quotation mark is missing before " + line[m[2]:m[3]]}, true
		}
	}
	if message == openText {
		end := len(strings.TrimRight(line, "]}, \t\r"))
		return unmarked{at: stop, marks: []int{end}, say: "the quotation mark at the end of the text is missing"}, end > stop+1
	}
	for _, kind := range []struct{ looks, say string }{
		{dashedName, `quote names with "-": %q`},
		{bareDate, "put the date in quotes: %q"},
		{bareAddress, "put the address in quotes: %q"},
	} {
		span := spanAround(kind.looks, line, column)
		if span == nil {
			continue
		}
		text := strings.TrimRight(line[span[0]:span[1]], " \t")
		if kind.looks == dashedName {
			text = strings.TrimRight(strings.TrimSuffix(text, ":"), " \t")
		}
		if kind.looks == bareAddress && !isNetwork(text) {
			continue
		}
		end := span[0] + len(text)
		if strings.HasPrefix(line[end:], `"`) {
			return unmarked{at: span[0], marks: []int{span[0]}, say: "a quotation mark is missing before " + text}, true
		}
		return unmarked{at: stop, marks: []int{span[0], end}, say: fmt.Sprintf(kind.say, text)}, true
	}
	if span := spanAround(numberKey, line, column); span != nil && separate {
		number := strings.TrimRight(strings.TrimSuffix(line[span[0]:span[1]], ":"), " \t")
		return unmarked{at: span[0], marks: []int{span[0], span[0] + len(number)}, number: number}, true
	}
	return unmarked{}, false
}

// numberAsKey says what to write for a number that is a field's name. Before it
// is the file's text.
func numberAsKey(number string, before []byte) string {
	if !regexp.MustCompile(`"?\b(?:in|e)gress"?\s*:$`).Match(structBefore(before)) {
		return fmt.Sprintf("quote names that are numbers: %q", number)
	}
	return portAsKey(number, catalogAlone())
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
