package explain

import (
	"cmp"
	"fmt"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/errors"

	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/value"
	"sgc.dev/sgc/schema/written"
)

// withoutValue explains a value that is not there yet.
func (x *explainer) withoutValue(path []string, format string) string {
	switch op, _ := value.Settled(x.at(path)).Eval().Expr(); {
	case op == cue.OrOp:
		return "is one of several, and nothing says which: write one, or put * before the default"
	case op < cue.NotEqualOp || op > cue.NotRegexMatchOp:
	case portsIn(path) != "":
		return bracketed(path, `is a condition, not a port: a range is written <"8000-8100">`)
	default:
		return "is a condition, not a value: write one"
	}
	if name, kind := x.lacking(x.at(path)); name != "" {
		key := strings.TrimPrefix(name, "_")
		tag := map[cue.Kind]string{cue.IntKind: key + ",type=int", cue.BoolKind: key + ",type=bool"}[kind]
		where := ""
		if _, at := x.written.Field(name); at.IsValid() {
			where = fmt.Sprintf(" (%s)", written.Position(at))
		}
		return fmt.Sprintf("%s%s has no value yet: write one there, or @tag(%s) after it and say -t %s=…", name, where, cmp.Or(tag, key), key)
	}
	if strings.HasPrefix(format, "incomplete value") {
		return "has no value yet: write one"
	}
	return "depends on something that has no value yet"
}

// lacking is the first name of the policy's own in what makes up a value that has no
// value itself, and of which kind it is to be; "" for none.
func (x *explainer) lacking(v cue.Value) (name string, kind cue.Kind) {
	if source := v.Source(); source != nil {
		ast.Walk(source, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && name == "" && strings.HasPrefix(id.Name, "_") {
				if own := value.Settled(x.at([]string{id.Name})); own.Exists() && !own.IsConcrete() {
					name, kind = id.Name, own.IncompleteKind()
				}
			}
			return true
		}, nil)
	}
	return name, kind
}

// evaluated is what CUE says of expressions, and what is said here.
var evaluated = fault.NewSayings(
	`^invalid operation -("[^"]*")`, `a list has brackets: write [$1]`,
	`^invalid operands (.+) and (.+) to '\+'`, `$1 and $2 cannot be added: a value is put into a text as in "web-\(_n)"`,
	`^parse error: illegal number "(.*)"`, `a text must be in quotes: "$1"`,
	"of lists is superseded", `lists take neither + nor *: write one list, or import "list" and say list.Concat([a, b])`,
	"structural cycle", "refers to itself without end",
	`division by zero$`, "this divides by zero",
	`^cannot call non-function ([\w.]+)`, "$1 is not a function",
	`^invalid operand (.+) \(found string, want list or struct\)`, `$1 is a text, which has no fields: what changes texts is in CUE's package "strings"`,
	`^cannot use (.+) \(type \w+\) as (\w+) in argument (\d+) to (\S+)`, "$4 takes a $2 as argument $3, not $1",
	`^(?:not enough|too many) arguments in call to (\S+) \(have (\d+), want (\d+)\)`, "$1 takes $3 arguments, not $2",
	`^index out of range \[(\d+)\] with length (\d+)`, "there is no item $1: the list has $2, and the first is 0",
	`^explicit error \(_\|_`, "_|_ is an error: write a value",
	`^invalid regexp: .*parsing regexp: (.*)$`, "this is not a regular expression: $1",
	`^cannot range over (.+) \(found`, "for goes through a list or through fields, and $1 is neither",
	`^cannot use (.+) \(type \w+\) as type bool`, `expected true or false, as in _env == "prod", not $1`,
	`^cannot use (.+) \(type \w+\) as type number in (.+)`, "$1 is not a number, and $2 takes numbers",
	`^invalid interpolation: cannot use .+ \(type (list|struct)\)`, "a $1 cannot be put into a text: name one of its values",
)

// said is an error of CUE's in words for authors, or else in CUE's own, without the path
// that they may begin with.
func said(e errors.Error) string {
	message := strings.TrimSuffix(strings.TrimPrefix(e.Error(), strings.Join(e.Path(), ".")+": "), ":")
	return cmp.Or(evaluated.Of(message), message)
}
