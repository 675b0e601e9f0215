package main

import (
	"io"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/export"
)

func exportCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "export",
		Usage:     "compile policies to a script or a document",
		ArgsUsage: "[INPUTS]",
		Description: "sh         a POSIX script for the openstack client: it creates what is missing, and may\n" +
			"           be run again, also after it was interrupted\n" +
			"openstack  the commands alone, to read, review and paste: once, into an empty project\n" +
			"json       the groups, their rules and the policy lines they come from, as a versioned\n" +
			"           document\n" +
			"yaml       the same as YAML\n" +
			"table      the same for people\n\n" +
			"An assertion that does not hold is an error, as in plan and apply. Warnings go to standard\n" +
			"error.\n\n" +
			"Whatever the level of --minimize, the rules allow exactly what the policy says:\n\n" +
			"off   every combination of protocol, family, port and peer, each once\n" +
			"safe  the same without those that another one covers\n" +
			"full  the fewest rules: neighbouring ports and networks are merged too\n\n" +
			"Where rules expire, full is the fewest for each day that contain the rules of all later\n" +
			"days: on the day after, rules only go, and none is replaced.\n\n" +
			"   sgc export -o web.sh ./policies/web && sh web.sh\n" +
			"   sgc export -o web.json ./policies/web",
		Flags: concat(inputFlags(), []cli.Flag{minimizeFlag()}, outputFlags(export.Formats()...)),
		Action: func(c *cli.Context) error {
			format := export.Format(c.String("format"))
			name, err := outputName(c, c.Args().Slice())
			if err != nil {
				return err
			}
			sets, err := judgedSets(c, s, c.Args().Slice(), nil)
			if err != nil {
				return err
			}
			return output(name, s.out, func(w io.Writer) error { return export.Write(w, format, sets) })
		},
	}
}
