package main

import (
	"strings"

	"github.com/urfave/cli/v2"
)

// choiceFlag is a flag that takes one of a few words, which shells complete.
type choiceFlag struct {
	*cli.StringFlag
	words []string
}

// formatFlag is --format with what a command can write, what it writes unless told
// otherwise first.
func formatFlag(words ...string) cli.Flag {
	return choiceFlag{&cli.StringFlag{Name: "format", Usage: "`FORMAT`: " + either(words), Value: words[0]}, words}
}

// either is "sh, json or yaml".
func either(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
