package main

import (
	"fmt"

	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/rule"
)

// readState joins the groups that several files have of one project, "" for the only one.
// What the files do not say is told on standard error.
func readState(s streams, files []string, project string) (*rule.State, error) {
	saved := neutron.Saved{Project: project}
	for _, name := range files {
		data, err := readDocument(name, snapshotDocument, stateDocument)
		if err != nil {
			return nil, err
		}
		if err := saved.Add(data); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	state, lacking, err := saved.State()
	switch {
	case err != nil && len(files) == 1:
		return nil, fmt.Errorf("%s: %w", files[0], err)
	case err != nil:
		return nil, err
	case lacking != "":
		fmt.Fprintln(s.err, "sgc: note:", lacking)
	}
	return state, nil
}
