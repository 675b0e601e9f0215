package explain

import (
	"regexp"
	"strings"

	"cuelang.org/go/cue/errors"
)

// evaluated is what CUE says of expressions, and what is said here.
var evaluated = []struct {
	cue *regexp.Regexp
	say string
}{
	{regexp.MustCompile(`^invalid operation -("[^"]*")`), `a list has brackets: write [$1]`},
	{regexp.MustCompile(`^invalid operands (.+) and (.+) to '\+'`), `$1 and $2 cannot be added: a value is put into a text as in "web-\(_n)"`},
	{regexp.MustCompile(`division by zero$`), "this divides by zero"},
	{regexp.MustCompile(`^cannot call non-function (\w+)`), "$1 is no function"},
	{regexp.MustCompile(`^index out of range \[(\d+)\] with length (\d+)`), "there is no item $1: the list has $2, and the first is 0"},
	{regexp.MustCompile(`^explicit error \(_\|_`), "_|_ stands for an error: write a value"},
	{regexp.MustCompile(`^invalid regexp: .*parsing regexp: (.*)$`), "this is no regular expression: $1"},
	{regexp.MustCompile(`^cannot range over (.+) \(found`), "for goes through a list or through fields, and $1 is neither"},
	{regexp.MustCompile(`^cannot use (.+) \(type \w+\) as type bool`), `true or false belongs here, as in _env == "prod", not $1`},
	{regexp.MustCompile(`^cannot use (.+) \(type \w+\) as type number in (.+)`), "$1 is no number, and $2 takes numbers"},
	{regexp.MustCompile(`^invalid interpolation: cannot use .+ \(type (list|struct)\)`), "a $1 cannot be put into a text: name one of its values"},
}

// said is an error of CUE's in words for authors, or else in CUE's own, without the path
// that they may begin with.
func said(e errors.Error) string {
	message := strings.TrimSuffix(strings.TrimPrefix(e.Error(), strings.Join(e.Path(), ".")+": "), ":")
	for _, s := range evaluated {
		if m := s.cue.FindStringSubmatchIndex(message); m != nil {
			return string(s.cue.ExpandString(nil, s.say, message, m))
		}
	}
	return message
}
