package main

import (
	"embed"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/clouds"
	"sgc.dev/sgc/compiler"
	"sgc.dev/sgc/lint"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/reach"
	"sgc.dev/sgc/schema"
	"sgc.dev/sgc/schema/guard"
	"sgc.dev/sgc/targets"
)

//go:embed completion
var completionScripts embed.FS

// shells are those that can complete.
var shells = []string{"bash", "zsh", "fish"}

func completionCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print the completion script of a shell",
		ArgsUsage: "bash|zsh|fish",
		Description: "   source <(sgc completion bash)                      # bash, for this shell\n" +
			"   sgc completion zsh > \"${fpath[1]}/_sgc\"             # zsh\n" +
			"   sgc completion fish > ~/.config/fish/completions/sgc.fish",
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return fmt.Errorf("completion takes one shell: %s", either(shells))
			}
			shell := c.Args().First()
			if !slices.Contains(shells, shell) {
				return fmt.Errorf("no completion for %q: %s", shell, either(shells))
			}
			script, err := completionScripts.ReadFile("completion/sgc." + shell)
			if err != nil {
				return err
			}
			_, err = s.out.Write(script)
			return err
		},
	}
}

// requestsCompletion is the last argument by which shells ask what may come next. The one
// before it is the word that has been begun.
const requestsCompletion = "--generate-bash-completion"

// longestAnswer is how long a shell waits for names that stand in policies.
const longestAnswer = 2 * time.Second

// plainWord is what no shell takes for more than a word.
var plainWord = regexp.MustCompile(`^[\w./@%+-][\w./@%+=-]*$`)

// answer answers a request for completion: a word a line, and behind a tab what it is. It
// reads policies and clouds.yaml, and does nothing else, whatever stands on the line.
func answer(app *cli.App, out io.Writer, args []string) bool {
	if len(args) == 0 || args[len(args)-1] != requestsCompletion {
		return false
	}
	args = args[:len(args)-1]
	begun := ""
	if len(args) > 0 {
		args, begun = args[:len(args)-1], args[len(args)-1]
	}
	defer guard.Watch(guard.Limits{Time: longestAnswer}, func(string) { os.Exit(0) })()
	l, _ := parse(app, args)
	for _, word := range l.next(begun) {
		if name, _, _ := strings.Cut(word, "\t"); strings.HasPrefix(name, begun) && plainWord.MatchString(name) {
			fmt.Fprintln(out, word)
		}
	}
	return true
}

// next is what may stand behind a line, where it begins so.
func (l *line) next(begun string) (words []string) {
	name, _, joined := strings.Cut(begun, "=")
	switch {
	case l.wants != nil:
		return l.values(l.wants)
	case strings.HasPrefix(begun, "-") && l.ended:
	case strings.HasPrefix(begun, "-") && joined:
		for _, value := range l.values(l.lookup(name)) {
			words = append(words, name+"="+value)
		}
	case strings.HasPrefix(begun, "-"):
		words = []string{"--help\tshow help"}
		if l.command == nil {
			return append(words, "--version\tprint the version")
		}
		for _, flag := range l.command.Flags {
			usage := flag.(cli.DocGenerationFlag).GetUsage()
			words = append(words, dashed(flag.Names()[0])+"\t"+strings.ReplaceAll(usage, "`", ""))
		}
	case l.command == nil:
		for _, command := range l.app.Commands {
			words = append(words, command.Name+"\t"+command.Usage)
		}
	case l.command.Name == "release":
		return tiers(l.policies())
	case len(l.inputs) > 0:
	case l.command.Name == "completion":
		return shells
	case l.command.Name == "explain":
		for _, lint := range lint.All() {
			words = append(words, lint.Code+"\t"+lint.Title)
		}
	case l.command.Name == "restore":
		if folder, err := snapshotFolder(l.value("snapshots")); err == nil {
			words, _ = filepath.Glob(filepath.Join(folder, "*.json"))
		}
	case l.command.Name == "services":
		return serviceNames(nil)
	}
	return words
}

// values is what a flag takes, as far as that has names.
func (l *line) values(flag cli.Flag) (words []string) {
	if choice, ok := flag.(choiceFlag); ok {
		return choice.values
	}
	if flag == nil {
		return nil
	}
	switch flag.Names()[0] {
	case "adopt-only":
		return tiers(l.policies())
	case "fail-on":
		return driftWords
	case "from", "to":
		for _, p := range l.policies() {
			if set, err := compiler.Compile(p, compiler.Options{AsOf: today()}); err == nil {
				words = append(words, reach.New(set).Names()...)
			}
		}
	case "only":
		if l.lookup("targets") != nil { // else it is about groups
			return l.targets()
		}
	case "os-cloud":
		given := l.all("os-cloud")
		return slices.DeleteFunc(clouds.Names(), func(name string) bool { return slices.Contains(given, name) })
	case "service":
		return serviceNames(l.policies())
	}
	return words
}

// targets are the names of the projects that the line is about, where they have any.
func (l *line) targets() (names []string) {
	if file := l.value("targets"); file != "" {
		list, _ := targets.Load(file, guard.Limits{Time: longestAnswer})
		for _, t := range list {
			names = append(names, t.Name)
		}
	}
	if data, err := readFile(l.value("plan")); err == nil {
		if all, err := plan.ParseDocuments(data); err == nil {
			for _, d := range all.Targets {
				names = append(names, d.Target)
			}
		}
	}
	if clouds := l.all("os-cloud"); len(clouds) > 1 {
		names = clouds
	}
	return names
}

// policies are those that the line names, none where one is at fault.
func (l *line) policies() []*schema.Policy {
	o := schema.Options{Stdin: strings.NewReader(""), Limits: guard.Limits{Time: longestAnswer}, Rehearsal: rehearsal}
	for _, g := range l.given {
		switch g.name {
		case "policy":
			o.Inputs = append(o.Inputs, g.value)
		case "inject":
			o.Tags = append(o.Tags, g.value)
		}
	}
	switch l.command.Name {
	case "can":
		o.Inputs, _, _ = question(l.inputs, o.Inputs, l.value("service"))
	case "release":
	default:
		o.Inputs = l.inputs
	}
	policies, _ := schema.Load(o)
	return policies
}

func tiers(policies []*schema.Policy) (names []string) {
	for _, p := range policies {
		for _, tier := range p.Tiers {
			names = append(names, tier.Name)
		}
	}
	return names
}

// serviceNames are those of policies and of the catalog.
func serviceNames(policies []*schema.Policy) (names []string) {
	catalog, _ := schema.Catalog()
	for _, service := range catalog {
		names = append(names, service.Name)
	}
	for _, p := range policies {
		for _, service := range p.Services {
			names = append(names, service.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
