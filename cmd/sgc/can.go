package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/compiler"
	"sgc.dev/sgc/reach"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

func canCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "can",
		Usage:     "say who reaches whom, and by which lines of the policy",
		ArgsUsage: "[INPUTS]",
		Description: "Ends are public, a tier (the servers that carry it), a server, an address set, a group,\n" +
			"an address or a network; addresses are the servers that declare them, and outsiders.\n" +
			"SERVICE is a name, tcp/5432, udp/1-1024, icmp, icmp/3:4, esp or any; without it, any. One\n" +
			"end alone lists all that it reaches, or all who reach it.\n" +
			"Exit code 0 for yes, 1 for no, 2 for in part, 3 for errors.\n\n" +
			"   sgc can --from app --to db --service postgresql ./policies/three-tier\n" +
			"   sgc can --from public             # all that the world reaches\n" +
			"   sgc can --to db --format=json     # who reaches db",
		Flags: append(inputFlags(),
			&cli.StringFlag{Name: "from", Usage: "who sends: an `END`"},
			&cli.StringFlag{Name: "to", Usage: "who receives: an `END`"},
			&cli.StringFlag{Name: "service", Usage: "with what: a `SERVICE`", DefaultText: "any"},
			policyFlag(),
			formatFlag("text", "json"),
		),
		Action: guarded(s, func(c *cli.Context) error { return can(c, s) }),
	}
}

func can(c *cli.Context, s streams) error {
	format := c.String("format")
	if c.String("from") == "" && c.String("to") == "" {
		return fmt.Errorf("say --from, --to or both; see sgc can --help")
	}
	inputs, name, err := question(c.Args().Slice(), c.StringSlice("policy"), c.String("service"))
	if err != nil {
		return err
	}
	sets, err := compiled(c, s, inputs)
	if err != nil {
		return err
	}
	if len(sets) != 1 {
		return fmt.Errorf("a question is about one policy, and here are %d: name one, as in sgc can --from public ./policies/web", len(sets))
	}
	view := reach.New(sets[0])
	service, err := serviceNamed(sets[0], name)
	if err != nil {
		return err
	}
	var from, to rule.End
	for _, end := range []struct {
		flag string
		end  *rule.End
	}{{"from", &from}, {"to", &to}} {
		if name := c.String(end.flag); name != "" {
			if *end.end, err = view.End(name); err != nil {
				if everyone := schema.Everyone(name); everyone != "" {
					return fmt.Errorf("--%s: %s", end.flag, everyone)
				}
				if strings.Contains(name, ",") {
					return fmt.Errorf("--%s %q: ask about one end at a time", end.flag, name)
				}
				var none *reach.NoSuchEnd
				if errors.As(err, &none) {
					return fmt.Errorf("--%s: %w%s", end.flag, err, didYouMean(name, view.Names()))
				}
				return fmt.Errorf("--%s: %w", end.flag, err)
			}
		}
	}
	if from.Kind != 0 && to.Kind != 0 {
		return canBoth(s, view, reach.Question{From: from, To: to, Service: service}, format)
	}
	return canOne(s, view, from, to, service, format)
}

// question tells the inputs of a question from its service, which may stand among the
// arguments too: as the one that is no file, or behind -p as the only one. What may be both
// is taken for neither.
func question(args, policies []string, service string) (inputs []string, name string, err error) {
	inputs = slices.Clone(policies)
	for _, arg := range args {
		_, missing := os.Stat(arg)
		_, unparsed := rule.ParseService(arg)
		switch {
		case service != "" || policies == nil && isPath(arg):
			inputs = append(inputs, arg)
		case policies == nil && missing == nil && (unparsed == nil || slices.Contains(serviceNames(nil), arg)):
			return nil, "", fmt.Errorf("%s is a service, and a file or a folder here: write ./%s for the policy, or --service %s", arg, arg, arg)
		case policies == nil && missing == nil:
			inputs = append(inputs, arg)
		case name != "":
			return nil, "", fmt.Errorf("can asks about one service, not %q and %q: --service names it, and all else is a policy", name, arg)
		default:
			name = arg
		}
	}
	return inputs, cmp.Or(service, name), nil
}

// isPath says whether an argument can only be a policy, wherever it leads.
func isPath(arg string) bool {
	name, _, slash := strings.Cut(arg, "/")
	_, unknown := rule.ParseProtocol(name)
	return arg == "-" || strings.HasPrefix(arg, ".") || strings.HasSuffix(arg, ".cue") ||
		slash && unknown != nil && !strings.HasPrefix(name, "icmp") && rule.PortWritten(arg) == ""
}

func canBoth(s streams, view *reach.View, q reach.Question, format string) error {
	a, err := view.Ask(q)
	if err != nil {
		return err
	}
	write := reach.Text
	if format == "json" {
		write = reach.JSON
	}
	if err := write(s.out, a); err != nil {
		return err
	}
	switch a.Verdict {
	case reach.No:
		return exitNo
	case reach.InPart:
		return exitInPart
	}
	return nil
}

// canOne lists what from reaches, or who reaches to.
func canOne(s streams, view *reach.View, from, to rule.End, service rule.Service, format string) error {
	var answers []reach.Answer
	var err error
	if from.Kind != 0 {
		answers, err = view.From(from, service)
	} else {
		answers, err = view.To(to, service)
	}
	if err != nil {
		return err
	}
	if format == "json" {
		err = reach.ListingJSON(s.out, answers)
	} else {
		err = reach.Listing(s.out, answers)
	}
	if err == nil && !slices.ContainsFunc(answers, func(a reach.Answer) bool { return a.Verdict != reach.No }) {
		if format == "text" && answers == nil {
			fmt.Fprintln(s.err, "nothing")
		}
		return exitNo
	}
	return err
}

// serviceNamed is the policy's service of that name, else the catalog's, else
// what is written like tcp/5432.
func serviceNamed(set *rule.Set, name string) (rule.Service, error) {
	if name == "" {
		return rule.AnyService(), nil
	}
	for _, service := range set.Services {
		if service.Name == name {
			return service, nil
		}
	}
	parsed, unparsed := rule.ParseService(name)
	if better := rule.PortWritten(name); better != "" && better != name { // 22 is meant as a port, and would be a protocol
		return rule.Service{}, fmt.Errorf("unknown service %q: write %s", name, better)
	}
	if unparsed == nil || strings.Contains(name, "/") {
		return parsed, unparsed
	}
	catalog, err := schema.Catalog()
	if err != nil {
		return rule.Service{}, err
	}
	var names []string
	for _, service := range catalog {
		if service.Name == name {
			return compiler.Service(service), nil
		}
		names = append(names, service.Name)
	}
	for _, service := range set.Services {
		names = append(names, service.Name)
	}
	if origin, opens := opened(set, name); opens != nil {
		return rule.Service{}, fmt.Errorf("%q is a rule's own name and no service: ask for what it opens, %s (%s: %s)", name, strings.Join(opens, ", "), origin.Pos, origin.Path)
	}
	const written = "write it as in tcp/5432, udp/1-1024, icmp/3:4, esp; sgc services lists those with a name"
	if meant := didYouMean(name, names); meant != "" {
		return rule.Service{}, fmt.Errorf("unknown service %q%s Or %s", name, meant, written)
	}
	return rule.Service{}, fmt.Errorf("unknown service %q; %s", name, written)
}

// opened is what the rules of a key open, each service once, and the first of them.
func opened(set *rule.Set, key string) (first rule.Origin, services []string) {
	for _, g := range set.Groups {
		for _, e := range g.Written {
			if o := e.Origins[0]; o.Key == key {
				if services == nil {
					first = o
				}
				if s := e.Service(); !slices.Contains(services, s) {
					services = append(services, s)
				}
			}
		}
	}
	return first, services
}
