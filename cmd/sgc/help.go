package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/schema/guard"
)

// plainFlags are the flags without the noise that the library puts into their
// help: that a switch is off, and all names of a flag twice where it may be repeated.
func plainFlags(flags []cli.Flag) []cli.Flag {
	var plain []cli.Flag
	for _, flag := range flags {
		switch f := flag.(type) {
		case *cli.BoolFlag:
			f.DisableDefaultText = true
		case *cli.DurationFlag:
			f.DefaultText = cmp.Or(f.DefaultText, guard.FormatDuration(f.Value))
		case *cli.StringSliceFlag:
			flag = repeatedFlag{f}
		}
		plain = append(plain, flag)
	}
	return plain
}

type repeatedFlag struct{ *cli.StringSliceFlag }

// String is the flag's line of help, its columns apart by a tab.
func (f repeatedFlag) String() string {
	before, value, _ := strings.Cut(f.Usage, "`")
	value, after, _ := strings.Cut(value, "`")
	var names []string
	for _, name := range f.Names() {
		names = append(names, dashed(name)+" "+value)
	}
	return fmt.Sprintf("%s\t%s%s%s", strings.Join(names, ", "), before, value, after)
}

// helpWriter remembers what the library forgets: that its help could not be written.
type helpWriter struct {
	io.Writer
	err error
}

func (w *helpWriter) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	if err != nil {
		w.err = err
	}
	return n, err
}
