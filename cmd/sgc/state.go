package main

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/statefile"
)

// stateFlags are those of commands that take a project's groups from files as well as from a
// cloud.
func stateFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "state", Usage: "take the groups in `FILE`, and ask no cloud; may be repeated", TakesFile: true},
		&cli.StringFlag{Name: "project", Usage: "of the groups in the files of --state take those of the project with this `ID`"},
	}
}

// stateHelp says what such files are.
const stateHelp = "The files of --state are snapshots of sgc, Neutron's list of security groups, what openstack\n" +
	"security group show -f json prints, or what list and rule list --long print with it; - is\n" +
	"standard input.\n"

// readState reads a file of --state, "-" for standard input.
func readState(s streams, name string) ([]byte, error) {
	if name == "-" {
		return readAll(stateName(name), s.in)
	}
	return readDocument(name, snapshotDocument, stateDocument)
}

func stateName(file string) string {
	if file == "-" {
		return "standard input"
	}
	return file
}

// asksNone refuses flags about clouds.
func asksNone(c *cli.Context) error {
	for _, flag := range append(cloudFlags(), targetFlags()[0]) {
		if name := flag.Names()[0]; c.IsSet(name) {
			return fmt.Errorf("--%s is about a cloud, and with --state none is asked: leave one of them out", name)
		}
	}
	return nil
}

// savedState joins the groups that the files of --state have of one project; it is nil where
// there is no such file. What the files do not say is told on standard error.
func savedState(c *cli.Context, s streams) (*rule.State, error) {
	files, project := c.StringSlice("state"), c.String("project")
	switch {
	case len(files) == 0 && project != "":
		return nil, errors.New("--project is about the files of --state; --os-cloud says which project of a cloud is meant")
	case len(files) == 0:
		return nil, nil
	}
	if err := asksNone(c); err != nil {
		return nil, err
	}
	all := statefile.Files{Project: project}
	for _, name := range files {
		data, err := readState(s, name)
		if err != nil {
			return nil, err
		}
		name = stateName(name)
		switch text := bytes.TrimSpace(data); {
		case len(text) == 0:
			return nil, fmt.Errorf("%s is empty", name)
		case text[0] != '{' && text[0] != '[':
			return nil, fmt.Errorf("%s is not JSON: openstack prints that with -f json", name)
		}
		if err := all.Add(data); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	state, lacking, err := all.State()
	switch {
	case err != nil && len(files) == 1:
		return nil, fmt.Errorf("%s: %w", stateName(files[0]), err)
	case err != nil:
		return nil, err
	case lacking != "":
		fmt.Fprintln(s.err, "sgc: note:", lacking)
	}
	return state, nil
}
