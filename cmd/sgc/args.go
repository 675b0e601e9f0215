package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// line is a command line taken apart. All that can be wrong with one is found here; the
// library, which stops at the first input and forgets the first of two values, gets it in
// the one spelling that it never misreads.
type line struct {
	app     *cli.App
	command *cli.Command // nil for sgc itself
	given   []given
	inputs  []string
	wants   cli.Flag // the last word, where its value is missing
	help    bool
	version bool
	ended   bool // by "--", behind which nothing is a flag
}

// given is a flag, by the first of its names, with its value; "true" for a switch.
type given struct{ name, value string }

// parse takes words apart, those behind sgc. The error is the first thing that is wrong with
// them, and the line is what can be read all the same.
func parse(app *cli.App, words []string) (l line, err error) {
	l.app = app
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		var wrong error
		switch {
		case !l.ended && word == "--":
			l.ended = true
		case !l.ended && len(word) > 1 && word[0] == '-':
			words, wrong = l.flag(word, words)
		case l.command == nil && (word == "help" || word == "h"):
			l.help = true
		case l.command == nil:
			if l.command = app.Command(word); l.command == nil {
				return l, cmp.Or(err, unknownCommand(app, word))
			}
		default:
			l.inputs = append(l.inputs, word)
			if word == "" && l.command.Name != "sandbox" { // whose command may have such arguments
				wrong = l.errorf("an empty argument names nothing")
			}
		}
		err = cmp.Or(err, wrong)
	}
	if l.help {
		return l, nil
	}
	return l, cmp.Or(err, l.end())
}

// flag takes in a flag, and from the words behind it its value.
func (l *line) flag(word string, rest []string) ([]string, error) {
	name, value, joined := strings.Cut(word, "=")
	if strings.Trim(name, "-") != "" { // else it stays as it is
		name = dashed(name)
	}
	flag := l.lookup(name)
	switch {
	case name == "-h" || name == "--help":
		l.help = true
		return rest, nil
	case l.command == nil && (name == "-v" || name == "--version"):
		l.version = true
		return rest, nil
	case flag == nil:
		next := value
		if !joined && len(rest) > 0 {
			next = rest[0]
		}
		return rest, unknownFlag(l, name, word, next)
	case joined:
	case !takesValue(flag):
		value = "true"
	case len(rest) == 0 || strings.HasPrefix(rest[0], "--") && l.lookup(rest[0]) != nil:
		l.wants = flag
		return rest, l.errorf("%s needs a value", name)
	default:
		value, rest = rest[0], rest[1:]
	}
	first := flag.Names()[0]
	_, many := flag.(repeatedFlag)
	if !many && takesValue(flag) && slices.ContainsFunc(l.given, func(g given) bool { return g.name == first }) {
		return rest, l.errorf("%s takes one value, but is given twice", name)
	}
	if value == "" && takesValue(flag) {
		return rest, l.errorf("%s needs a value, but is given an empty one", name)
	}
	plain, wanted := judge(flag, value)
	if wanted != "" {
		return rest, l.errorf("%s %q: %s", name, value, wanted)
	}
	l.given = append(l.given, given{first, plain})
	return rest, nil
}

// lookup is the flag of this name, written as on the command line; nil where there is none.
func (l *line) lookup(name string) cli.Flag {
	if l.command == nil {
		return nil
	}
	return lookup(l.command.Flags, name)
}

// value is that of a flag, "" where it is not given.
func (l *line) value(name string) string {
	for _, g := range l.given {
		if g.name == name {
			return g.value
		}
	}
	return ""
}

// all is the values of a flag that may be repeated.
func (l *line) all(name string) (values []string) {
	for _, g := range l.given {
		if g.name == name {
			values = append(values, g.value)
		}
	}
	return values
}

// errorf says what is wrong, and where to read on.
func (l *line) errorf(format string, args ...any) error {
	name := l.app.Name
	if l.command != nil {
		name += " " + l.command.Name
	}
	return seeHelp(fmt.Sprintf(format, args...), name)
}

// seeHelp is an error with where to read on, behind what may be a question.
func seeHelp(text, name string) error {
	if strings.HasSuffix(text, "?") {
		return fmt.Errorf("%s See %s --help", text, name)
	}
	return fmt.Errorf("%s; see %s --help", text, name)
}

// arguments is the line as the library reads it.
func (l *line) arguments() []string {
	arguments := []string{l.app.Name}
	if l.version {
		return append(arguments, "--version")
	}
	if l.command != nil {
		arguments = append(arguments, l.command.Name)
	}
	if l.help {
		return append(arguments, "--help")
	}
	if l.command == nil {
		return arguments
	}
	for _, g := range l.given {
		arguments = append(arguments, "--"+g.name+"="+g.value)
	}
	return slices.Concat(arguments, []string{"--"}, l.inputs)
}

func lookup(flags []cli.Flag, name string) cli.Flag {
	for _, flag := range flags {
		if slices.Contains(flag.Names(), strings.TrimLeft(name, "-")) {
			return flag
		}
	}
	return nil
}

func takesValue(flag cli.Flag) bool {
	documented, ok := flag.(cli.DocGenerationFlag)
	return ok && documented.TakesValue()
}

// dashed is a flag's name as people type it: -t, --inject.
func dashed(name string) string {
	name = strings.TrimLeft(name, "-")
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}
