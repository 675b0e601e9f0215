package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/rule"
)

// elsewhere has what other tools call a command, terraform, kubectl and dnscontrol among them.
var elsewhere = map[string]string{
	"lint": "vet", "validate": "vet", "check": "vet",
	"preview": "plan",
	"push":    "apply", "create": "apply",
	"delete": "destroy", "remove": "destroy", "rm": "destroy",
	"show": "export", "get": "export",
	"get-zones": "import",
}

// unknownCommand says of a word that is no command which may have been meant, here or
// in another tool.
func unknownCommand(app *cli.App, word string) error {
	if there := elsewhere[word]; there != "" {
		return fmt.Errorf("unknown command %q, did you mean %q?; see sgc --help", word, there)
	}
	if word == "fmt" || word == "format" {
		return fmt.Errorf("unknown command %q, did you mean \"cue fmt\"? policies are CUE; see sgc --help", word)
	}
	var names []string
	for _, command := range app.Commands {
		names = append(names, command.Name)
	}
	return fmt.Errorf("unknown command %q%s; see sgc --help", word, didYouMean(word, names))
}

// unknownTopic says of sgc help that there is no such command; the library has words of its own.
func unknownTopic(app *cli.App, args []string) error {
	if len(args) < 3 || args[1] != "help" && args[1] != "h" || args[2] == "help" || args[2] == "h" ||
		strings.HasPrefix(args[2], "-") || app.Command(args[2]) != nil {
		return nil
	}
	return unknownCommand(app, args[2])
}

// unknownFlag says of a flag that a command does not have which may have been meant. A nil
// command is sgc itself, before any.
func unknownFlag(app *cli.App, command *cli.Command, name string) error {
	flags, help := app.Flags, "see sgc --help"
	if command != nil {
		flags, help = command.Flags, "see sgc "+command.Name+" --help"
	}
	switch {
	case name == "--auto-approve" && lookup(flags, "yes") != nil:
		return fmt.Errorf("unknown flag %s, did you mean \"--yes\"?; %s", name, help)
	case name == "--dry-run" && command != nil && command.Name == "apply":
		return fmt.Errorf("unknown flag %s: sgc plan says what apply would do; %s", name, help)
	}
	if command == nil {
		for _, c := range app.Commands {
			if lookup(c.Flags, strings.TrimLeft(name, "-")) != nil {
				return fmt.Errorf("%s stands before the command: write it after, as in sgc %s %s; %s", name, c.Name, name, help)
			}
		}
	}
	var names []string
	for _, flag := range flags {
		names = append(names, dashed(flag.Names()[0]))
	}
	meant := didYouMean(name, names)
	if short := lookup(flags, name[2:min(3, len(name))]); meant == "" && short != nil && takesValue(short) {
		meant = fmt.Sprintf(": the value of -%s stands apart from it", name[2:3])
	}
	return fmt.Errorf("unknown flag %s%s; %s", name, meant, help)
}

func didYouMean(word string, names []string) string {
	if near := rule.Closest(word, names); near != "" {
		return fmt.Sprintf(", did you mean %q?", near)
	}
	return ""
}

// severalTimes says how a flag takes several patterns where one that fits nothing looks like a
// list of them.
func severalTimes(flag, glob string) string {
	if strings.Contains(glob, ",") {
		return "; " + flag + " may be given several times"
	}
	return ""
}
