package main

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/compiler"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

func servicesCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "services",
		Usage:     "list the services that every policy knows by name",
		ArgsUsage: "[WORD]",
		Description: "Lists names, ports and what each is; with a word, those that have it in their name or their\n" +
			"text; with ports, as in 443, udp/53 or 80-90, those that open one of them. A policy has more under services.\n\n" +
			"   sgc services\n" +
			"   sgc services ldap\n" +
			"   sgc services 5432 --format=json",
		Flags: []cli.Flag{formatFlag("text", "json")},
		Action: func(c *cli.Context) error {
			if c.NArg() > 1 {
				return fmt.Errorf("services takes one word; see sgc services --help")
			}
			found, err := services(c.Args().First())
			if err != nil {
				return err
			}
			if c.String("format") == "json" {
				return writeJSON(s.out, struct {
					Version  int     `json:"version"`
					Services []entry `json:"services"`
				}{1, found})
			}
			w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
			for _, e := range found {
				fmt.Fprintf(w, "%s\t%s\t%s\n", e.Name, strings.Join(e.Matches, " "), e.what())
			}
			return w.Flush()
		},
	}
}

// entry is what is said of a service of the catalog.
type entry struct {
	Name     string   `json:"name"`
	Matches  []string `json:"matches"` // as sgc can takes them: tcp/5432
	About    string   `json:"about"`
	Includes []string `json:"includes,omitempty"`
}

func (e entry) what() string {
	if e.Includes == nil {
		return e.About
	}
	return e.About + "; includes " + strings.Join(e.Includes, ", ")
}

// services are those that have a word in what is said of them, or that open a port.
func services(word string) (found []entry, err error) {
	catalog, err := schema.Catalog()
	if err != nil {
		return nil, err
	}
	about, err := schema.About()
	if err != nil {
		return nil, err
	}
	if word == "any" {
		return []entry{{Name: "any", Matches: []string{"any"}, About: "every protocol and port: a word of the language, not a service"}}, nil
	}
	ports, wrong := packets(word)
	var names []string
	for _, named := range catalog {
		service := compiler.Service(named)
		e := entry{Name: service.Name, About: about[service.Name], Includes: named.Includes}
		// Of a longer name too, its beginning finds it.
		names = append(names, e.Name, e.Name[:min(len(e.Name), len(word)+1)])
		text := strings.ToLower(e.Name + " " + e.what())
		if !opens(service, ports) && (ports != nil || wrong != nil || !strings.Contains(text, strings.ToLower(word))) {
			continue
		}
		for _, m := range service.Matches {
			e.Matches = append(e.Matches, m.String())
		}
		e.Matches = slices.Compact(e.Matches)
		found = append(found, e)
	}
	switch meant := didYouMean(word, names); {
	case found != nil:
		return found, nil
	case wrong != nil:
		return nil, wrong
	case ports == nil && meant != "":
		return nil, fmt.Errorf("no service of the catalog has %q%s", word, meant)
	}
	return nil, fmt.Errorf("no service of the catalog has %q; a policy may define one: services: mine: tcp: [5000]", word)
}

// opens says whether a service opens some of what is asked for; one of a whole protocol is none
// of its ports'.
func opens(service rule.Service, asked []rule.Match) bool {
	return slices.ContainsFunc(service.Matches, func(m rule.Match) bool {
		return m.Ports != m.Protocol.WholeProtocol() && slices.ContainsFunc(asked, func(a rule.Match) bool { return m.Family == a.Family && m.Span().Overlaps(a.Span()) })
	})
}

// packets is what a word means that is written like packets: 443, tcp/443, 443/tcp, 80-90, icmp/8.
func packets(word string) (matches []rule.Match, err error) {
	written := rule.PortWritten(word)
	if name, _, named := strings.Cut(word, "/"); written == "" && named {
		if _, unknown := rule.ParseProtocol(name); unknown != nil && !strings.HasPrefix(name, "icmp") {
			return nil, nil
		}
		written = word
	}
	for _, one := range strings.Split(written, " or ") {
		if one == "" {
			continue
		}
		service, err := rule.ParseService(one)
		if err != nil {
			return nil, err
		}
		matches = append(matches, service.Matches...)
	}
	return matches, nil
}
