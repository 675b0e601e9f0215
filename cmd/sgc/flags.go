package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/schema/guard"
)

// choiceFlag is a flag that takes one of a few values, which shells complete.
type choiceFlag struct {
	*cli.StringFlag
	values  []string
	endings bool // where it is not given, the ending of --output may say the value
}

// formatFlag is --format with what a command can write, what it writes unless told
// otherwise first.
func formatFlag[F ~string](formats ...F) choiceFlag {
	var values []string
	for _, f := range formats {
		values = append(values, string(f))
	}
	return choiceFlag{StringFlag: &cli.StringFlag{Name: "format", Usage: "`FORMAT`: " + either(values), Value: values[0]}, values: values}
}

// outputFlags are --format and --output of a command that writes one document.
func outputFlags[F ~string](formats ...F) []cli.Flag {
	format := formatFlag(formats...)
	format.endings = true
	return []cli.Flag{
		format,
		&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE`, whose ending gives the format, instead of standard output", TakesFile: true},
	}
}

// judge is the value of a flag as the library spells it, or what the flag takes where it
// does not take that.
func judge(flag cli.Flag, value string) (plain, wanted string) {
	var err error
	switch flag := flag.(type) {
	case choiceFlag:
		if !slices.Contains(flag.values, value) {
			return "", either(flag.values)
		}
	case *cli.DurationFlag:
		d, err := guard.ParseDuration(value)
		if err != nil {
			return "", err.Error()
		}
		return d.String(), ""
	case *cli.UintFlag:
		if _, err = strconv.ParseUint(value, 0, 64); err != nil {
			return "", "a whole number, 0 or more"
		}
	case *cli.IntFlag:
		if _, err = strconv.ParseInt(value, 0, 64); err != nil {
			return "", "a whole number"
		}
	case *cli.BoolFlag:
		if _, err = strconv.ParseBool(value); err != nil {
			return "", "true or false"
		}
	}
	return value, ""
}

// endings has the formats that a file's ending goes with, the one that it stands for first.
var endings = map[string][]string{
	".dot":   {"dot"},
	".gv":    {"dot"},
	".htm":   {"html"},
	".html":  {"html"},
	".json":  {"json"},
	".md":    {"markdown"},
	".mmd":   {"mermaid"},
	".prom":  {"prometheus"},
	".sarif": {"sarif"},
	".sh":    {"sh", "openstack"},
	".svg":   {"svg"},
	".yaml":  {"yaml", "json"}, // JSON is YAML
	".yml":   {"yaml", "json"},
}

// end gives the format that the ending of --output stands for, where none is given, and
// refuses one that it contradicts.
func (l *line) end() error {
	choice, ok := l.lookup("format").(choiceFlag)
	file := l.value("output")
	if !ok || file == "" {
		return nil
	}
	formats := endings[strings.ToLower(filepath.Ext(file))]
	switch word := l.value("format"); {
	case slices.Contains(choice.values, file): // kubectl's -o json
		return fmt.Errorf("--output %s would be a file of that name: the format is --format=%s, and the file -o ./%s", file, file, file)
	case !choice.endings:
	case len(formats) == 0 || !slices.Contains(choice.values, formats[0]):
	case word == "":
		l.given = append(l.given, given{choice.Name, formats[0]})
	case !slices.Contains(formats, word):
		return fmt.Errorf("--output %s: the ending means %s, and --format says %s: change one of them", file, formats[0], word)
	}
	return nil
}

// either is "sh, json or yaml".
func either(values []string) string {
	last := len(values) - 1
	return strings.Join(values[:last], ", ") + " or " + values[last]
}
