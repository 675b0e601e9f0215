package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// choiceFlag is a flag that takes one of a few words, which shells complete.
type choiceFlag struct {
	*cli.StringFlag
	words   []string
	endings bool // where it is not given, the ending of --output may say the word
}

// formatFlag is --format with what a command can write, what it writes unless told
// otherwise first.
func formatFlag(words ...string) choiceFlag {
	return choiceFlag{StringFlag: &cli.StringFlag{Name: "format", Usage: "`FORMAT`: " + either(words), Value: words[0]}, words: words}
}

// outputFlags are --format and --output of a command that writes one document.
func outputFlags(words ...string) []cli.Flag {
	format := formatFlag(words...)
	format.endings = true
	return []cli.Flag{
		format,
		&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE`, whose ending gives the format, instead of standard output", TakesFile: true},
	}
}

// endings has the formats that a file's ending goes with, the one that it stands for first.
var endings = map[string][]string{
	".dot":  {"dot"},
	".gv":   {"dot"},
	".htm":  {"html"},
	".html": {"html"},
	".json": {"json"},
	".md":   {"markdown"},
	".mmd":  {"mermaid"},
	".sh":   {"sh", "openstack"},
	".svg":  {"svg"},
	".yaml": {"yaml", "json"}, // JSON is YAML
	".yml":  {"yaml", "json"},
}

// choose refuses words that a flag does not take, and a format that the ending of --output
// contradicts. Where no format is given, the ending gives it.
func choose(c *cli.Context) error {
	for _, flag := range c.Command.Flags {
		choice, ok := flag.(choiceFlag)
		if !ok {
			continue
		}
		word, file := c.String(choice.Name), c.String("output")
		if !slices.Contains(choice.words, word) {
			return fmt.Errorf("--%s: unknown %s %q: %s", choice.Name, strings.ToLower(strings.Split(choice.Usage, "`")[1]), word, either(choice.words))
		}
		formats := endings[strings.ToLower(filepath.Ext(file))]
		switch {
		case !choice.endings || len(formats) == 0 || !slices.Contains(choice.words, formats[0]):
		case !c.IsSet(choice.Name):
			return c.Set(choice.Name, formats[0])
		case !slices.Contains(formats, word):
			return fmt.Errorf("--output %s: the ending stands for %s, and --format says %s: change one of them", file, formats[0], word)
		}
	}
	return nil
}

// either is "sh, json or yaml".
func either(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
