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
			"   sgc services 5432",
		Action: func(c *cli.Context) error {
			if c.NArg() > 1 {
				return fmt.Errorf("services takes one word; see sgc services --help")
			}
			return services(s, c.Args().First())
		},
	}
}

func services(s streams, word string) error {
	catalog, err := schema.Catalog()
	if err != nil {
		return err
	}
	about, err := schema.About()
	if err != nil {
		return err
	}
	if word == "any" {
		_, err := fmt.Fprintln(s.out, "any  every protocol and port; no service but a word of the language")
		return err
	}
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	found := false
	var names []string
	for _, named := range catalog {
		service := compiler.Service(named)
		what := about[service.Name]
		if named.Includes != nil {
			what += "; includes " + strings.Join(named.Includes, ", ")
		}
		// Of a longer name too, its beginning finds it.
		names = append(names, service.Name, service.Name[:min(len(service.Name), len(word)+1)])
		text := strings.ToLower(service.Name + " " + what)
		if !strings.Contains(text, strings.ToLower(word)) && !opens(service, word) {
			continue
		}
		found = true
		var matches []string
		for _, m := range service.Matches {
			matches = append(matches, m.String())
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", service.Name, strings.Join(slices.Compact(matches), " "), what)
	}
	switch written := rule.PortWritten(word); {
	case found:
	case written != "" && len(ports(written)) == 0:
		return fmt.Errorf("there is no port %q: they are 1 to 65535, written as in 443, tcp/443 or udp/1-1024", word)
	default:
		return fmt.Errorf("no service of the catalog has %q%s; a policy may define one: services: mine: tcp: [5000]", word, didYouMean(word, names))
	}
	return w.Flush()
}

// opens says whether a service opens one of some ports, which are written as 443, tcp/443, 443/tcp or 80-90.
func opens(service rule.Service, word string) bool {
	for _, asked := range ports(rule.PortWritten(word)) {
		for _, m := range service.Matches {
			for _, a := range asked.Matches {
				first, last, ranged := m.Ports.Range()
				from, to, some := a.Ports.Range()
				if !some { // that is every port
					from, to = 1, 65535
				}
				if ranged && m.Protocol == a.Protocol && first <= to && from <= last {
					return true
				}
			}
		}
	}
	return false
}

// ports are those that [rule.PortWritten] writes, which may be none.
func ports(written string) []rule.Service {
	var all []rule.Service
	for _, one := range strings.Split(written, " or ") {
		if service, err := rule.ParseService(one); err == nil && strings.Contains(one, "/") {
			all = append(all, service)
		}
	}
	return all
}
