package main

import (
	"os"

	"golang.org/x/term"
)

// terminal says whether a stream is one: a person sits there.
func terminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
