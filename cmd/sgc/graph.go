package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/picture"
	"sgc.dev/sgc/reach"
	"sgc.dev/sgc/rule"
)

func graphCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "graph",
		Usage:     "draw who reaches whom",
		ArgsUsage: "[INPUTS]",
		Description: "text     a matrix for the terminal, and each arrow with its services\n" +
			"mermaid  a flowchart, as forges show it in Markdown\n" +
			"dot      a graph for Graphviz\n\n" +
			"   sgc graph ./policies/web\n" +
			"   sgc graph --format=mermaid >> README.md",
		Flags: append(inputFlags(),
			&cli.StringFlag{Name: "format", Usage: "`FORMAT`: " + strings.Join(picture.Formats(), ", "), Value: "text"},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE` instead of standard output"},
		),
		Action: guarded(s, func(c *cli.Context) error { return graph(c, s) }),
	}
}

func graph(c *cli.Context, s streams) error {
	format, err := picture.ParseFormat(c.String("format"))
	if err != nil {
		return fmt.Errorf("--format: %w", err)
	}
	if c.IsSet("output") && c.String("output") == "" {
		return fmt.Errorf("--output needs the name of a file")
	}
	sets, err := compiled(c, s, c.Args().Slice())
	if err != nil {
		return err
	}
	if len(sets) != 1 && format != picture.Text {
		return fmt.Errorf("%s is a picture of one policy, and here are %d: name one", format, len(sets))
	}
	return output(c.String("output"), s.out, func(w io.Writer) error {
		for i, set := range sets {
			if i > 0 {
				fmt.Fprintln(w)
			}
			if err := draw(w, format, set); err != nil {
				return err
			}
		}
		return nil
	})
}

func draw(w io.Writer, format picture.Format, set *rule.Set) error {
	g := reach.New(set).Graph()
	switch format {
	case picture.Mermaid:
		return picture.WriteMermaid(w, &g)
	case picture.DOT:
		return picture.WriteDOT(w, &g)
	}
	return picture.WriteText(w, &g)
}
