package main

import (
	_ "embed"
	"fmt"
	"io"
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
				// The library leaves in the marks by which usage texts name values.
				script = strings.ReplaceAll(script, "`", "")
			default:
				return fmt.Errorf("no completion for %q: bash, zsh or fish", shell)
			}
			_, err := io.WriteString(s.out, script)
			return err
		},
	}
}
