package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
	"golang.org/x/sync/errgroup"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/lint"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/statefile"
	"sgc.dev/sgc/targets"
)

// atOnce is how many projects are asked at a time.
const atOnce = 8

// targetFlags are those of commands that are about the targets of a file too.
func targetFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "targets", Category: cloudFlagsHeading, Usage: "the projects that `FILE` names, each with its cloud, inputs and tags", TakesFile: true},
		&cli.StringSliceFlag{Name: "only", Category: cloudFlagsHeading, Usage: "of several projects those with a name like `GLOB` alone; may be repeated"},
	}
}

// targetsHelp says how several projects are named.
const targetsHelp = "--os-cloud may be repeated: the same in several clouds. --targets names projects in a file, as in\n" +
	"targets: prod: {cloud: \"prod-a\", inputs: [\"./web\"], tags: [\"env=prod\"]}, with paths from beside it.\n"

// targetsOf is what a run is about: the targets of --targets, each cloud of several, or the one
// project that is meant, which has no name.
func targetsOf(c *cli.Context, s streams) (list []targets.Target, err error) {
	if len(c.StringSlice("state")) > 0 {
		if err := asksNone(c); err != nil {
			return nil, err
		}
	}
	if file := c.String("targets"); file != "" {
		list, err = targetsIn(c, s, file)
	} else if list, err = cloudsOf(c); err == nil {
		for i := range list {
			list[i].Inputs = c.Args().Slice()
		}
	}
	if err != nil {
		return nil, err
	}
	return only(c, list, func(t targets.Target) string { return t.Name })
}

// targetsIn are those of a file, which says all there is to say of them.
func targetsIn(c *cli.Context, s streams, file string) (list []targets.Target, err error) {
	for _, flag := range []string{"os-cloud", "os-region-name"} {
		if c.IsSet(flag) {
			return nil, fmt.Errorf("--%s: %s says which cloud each target is in", flag, file)
		}
	}
	if c.NArg() > 0 {
		return nil, fmt.Errorf("%s says what is wanted in each target: it takes no inputs beside it", file)
	}
	err = guarded(s, func(c *cli.Context) error {
		list, err = targets.Load(file, limitsOf(c))
		return err
	})(c)
	return list, err
}

// only is what --only picks.
func only[T any](c *cli.Context, list []T, name func(T) string) ([]T, error) {
	globs := rule.Globs(c.StringSlice("only"))
	if err := globs.Check(); err != nil {
		return nil, fmt.Errorf("--only: %w", err)
	}
	var names []string
	for _, t := range list {
		names = append(names, name(t))
	}
	if len(globs) > 0 && names[0] == "" {
		return nil, errors.New("--only picks targets, and here is one project without a name: it goes with --targets, or with several --os-cloud")
	}
	for _, glob := range globs {
		if !slices.ContainsFunc(names, func(name string) bool { return rule.Globs{glob}.Match(name) }) {
			return nil, fmt.Errorf("--only %q: no target is called so%s%s; there are %s", glob, didYouMean(glob, names), severalTimes("--only", glob), strings.Join(names, ", "))
		}
	}
	return slices.DeleteFunc(list, func(t T) bool { return len(globs) > 0 && !globs.Match(name(t)) }), nil
}

// project is one that a run is about, and how far the run has come there.
type project struct {
	targets.Target
	streams // its own, where there are several
	turn    turn
	jobs    []apply.Job
	made    plan.Document // without plans: what they are made from
	from    apply.Project // nil until it is open
	round   *apply.Round  // nil until it is planned
	failed  error         // why the run goes no further there
}

// newProject is a target's. What one with a name says begins with that, and waits for its turn.
func newProject(s streams, t targets.Target) *project {
	p := &project{Target: t, streams: s}
	if p.Name != "" {
		p.out, p.streams.err = &voice{turn: &p.turn, to: s.out}, &voice{turn: &p.turn, to: s.err, prefix: rule.Printable(p.Name) + ": "}
	}
	return p
}

// resultOf is the file for what comes of a run, which is none of those that it reads.
func resultOf(c *cli.Context, about []targets.Target) (string, error) {
	read := c.StringSlice("state")
	for _, t := range about {
		read = append(read, t.Inputs...)
	}
	return outputName(c, read)
}

// toApply compiles what is wanted of a target that is about to be changed.
func toApply(c *cli.Context, s streams, t targets.Target) ([]*rule.Set, error) {
	return judgedSets(c, s, t.Inputs, t.Tags, lint.RefusedNames)
}

// projectsOf are those of targets, with what is wanted there. What several want alike is read
// and compiled once.
func projectsOf(c *cli.Context, s streams, list []targets.Target, compile func(*cli.Context, streams, targets.Target) ([]*rule.Set, error)) ([]*project, error) {
	wants := func(t targets.Target) string { return fmt.Sprintf("%q %q", t.Inputs, t.Tags) }
	alike := !slices.ContainsFunc(list, func(t targets.Target) bool { return wants(t) != wants(list[0]) })
	compiled := map[string][]*rule.Set{}
	var projects []*project
	for _, t := range list {
		p := newProject(s, t)
		p.turn.begin()
		voice := p.streams
		if alike {
			voice = s
		}
		sets, there := compiled[wants(t)]
		var err error
		if !there {
			sets, err = compile(c, voice, t)
			compiled[wants(t)] = sets
		}
		if err == nil {
			p.jobs, p.made, err = jobs(c, sets)
		}
		if err != nil && !alike {
			return nil, p.fails(err)
		}
		if err != nil {
			return nil, err
		}
		p.made.Target = p.Name
		projects = append(projects, p)
	}
	return projects, nil
}

// each does something for all projects that have not failed, for several at a time; each is
// heard in its turn.
func each[P interface{ at() *project }](list []P, do func(P) error) {
	done := make([]chan struct{}, len(list))
	for i, p := range list {
		done[i] = make(chan struct{})
		p.at().turn.end()
	}
	var working errgroup.Group
	working.SetLimit(atOnce)
	go func() {
		for i, p := range list {
			working.Go(func() error {
				defer close(done[i])
				if p := p.at(); p.failed == nil {
					p.failed = do(list[i])
				}
				return nil
			})
		}
	}()
	for i, p := range list {
		p := p.at()
		p.turn.begin()
		<-done[i]
		if p.failed == nil {
			p.failed = p.fails(p.turn.err)
		}
	}
}

func (p *project) at() *project { return p }

// open finds out where the project is: it logs in, or reads what has been saved.
func (p *project) open(c *cli.Context) error {
	state, err := savedState(c, p.streams)
	switch {
	case err != nil:
		return err
	case state != nil:
		p.from = statefile.Project{State: state}
		return nil
	}
	client, err := connect(c, p.streams, p.Choice)
	if err == nil {
		p.from = client
	}
	return err
}

// fails says why a project goes no further, where it is one of several.
func (p *project) fails(err error) error {
	var code exit
	if err == nil || p.Name == "" || errors.As(err, &code) {
		return err
	}
	say(p.streams, err)
	return exitFailure
}

// document is the plans of the project, with what they were made from.
func (p *project) document(r *apply.Round) *plan.Document {
	d := p.made
	d.Place, d.Plans, d.Unowned = r.Place, r.Plans, r.Unowned
	return &d
}

// distinct refuses two targets that are one project, where both have one policy, or two want
// the same group.
func distinct[P interface{ at() *project }](list []P) error {
	for i := range list {
		for j := range i {
			p, other := list[i].at(), list[j].at()
			if p.from == nil || other.from == nil || p.from.Place().Differs(other.from.Place()) != nil {
				continue
			}
			one := fmt.Sprintf("targets %s and %s are one, %s", other.Name, p.Name, p.from.Place())
			for _, set := range p.made.Policies {
				if slices.ContainsFunc(other.made.Policies, func(o *rule.Set) bool { return o.Policy == set.Policy }) {
					return fmt.Errorf("%s, and both have policy %s: leave one of them out", one, set.Policy)
				}
			}
			if err := rule.CheckClaims(slices.Concat(other.made.Policies, p.made.Policies)); err != nil {
				return fmt.Errorf("%s: %w", one, err)
			}
		}
	}
	return nil
}

// outcome is how a run ends: with a line that counts its projects, where there are several.
// changes is what it says of those with changes.
func outcome[P interface{ at() *project }](s streams, list []P, changes string) error {
	if p := list[0].at(); p.Name == "" {
		return p.failed
	}
	var changed, same int
	var failed []string
	for _, p := range list {
		switch p := p.at(); {
		case p.failed != nil:
			failed = append(failed, p.Name)
		case p.round.Empty():
			same++
		default:
			changed++
		}
	}
	var counts []string
	if changed > 0 {
		counts = append(counts, fmt.Sprint(changed, " ", changes))
	}
	if same > 0 {
		counts = append(counts, fmt.Sprint(same, " with nothing to do"))
	}
	if failed != nil {
		counts = append(counts, fmt.Sprintf("%d failed: %s", len(failed), strings.Join(failed, ", ")))
	}
	fmt.Fprintf(s.err, "%s: %s\n", rule.Counted(len(list), "target"), rule.Printable(strings.Join(counts, "; ")))
	if failed != nil {
		return exitFailure
	}
	return nil
}
