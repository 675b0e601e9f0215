package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/rule"
)

// commandsElsewhere has what other tools call a command, terraform, kubectl, cue and dnscontrol
// among them.
var commandsElsewhere = map[string]string{
	"lint": "vet", "validate": "vet", "check": "vet",
	"preview": "plan", "whatif": "plan", "adopt": "plan --adopt", "refresh": "plan",
	"push": "apply", "create": "apply",
	"delete": "destroy", "remove": "destroy", "rm": "destroy",
	"show": "export", "get": "export", "describe": "export", "compile": "export", "build": "export", "eval": "export", "def": "export",
	"rollback": "restore", "undo": "restore",
	"reach":     "can",
	"get-zones": "import",
}

// flagsElsewhere has what other tools, or an older sgc, call a flag.
var flagsElsewhere = map[string]string{
	"--auto-approve": "--yes", "--force": "--yes",
	"--var": "--inject", "--var-file": "--inject",
	"--json": "--format=json",
	"--out":  "--output", "--outfile": "--output",
	"--exit-code": "--detailed-exitcode",
	"--port":      "--service", "--protocol": "--service",
	"--source": "--from", "--src": "--from",
	"--destination": "--to", "--dest": "--to", "--dst": "--to",
	"--cloud": "--os-cloud", "--region": "--os-region-name",
	"-p": "--package",
}

// unknownCommand says of a word that is no command which may have been meant, here or
// in another tool.
func unknownCommand(app *cli.App, word string) error {
	if there := commandsElsewhere[word]; there != "" {
		return seeHelp(fmt.Sprintf("unknown command %q, did you mean %q?", word, there), "sgc")
	}
	if word == "fmt" || word == "format" {
		return fmt.Errorf("unknown command %q, did you mean \"cue fmt\"? policies are CUE; see sgc --help", word)
	}
	if word == "" {
		return errors.New("an empty argument names nothing; see sgc --help")
	}
	if _, err := os.Stat(word); err == nil {
		return fmt.Errorf("%s is not a command, and the command comes first, as in sgc vet %s; see sgc --help", word, word)
	}
	var names []string
	for _, command := range app.Commands {
		names = append(names, command.Name)
	}
	return seeHelp(fmt.Sprintf("unknown command %q%s", word, didYouMean(word, names)), "sgc")
}

// unknownFlag says of a flag that a command does not have, of the word that it stands in and
// the one behind it, what may have been meant.
func unknownFlag(l *line, name, word, next string) error {
	if l.command == nil {
		for _, c := range l.app.Commands {
			if lookup(c.Flags, name) != nil {
				return l.errorf("%s is before the command: write it after, as in sgc %s %s", name, c.Name, name)
			}
		}
		return l.errorf("unknown flag %s%s", name, didYouMean(name, []string{"--help", "--version"}))
	}
	return l.errorf("unknown flag %s%s", name, meantFlag(l, name, word, next))
}

func meantFlag(l *line, name, word, next string) string {
	inputs := strings.Contains(l.command.ArgsUsage, "INPUTS")
	there, _, _ := strings.Cut(flagsElsewhere[name], "=")
	format, _ := l.lookup("format").(choiceFlag)
	switch {
	case there != "" && l.lookup(there) != nil:
		return fmt.Sprintf(", did you mean %q?", flagsElsewhere[name])
	case name == "-f" && slices.Contains(format.values, next):
		return fmt.Sprintf(", did you mean \"--format=%s\"?", next)
	case inputs && (name == "-f" || name == "--filename" || name == "--file"):
		return ": files and folders stand alone, as in sgc " + l.command.Name + " ./web"
	case name == "--target" && l.lookup("targets") != nil:
		return ": a policy is compared and carried out whole; --targets names the projects of a run"
	case inputs && name == "--target":
		return ": a policy is compared and carried out whole"
	case name == "-o" || name == "--output":
		return ": the result goes to standard output, as in sgc " + l.command.Name + " >FILE"
	case name == "--dry-run" && l.command.Name == "apply":
		return ": sgc plan says what apply would do"
	case name == "--no-color":
		return ": NO_COLOR=1 in the environment is that"
	case strings.HasPrefix(name, "--os-auth-") || name == "--os-username" || name == "--os-password" || strings.HasPrefix(name, "--os-project-"):
		return ": clouds.yaml says that, or " + strings.ToUpper(strings.ReplaceAll(name[2:], "-", "_")) + " in the environment"
	case l.command.Name == "sandbox" && l.inputs != nil:
		return ": what runs in the sandbox goes after --, as in sgc sandbox -- bash"
	case l.app.Command(name[2:]) != nil:
		return ": sgc " + name[2:] + " is a command of its own"
	}
	var names []string
	for _, flag := range l.command.Flags {
		names = append(names, dashed(flag.Names()[0]))
	}
	meant := didYouMean(name, names)
	if short := l.lookup(word[1:2]); meant == "" && short != nil && takesValue(short) {
		return ": the value of -" + word[1:2] + " is written separately"
	}
	return meant
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
