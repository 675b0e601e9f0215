package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/compiler"
	"sgc.dev/sgc/picture"
	"sgc.dev/sgc/reach"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

func graphCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "graph",
		Usage:     "draw who reaches whom",
		ArgsUsage: "[INPUTS]",
		Description: "text     a matrix for the terminal, and each arrow with its services\n" +
			"mermaid  a flowchart, as forges show it in Markdown\n" +
			"dot      a graph for Graphviz\n" +
			"svg      a drawing, light and dark\n" +
			"html     one page that works without a network: drawing, matrix, rules, and a box to ask\n" +
			"         whether A reaches B\n\n" +
			"svg and html need the program sgc-graphviz beside sgc or in the PATH.\n\n" +
			"   sgc graph ./policies/web\n" +
			"   sgc graph -o web.html ./policies/web\n" +
			"   sgc graph --format=mermaid >> README.md",
		Flags:  concat(inputFlags(), outputFlags(picture.Formats()...)),
		Action: guarded(s, func(c *cli.Context) error { return graph(c, s) }),
	}
}

func graph(c *cli.Context, s streams) error {
	format := picture.Format(c.String("format"))
	name, err := outputName(c, c.Args().Slice())
	if err != nil {
		return err
	}
	sets, err := compiled(c, s, c.Args().Slice())
	if err != nil {
		return err
	}
	if len(sets) != 1 && format != picture.Text {
		return fmt.Errorf("%s is a picture of one policy, and here are %d: name one", format, len(sets))
	}
	var drawn bytes.Buffer // whole, before a file is begun: a limit may end the process here
	for i, set := range sets {
		if i > 0 {
			fmt.Fprintln(&drawn)
		}
		if err := draw(c, &drawn, format, set); err != nil {
			return err
		}
	}
	return output(name, s.out, func(w io.Writer) error {
		_, err := drawn.WriteTo(w)
		return err
	})
}

func draw(c *cli.Context, w io.Writer, format picture.Format, set *rule.Set) error {
	view := reach.New(set)
	place := func(graph []byte) ([]byte, error) {
		placed, err := graphviz(c.Context, graph)
		if errors.Is(err, errNoGraphviz) {
			return nil, fmt.Errorf("%w (or draw --format=dot with a Graphviz of your own)", err)
		}
		return placed, err
	}
	if format == picture.HTML {
		catalog, err := schema.Catalog()
		if err != nil {
			return err
		}
		var services []rule.Service
		for _, service := range catalog {
			services = append(services, compiler.Service(service))
		}
		return picture.WriteHTML(w, view, services, place)
	}
	g := view.Drawing()
	switch format {
	case picture.Mermaid:
		return picture.WriteMermaid(w, &g)
	case picture.DOT:
		return picture.WriteDOT(w, &g)
	case picture.SVG:
		return picture.WriteSVG(w, &g, place)
	}
	return picture.WriteText(w, &g)
}
