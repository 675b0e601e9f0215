package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// interspersed moves the flags of a command before its inputs, since the flag
// package stops at the first input: "sgc export ./web --format=sh" is what
// people type. What follows "--" is an input whatever it looks like.
func interspersed(app *cli.App, args []string) []string {
	if len(args) < 3 {
		return args
	}
	command := app.Command(args[1])
	// The completion request stands last and has to stay there.
	if command == nil || args[len(args)-1] == requestsCompletion {
		return args
	}
	flags, inputs := []string{}, []string{}
	rest := args[2:]
	for i := 0; i < len(rest); i++ {
		arg := rest[i]
		switch {
		case arg == "--":
			inputs = append(inputs, rest[i+1:]...)
			i = len(rest)
		case len(arg) < 2 || arg[0] != '-':
			inputs = append(inputs, arg)
		case slices.Contains([]string{"-h", "-help", "--help"}, arg):
			return append(slices.Clone(args[:2]), "--help")
		case takesNext(command.Flags, arg):
			if i+1 == len(rest) { // the flag package has to find its value missing
				return slices.Concat(args[:2], flags, []string{arg})
			}
			flags = append(flags, spelled(command.Flags, arg), rest[i+1])
			i++
		default:
			for _, word := range splitTag(command.Flags, arg) {
				flags = append(flags, spelled(command.Flags, word))
			}
		}
	}
	return slices.Concat(args[:2], flags, []string{"--"}, inputs)
}

// miswritten says what no command can mean by arguments that are in order: a flag that
// takes one value and stands twice, of which the library would forget the first; and a
// value or an input of no letters, as "$unset" is, which is not the same as none.
func miswritten(app *cli.App, args []string) error {
	if len(args) < 3 || app.Command(args[1]) == nil || args[len(args)-1] == requestsCompletion {
		return nil
	}
	command, seen := app.Command(args[1]), map[string]bool{}
	i := 2
	for ; i < len(args) && args[i] != "--"; i++ {
		name, value, hasValue := strings.Cut(args[i], "=")
		flag := lookup(command.Flags, strings.TrimLeft(name, "-"))
		if flag == nil || !takesValue(flag) {
			continue
		}
		if _, many := flag.(repeatedFlag); seen[name] && !many {
			return fmt.Errorf("%s takes one value, and stands twice; see sgc %s --help", name, args[1])
		}
		seen[name] = true
		if !hasValue && i+1 < len(args) {
			i++
			value, hasValue = args[i], true
		}
		if hasValue && value == "" {
			return fmt.Errorf("%s needs a value, and has an empty one; see sgc %s --help", name, args[1])
		}
	}
	// What runs in the sandbox reads its arguments itself.
	if i < len(args) && slices.Contains(args[i:], "") && command.Name != "sandbox" {
		return fmt.Errorf("an empty argument names nothing; see sgc %s --help", args[1])
	}
	return nil
}

// spelled is a flag by its first name: the library refuses -t and --inject
// beside each other.
func spelled(flags []cli.Flag, arg string) string {
	name, value, hasValue := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	flag := lookup(flags, name)
	if flag == nil || arg[0] != '-' {
		return arg
	}
	if hasValue {
		return "--" + flag.Names()[0] + "=" + value
	}
	return "--" + flag.Names()[0]
}

// takesNext says whether a flag's value is the next argument.
func takesNext(flags []cli.Flag, arg string) bool {
	flag := lookup(flags, strings.TrimLeft(arg, "-"))
	return flag != nil && takesValue(flag)
}

// splitTag takes "-tenv=prod" apart into "-t" and "env=prod", as cue does. No other value
// stands right behind a short name: -out=plan.json is no -o.
func splitTag(flags []cli.Flag, arg string) []string {
	name, _, hasValue := strings.Cut(arg, "=")
	if !hasValue || !strings.HasPrefix(arg, "-t") || len(name) < 3 || lookup(flags, "t") == nil || lookup(flags, name[1:]) != nil {
		return []string{arg}
	}
	return []string{arg[:2], arg[2:]}
}

func lookup(flags []cli.Flag, name string) cli.Flag {
	for _, flag := range flags {
		if slices.Contains(flag.Names(), name) {
			return flag
		}
	}
	return nil
}

func takesValue(flag cli.Flag) bool {
	documented, ok := flag.(cli.DocGenerationFlag)
	return ok && documented.TakesValue()
}
