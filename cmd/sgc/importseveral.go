package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/draft"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/targets"
)

// imported is a project of several that are imported at once.
type imported struct {
	*project
	src    draft.Source
	name   string // of the project
	policy *draft.Policy
}

// importSeveral writes a policy for each of several projects, in a folder with the name of its
// cloud. What is the same in several has one name, and groups of one name that are not the same
// are listed.
func importSeveral(c *cli.Context, s streams, o draft.Options, about []targets.Target) error {
	if err := useless(c, "an import of several projects, each into a folder of its own,", "output", "terraform"); err != nil {
		return err
	}
	var list []*imported
	for _, t := range about {
		if !rule.IsName(t.Name) {
			return fmt.Errorf("--os-cloud %q: a folder with the name of the cloud is to have its policy, and none is called so: import it alone", t.Name)
		}
		list = append(list, &imported{project: newProject(s, t)})
	}
	each(list, func(i *imported) (err error) {
		i.src, i.name, err = importSource(c, i.project)
		return i.fails(err)
	})
	o.Sets = draft.SetNames{}
	var done []draft.Import
	var failed []string
	for _, i := range list {
		if i.failed == nil {
			i.policy, i.failed = importProject(c, i.project, i.src, i.name, o)
			i.failed = i.fails(i.failed)
		}
		if i.failed != nil {
			failed = append(failed, i.Name)
			continue
		}
		done = append(done, draft.Import{Project: i.Name, State: i.src.State, Policy: i.policy})
	}
	if lines := draft.Differing(done); lines != nil {
		fmt.Fprintln(s.err, "groups of one name that do not allow the same, with the projects in which they do:")
		for _, line := range lines {
			fmt.Fprintln(s.err, "  ", rule.Printable(line))
		}
	}
	if failed != nil {
		fmt.Fprintf(s.err, "%s: %d imported; %d failed: %s\n", rule.Counted(len(list), "project"), len(done), len(failed), rule.Printable(strings.Join(failed, ", ")))
		return exitFailure
	}
	return nil
}
