package main

import (
	"fmt"
	"io"
	"runtime/debug"

	"github.com/urfave/cli/v2"
)

// version is the module's version as the build recorded it: a release, or
// "(devel)" with the commit where it was built in a checkout.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	return info.Main.Version
}

func versionCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:        "version",
		Usage:       "print the versions of sgc, Go and CUE",
		Description: "   sgc version",
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return fmt.Errorf("version takes no arguments")
			}
			text := "sgc " + version() + "\n"
			if info, ok := debug.ReadBuildInfo(); ok {
				for _, dep := range info.Deps {
					if dep.Path == "cuelang.org/go" {
						text += "cue " + dep.Version + "\n"
					}
				}
				text += info.GoVersion + "\n"
			}
			_, err := io.WriteString(s.out, text)
			return err
		},
	}
}
