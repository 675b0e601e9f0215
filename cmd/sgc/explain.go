package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/lint"
)

func explainCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "explain",
		Usage:     "say what a lint means and how to answer it",
		ArgsUsage: "[CODE]",
		Description: "Without a code, lists the lints.\n\n" +
			"   sgc explain SGC001\n" +
			"   sgc explain --format=json",
		Flags: []cli.Flag{formatFlag("text", "json")},
		Action: func(c *cli.Context) error {
			if c.NArg() > 1 {
				return fmt.Errorf("explain takes one code; see sgc explain --help")
			}
			lints := lint.All()
			if c.Args().Present() {
				code := strings.ToUpper(c.Args().First())
				if n, err := strconv.ParseUint(strings.TrimPrefix(code, "SGC"), 10, 16); err == nil { // sgc1
					code = fmt.Sprintf("SGC%03d", n)
				}
				l, ok := lint.Find(code)
				if !ok {
					return fmt.Errorf("no lint has the code %q; sgc explain lists them", c.Args().First())
				}
				lints = []lint.Lint{l}
			}
			switch {
			case c.String("format") == "json":
				return writeJSON(s.out, explained(lints))
			case c.Args().Present():
				_, err := io.WriteString(s.out, lints[0].Page)
				return err
			}
			w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
			for _, l := range lints {
				fmt.Fprintf(w, "%s\t%s\t%s\n", l.Code, l.Level, l.Title)
			}
			return w.Flush()
		},
	}
}

// explanations is the document of --format=json.
type explanations struct {
	Version int           `json:"version"`
	Lints   []explanation `json:"lints"`
}

type explanation struct {
	Code  string `json:"code"`
	Level string `json:"level"`
	Title string `json:"title"`
	Page  string `json:"page"` // Markdown
}

func explained(lints []lint.Lint) explanations {
	doc := explanations{Version: 1}
	for _, l := range lints {
		doc.Lints = append(doc.Lints, explanation{l.Code, l.Level.String(), l.Title, l.Page})
	}
	return doc
}
