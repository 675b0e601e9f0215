package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/export"
)

func exportCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "export",
		Usage:     "compile policies to a script or a document",
		ArgsUsage: "[INPUTS]",
		Description: "sh    a POSIX script for the openstack client: it creates what is missing, and may be\n" +
			"      run again, also after it was interrupted\n" +
			"json  the groups, their rules and the policy lines they come from, as a versioned document\n" +
			"yaml  the same as YAML\n" +
			"table the same for people\n\n" +
			"Whatever the level of --minimize, the rules allow exactly what the policy says:\n\n" +
			"off   every combination of protocol, family, port and peer, each once\n" +
			"safe  the same without those that another one covers\n" +
			"full  the fewest rules: neighbouring ports and networks are merged too\n\n" +
			"   sgc export --format=sh ./policies/web | sh\n" +
			"   sgc export --format=json -o web.json ./policies/web",
		Flags: append(inputFlags(),
			minimizeFlag(),
			&cli.StringFlag{Name: "format", Usage: "`FORMAT`: sh, json, yaml or table", Value: "sh"},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE` instead of standard output"},
		),
		Action: guarded(s, func(c *cli.Context) error {
			format, err := export.ParseFormat(c.String("format"))
			if err != nil {
				return fmt.Errorf("--format: %w", err)
			}
			sets, err := compiled(c, s, c.Args().Slice())
			if err != nil {
				return err
			}
			if c.IsSet("output") && c.String("output") == "" {
				return fmt.Errorf("--output needs the name of a file")
			}
			return output(c.String("output"), s.out, func(w io.Writer) error { return export.Write(w, format, sets) })
		}),
	}
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
	if info, err := os.Stat(name); err == nil {
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
	temporary := fmt.Sprintf("%s.sgc-%d", name, os.Getpid())
	f, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", name, errors.Unwrap(err))
	}
	defer os.Remove(temporary)
	if err := errors.Join(write(f), f.Close()); err != nil {
		return err
	}
	return os.Rename(temporary, name)
}
