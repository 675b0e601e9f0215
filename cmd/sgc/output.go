package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/rule"
)

// outputName is the file that --output names, "" where there is none. A file
// that is read, or a policy, is not written to.
func outputName(c *cli.Context, inputs []string) (string, error) {
	name := c.String("output")
	there, err := os.Stat(name)
	if name == "" || err != nil || !there.Mode().IsRegular() {
		return name, nil
	}
	file, err := filepath.EvalSymlinks(name) // which is what would be written
	if err != nil {
		return "", err
	}
	if filepath.Ext(name) == ".cue" || filepath.Ext(file) == ".cue" {
		return "", fmt.Errorf("--output %s: this is a policy, and would be lost", name)
	}
	for _, input := range inputs {
		if read, err := os.Stat(input); err == nil && os.SameFile(read, there) {
			return "", fmt.Errorf("--output %s: this file is an input, and would be lost", name)
		}
	}
	return name, nil
}

// output calls write with standard output or, when a file is named, with a
// temporary file beside it that takes its name once it is whole: nobody runs
// half a script. Links are followed, and a file that is there keeps its mode.
// What is no regular file, a pipe or a terminal, is written to as it is.
func output(name string, stdout io.Writer, write func(io.Writer) error) error {
	if name == "" || name == "-" {
		return write(stdout)
	}
	mode := os.FileMode(0o666)
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		name = linked(name)
	case err != nil:
		return err
	case info.IsDir():
		return fmt.Errorf("--output %s is a folder: name a file in it", name)
	default:
		if !info.Mode().IsRegular() {
			f, err := os.OpenFile(name, os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			return errors.Join(write(f), f.Close())
		}
		mode = info.Mode().Perm()
		if name, err = filepath.EvalSymlinks(name); err != nil {
			return err
		}
	}
	return whole(name, mode, write, os.Rename)
}

// whole calls write with a temporary file beside a name, and has publish give it that name
// once it is whole: [os.Rename] in place of what is there, [unused] where nothing is. A file
// that a run which was killed has left is in nobody's way.
func whole(name string, mode os.FileMode, write func(io.Writer) error, publish func(from, to string) error) error {
	temporary := fmt.Sprintf("%s.sgc-%d", name, rand.Uint32())
	f, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", name, errors.Unwrap(err))
	}
	defer os.Remove(temporary)
	if err := errors.Join(write(f), f.Close()); err != nil {
		return err
	}
	return publish(temporary, name)
}

// writeJSON writes a document for machines.
func writeJSON(w io.Writer, document any) error {
	encoder := json.NewEncoder(rule.PrintableJSON(w))
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(document)
}

// unused gives a file a name that nothing has, by link where the file system has links. On
// others the name is taken first, by a file that is empty.
func unused(from, to string, link func(from, to string) error) error {
	err := link(from, to)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Close(), os.Rename(from, to)); err != nil {
		return errors.Join(err, os.Remove(to))
	}
	return nil
}

// linked is the file that is not there: name, or what links from it lead to.
func linked(name string) string {
	for {
		to, err := os.Readlink(name)
		if err != nil {
			return name
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(name), to)
		}
		name = to
	}
}
