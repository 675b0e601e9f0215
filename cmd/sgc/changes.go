package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// changes is what all commands that change clouds have in common: show, ask, save, carry out.
type changes struct {
	c *cli.Context
	streams
	asker  *asker
	folder string // of snapshots
	list   []*changer
}

func newChanges(c *cli.Context, s streams) (*changes, error) {
	asker, err := newAsker(c, s)
	if err != nil {
		return nil, err
	}
	folder, err := snapshotFolder(c.String("snapshots"))
	return &changes{c: c, streams: s, asker: asker, folder: folder}, err
}

// in adds a project. Of several, none is asked about alone.
func (r *changes) in(p *project) *changer {
	v := &changer{project: p, asker: r.asker, asked: r.asker.yes || p.Name != "", folder: r.folder}
	v.log = newChangeLog(p, r.c.String("format"), r.c.Bool("all"))
	r.list = append(r.list, v)
	return v
}

// one adds the project that flags mean, and opens it.
func (r *changes) one() (*changer, error) {
	about, err := oneCloud(r.c)
	if err != nil {
		return nil, err
	}
	v := r.in(newProject(r.streams, about))
	return v, v.open(r.c)
}

// open opens all projects, which have to be different ones.
func (r *changes) open() error {
	each(r.list, func(v *changer) error { return v.stops(v.open(r.c)) })
	return distinct(r.list)
}

// plan plans for the jobs of all projects, and carries the plans out once they have been shown
// and agreed to.
func (r *changes) plan(permits plan.Permits) error {
	return r.change(func(v *changer) error { return v.propose(permits) })
}

// change carries out what is proposed for each project, once all of it has been shown and
// agreed to. One in which something speaks against it is left alone, and the others go on.
func (r *changes) change(propose func(*changer) error) error {
	each(r.list, func(v *changer) error { return v.stops(propose(v)) })
	// Whoever reads may leave, and a change may cut the very session that it is made from: a
	// job that has begun goes on. What it runs does not inherit that.
	passed := make(chan os.Signal, 1)
	signal.Notify(passed, syscall.SIGPIPE, syscall.SIGHUP)
	defer signal.Stop(passed)
	var pending []*changer
	var made []plan.Document
	var names []string
	for _, v := range r.list {
		if v.failed == nil {
			v.failed = v.show()
		}
		if v.failed == nil && !v.round.Empty() {
			pending, made, names = append(pending, v), append(made, v.made), append(names, v.Name)
		}
	}
	if pending == nil {
		return outcome(r.streams, r.list, "changed")
	}
	if !r.asker.yes {
		where := pending[0].round.Place.String()
		if names[0] != "" {
			where = fmt.Sprintf("%s: %s", rule.Counted(len(pending), "project"), strings.Join(names, ", "))
		}
		if err := r.asker.askFirst(where, made...); err != nil {
			return err
		}
	}
	ctx, stop := signal.NotifyContext(r.c.Context, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // the second one ends the process
	for _, v := range pending {
		v.agreed.Aged = !r.asker.yes || v.Name != ""
		err := v.carryOut(ctx, v.agreed)
		if err == nil {
			err = cmp.Or(v.verified(ctx), v.log.lost())
		}
		v.failed = v.fails(err)
	}
	return outcome(r.streams, r.list, "changed")
}
