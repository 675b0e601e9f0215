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
			"   sgc explain SGC001",
		BashComplete: func(*cli.Context) {
			for _, l := range lint.All() {
				fmt.Fprintln(s.out, l.Code)
			}
		},
		Action: func(c *cli.Context) error {
			if c.NArg() > 1 {
				return fmt.Errorf("explain takes one code; see sgc explain --help")
			}
			if !c.Args().Present() {
				w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
				for _, l := range lint.All() {
					fmt.Fprintf(w, "%s\t%s\t%s\n", l.Code, l.Level, l.Title)
				}
				return w.Flush()
			}
			code := strings.ToUpper(c.Args().First())
			if n, err := strconv.ParseUint(strings.TrimPrefix(code, "SGC"), 10, 16); err == nil { // sgc1
				code = fmt.Sprintf("SGC%03d", n)
			}
			l, ok := lint.Find(code)
			if !ok {
				return fmt.Errorf("no lint has the code %q; sgc explain lists them", c.Args().First())
			}
			_, err := io.WriteString(s.out, l.Page)
			return err
		},
	}
}
