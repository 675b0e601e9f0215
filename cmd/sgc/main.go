// Command sgc compiles tier policies for OpenStack security groups, written in
// CUE, to concrete rules. Each command has a file of its own; this package holds
// flags, streams and exit codes, and nothing of the policy language.
package main

import (
	"io"
	"os"
	"runtime/debug"
	"slices"

	"sgc.dev/sgc/schema"
)

// streams are the three of a process: the result goes to out alone; messages,
// progress and prompts to err.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// rehearsal is how sgc calls itself to evaluate a policy that could end it.
var rehearsal = []string{"--rehearse"}

func main() {
	// A policy is evaluated once and then the process ends: collecting less
	// garbage halves the time and keeps memory below that of cue export.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(1600)
	}
	if slices.Equal(os.Args[1:], rehearsal) {
		if schema.Rehearse(os.Stdin, os.Stdout) != nil {
			os.Exit(int(exitFailure))
		}
		return
	}
	os.Exit(run(os.Args, streams{os.Stdin, os.Stdout, os.Stderr}))
}
