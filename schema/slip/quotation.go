package slip

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cuelang.org/go/cue/token"
)

// What lacks a quotation mark, up to where CUE's parser stops.
var (
	openInList = regexp.MustCompile(`"([^"\s,\[\]{}]+),\s*"$`)         // "a, "b": a comma in a text, and the next one's mark ends it
	bareInList = regexp.MustCompile(`(?:^|[\[,\s])([^"\s,\[\]{}:]+)$`) // a", "b"
	numberKey  = regexp.MustCompile(`\b\d+(?:-\d+)?\s*:`)
	ofRules    = regexp.MustCompile(`"?\b(?:in|e)gress"?\s*:$`) // the field whose keys are those of rules
)

// missingMark is where in a file a quotation mark is missing for want of which CUE's
// parser stops, and what to say of that; "" if that is not why.
func missingMark(src []byte, stopped token.Pos, message string, services ServicesOn) (token.Pos, string) {
	line, column := lineAround(src, stopped.Offset()), stopped.Column()
	start, stop := stopped.Offset()-(column-1), min(column-1, len(line))
	before, after := line[:stop], line[stop:]
	say := func(at int, format string, args ...any) (token.Pos, string) {
		return stopped.File().Pos(start+at, token.NoRelPos), fmt.Sprintf(format, args...)
	}
	if hashComment.MatchString(line) || spanAround(hash, line, column) != nil {
		return token.NoPos, ""
	}
	separate := strings.HasPrefix(message, "missing ','")
	if separate || message == openText {
		if m := openInList.FindStringSubmatchIndex(before); m != nil {
			return say(m[3], "a quotation mark is missing behind %s", line[m[2]:m[3]])
		}
		if m := bareInList.FindStringSubmatchIndex(before); m != nil && strings.HasPrefix(after, `"`) {
			return say(m[2], "a quotation mark is missing before %s", line[m[2]:m[3]])
		}
	}
	if message == openText {
		return token.NoPos, ""
	}
	for _, kind := range []struct {
		looks *regexp.Regexp
		say   string
	}{
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
		if strings.HasPrefix(line[span[0]+len(text):], `"`) {
			return say(span[0], "a quotation mark is missing before %s", text)
		}
		return say(stop, kind.say, text)
	}
	if span := spanAround(numberKey, line, column); span != nil && separate {
		number := strings.TrimRight(strings.TrimSuffix(line[span[0]:span[1]], ":"), " \t")
		return say(span[0], "%s", numberAsKey(number, src[:start+span[0]], services))
	}
	return token.NoPos, ""
}

// numberAsKey says what to write for a number that is a field's name. Before it
// is the file's text.
func numberAsKey(number string, before []byte, services ServicesOn) string {
	if !ofRules.Match(structBefore(before)) {
		return fmt.Sprintf("quote names that are numbers: %q", number)
	}
	return PortAsKey(number, services)
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
