package main

import (
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

//go:embed completion/sgc.bash
var bashCompletion string

//go:embed completion/sgc.zsh
var zshCompletion string

func completionCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print the completion script of a shell",
		ArgsUsage: "bash|zsh|fish",
		Description: "   source <(sgc completion bash)                      # bash, for this shell\n" +
			"   sgc completion zsh > \"${fpath[1]}/_sgc\"             # zsh\n" +
			"   sgc completion fish > ~/.config/fish/completions/sgc.fish",
		BashComplete: func(*cli.Context) { fmt.Fprintln(s.out, "bash\nzsh\nfish") },
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return fmt.Errorf("completion takes one shell: bash, zsh or fish")
			}
			script := ""
			switch shell := c.Args().First(); shell {
			case "bash":
				script = bashCompletion
			case "zsh":
				script = zshCompletion
			case "fish":
				var err error
				if script, err = c.App.ToFishCompletion(); err != nil {
					return err
				}
				script = fishValues(script, c.App.Commands)
			default:
				return fmt.Errorf("no completion for %q: bash, zsh or fish", shell)
			}
			_, err := io.WriteString(s.out, script)
			return err
		},
	}
}

// requestsCompletion is the last argument by which shells ask what may come next.
const requestsCompletion = "--generate-bash-completion"

// completesItself answers a request for completion that the library does not: for the words
// that a flag takes, and behind "--", where it would run the command.
func completesItself(app *cli.App, out io.Writer, args []string) bool {
	if len(args) == 0 || args[len(args)-1] != requestsCompletion {
		return false
	}
	if slices.Contains(args, "--") {
		return true
	}
	if len(args) < 4 || app.Command(args[1]) == nil {
		return false
	}
	name, begun, joined := strings.Cut(args[len(args)-2], "=")
	if !strings.HasPrefix(name, "-") {
		return false
	}
	flag, ok := lookup(app.Command(args[1]).Flags, strings.TrimLeft(name, "-")).(choiceFlag)
	for _, word := range flag.words {
		switch {
		case !joined:
			fmt.Fprintln(out, word)
		case strings.HasPrefix(word, begun):
			fmt.Fprintln(out, name+"="+word)
		}
	}
	return ok
}

// fishValues puts into the library's script for fish what it leaves out: the words
// and files that flags take, and what a command takes that is neither. What it leaves in goes: the
// marks by which usage texts name values.
func fishValues(script string, commands []*cli.Command) string {
	script = strings.ReplaceAll(script, "`", "")
	for _, command := range commands {
		of := "complete -c sgc -n '__fish_seen_subcommand_from " + command.Name + "' -f"
		for _, flag := range command.Flags {
			switch flag := flag.(type) {
			case choiceFlag:
				line := of + " -l " + flag.Name + " -r"
				script = strings.Replace(script, line, line+" -a '"+strings.Join(flag.words, " ")+"'", 1)
			case repeatedFlag:
				if line := " -l " + flag.Name + " "; flag.TakesFile {
					script = strings.Replace(script, of+line, strings.TrimSuffix(of, " -f")+line, 1)
				}
			}
		}
		if command.Name == "explain" || command.Name == "completion" {
			script += of + " -a '(sgc " + command.Name + " " + requestsCompletion + ")'\n"
		}
	}
	return script
}
