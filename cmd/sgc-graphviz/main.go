// Command sgc-graphviz finds places for the boxes and arrows of a drawing: it
// reads a graph in Graphviz's language from standard input and writes it with
// its places, as JSON, to standard output. sgc graph runs it.
//
// It is a program of its own because its library compiles Graphviz, which is
// WebAssembly, before main starts, in 2 s at first and in 50 ms from a cache
// later, which every command of sgc would pay for. The library puts machine code
// into the folder for temporary files and runs what it finds there, so whoever
// runs this gives it one that nobody else can write to.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/goccy/go-graphviz"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "sgc-graphviz:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	text, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	graph, err := graphviz.ParseBytes(text)
	if err != nil {
		return err
	}
	ctx := context.Background()
	g, err := graphviz.New(ctx)
	if err != nil {
		return err
	}
	return g.Render(ctx, graph, "json0", out)
}
