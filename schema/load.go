// Package schema is the policy language of sgc: its CUE definitions, which are
// its specification, their mirror in Go, and the loader between them.
package schema

import (
	"io"
	"time"
)

// Options say what to load and within which bounds.
type Options struct {
	Dir    string    // where relative inputs start; "" is the working directory
	Inputs []string  // as cue takes them: packages, ./..., files; none is the package in Dir, else ./policies/...
	Tags   []string  // as cue's -t: "key=value" or a shorthand
	Stdin  io.Reader // for "-"
	Limits Limits
}

// Limits bound what a hostile policy can cost. Zero fields mean the defaults.
type Limits struct {
	Memory  uint64        // bytes of heap; default 4 GiB
	Time    time.Duration // of loading and evaluating; default 2 minutes
	Nesting int           // depth of braces, brackets and parentheses in one file; default 1000
}

// Load reads every policy that the inputs name. The error is [Errors] where the
// policies are at fault.
func Load(o Options) ([]*Policy, error) { return nil, nil }
