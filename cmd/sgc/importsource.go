package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/draft"
	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// importSource reads what is to be imported from a project, and the project's name.
func importSource(c *cli.Context, p *project) (src draft.Source, name string, err error) {
	if err := p.open(c); err != nil {
		return src, "", err
	}
	if src, name, err = readSource(c, p); err != nil {
		return src, "", err
	}
	for _, flag := range []string{"only", "except"} {
		if none := draft.Unmatched(c.StringSlice(flag), src.State); len(none) > 0 {
			return src, "", fmt.Errorf("--%s %q: no group has such a name, tag or id%s%s", flag, none[0], meant(none[0], src.State), severalTimes("--"+flag, none[0]))
		}
	}
	return src, name, nil
}

// meant is the name of a group that is almost so, or that this is a part of, as a question.
func meant(glob string, s *rule.State) string {
	var names []string
	for _, g := range s.Groups {
		names = append(names, g.Name)
	}
	near := rule.Closest(glob, names)
	if at := slices.IndexFunc(names, func(name string) bool { return strings.Contains(name, glob) }); near == "" && at >= 0 {
		near = names[at]
	}
	if near == "" {
		return ""
	}
	return fmt.Sprintf(", did you mean %q?", near)
}

func readSource(c *cli.Context, p *project) (src draft.Source, name string, err error) {
	if src.Catalog, err = schema.Catalog(); err != nil {
		return src, "", err
	}
	client, live := p.from.(*neutron.Client)
	if src.State, err = p.from.Read(c.Context); err != nil {
		return src, "", err
	}
	if !live {
		src.Born, src.Default, src.NoPorts = plan.Born(), plan.UsualDefault(), true
		src.Where = plan.Place{Project: src.State.Project}.String()
		return src, "project-" + src.State.Project, nil
	}
	if src.Born, src.Default, err = client.Template(c.Context); err != nil {
		return src, "", err
	}
	if src.Default == nil {
		src.Default = plan.UsualDefault()
	}
	if src.Ports, err = client.Ports(c.Context); err != nil {
		return src, "", err
	}
	if c.NArg() == 0 { // a policy that there is keeps its servers
		if err := readServers(c.Context, client, p.streams, &src); err != nil {
			return src, "", err
		}
	}
	place := client.Place()
	src.Where = place.String()
	return src, place.Name, nil
}

// readServers reads what the cloud tells of the servers and the networks of ports: the
// policy can be written without.
func readServers(ctx context.Context, client *neutron.Client, s streams, src *draft.Source) (err error) {
	note := func(without string, err error) {
		if err != nil {
			fmt.Fprintf(s.err, "sgc: note: %s: %s\n", without, rule.Printable(err.Error()))
		}
	}
	if networks := draft.Lone(src.Ports); len(networks) > 0 {
		src.Subnets, err = client.Subnets(ctx, networks)
		note("servers are written without addresses", err)
	}
	if slices.ContainsFunc(src.Ports, func(p rule.LivePort) bool { return len(p.Groups) > 0 && strings.HasPrefix(p.Owner, rule.ComputeOwner) }) {
		src.Servers, err = client.Servers(ctx)
		note("servers are not named by what Nova calls them", err)
	}
	return ctx.Err()
}

// removedFile is what makes Terraform forget groups.
const removedFile = "removed.tf"

// terraform reads which groups are Terraform's, nil where nobody asks for those.
func terraform(c *cli.Context) (*draft.Terraform, error) {
	name := c.String("terraform")
	if name == "" {
		return nil, nil
	}
	data, err := readFile(name)
	if err != nil {
		return nil, err
	}
	owner, err := draft.ParseTerraform(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return owner, nil
}

// writeRemoved writes what makes Terraform forget groups, unless it is there.
func writeRemoved(c *cli.Context, s streams, text []byte) error {
	there, err := os.Lstat(removedFile)
	switch {
	case c.Bool("dry-run") || errors.Is(err, fs.ErrNotExist):
		return writeImport(c, s, removedFile, text)
	case err != nil:
		return err
	case !there.Mode().IsRegular():
		return fmt.Errorf("%s is a link or no file, and nothing is written there: move it away", removedFile)
	}
	old, err := os.ReadFile(removedFile)
	switch {
	case err != nil || bytes.Equal(old, text):
		return err
	case !draft.MayReplace(old, text):
		return fmt.Errorf("%s is not overwritten, since it has what this import does not write: move it away", removedFile)
	case !c.Bool("force"):
		return fmt.Errorf("%s is there already: -f overwrites it", removedFile)
	}
	return writeImport(c, s, removedFile, text)
}
