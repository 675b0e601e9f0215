package explain

import (
	"cmp"
	"strings"

	"cuelang.org/go/cue/errors"

	"sgc.dev/sgc/schema/fault"
)

// evaluated is what CUE says of expressions, and what is said here.
var evaluated = fault.NewSayings(
	`^invalid operation -("[^"]*")`, `a list has brackets: write [$1]`,
	`^invalid operands (.+) and (.+) to '\+'`, `$1 and $2 cannot be added: a value is put into a text as in "web-\(_n)"`,
	`division by zero$`, "this divides by zero",
	`^cannot call non-function (\w+)`, "$1 is no function",
	`^index out of range \[(\d+)\] with length (\d+)`, "there is no item $1: the list has $2, and the first is 0",
	`^explicit error \(_\|_`, "_|_ stands for an error: write a value",
	`^invalid regexp: .*parsing regexp: (.*)$`, "this is no regular expression: $1",
	`^cannot range over (.+) \(found`, "for goes through a list or through fields, and $1 is neither",
	`^cannot use (.+) \(type \w+\) as type bool`, `true or false belongs here, as in _env == "prod", not $1`,
	`^cannot use (.+) \(type \w+\) as type number in (.+)`, "$1 is no number, and $2 takes numbers",
	`^invalid interpolation: cannot use .+ \(type (list|struct)\)`, "a $1 cannot be put into a text: name one of its values",
)

// said is an error of CUE's in words for authors, or else in CUE's own, without the path
// that they may begin with.
func said(e errors.Error) string {
	message := strings.TrimSuffix(strings.TrimPrefix(e.Error(), strings.Join(e.Path(), ".")+": "), ":")
	return cmp.Or(evaluated.Of(message), message)
}
