package main

import (
	"context"
	"errors"
	"fmt"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/carryout"
	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// changer carries out what was agreed to in one project. It is the run's [apply.Watcher].
type changer struct {
	*project
	asker    *asker
	asked    bool   // nothing is asked any more: more than was agreed to ends the run
	back     bool   // the plan is the way back from a change
	fromFile bool   // the plan is one that was saved
	folder   string // of snapshots
	log      changeLog
	agreed   apply.Agreement

	verify verification
	rounds []*apply.Round // carried out so far
	left   *rule.State    // what the last look has shown
	// disturbed says that others have changed the cloud since the first round began.
	disturbed bool
}

func (v *changer) client() *neutron.Client { return v.from.(*neutron.Client) }

// propose plans for the project's jobs.
func (v *changer) propose(permits plan.Permits) error {
	round, err := apply.Plan(v.asker.context, v.from, v.jobs, permits)
	if err != nil {
		return err
	}
	v.round = round
	v.agreed = apply.Agreement{Jobs: v.jobs, Permits: permits, Agreed: round}
	return nil
}

// show shows the plans. Where anything speaks against one of them, nothing is changed.
func (v *changer) show() error {
	if err := v.log.planned(v.document(v.round), v.round); err != nil {
		return err
	}
	if v.round.Problems == nil {
		return nil
	}
	if len(v.jobs) > 1 || v.Name != "" {
		return v.fails(errors.New("nothing has been changed"))
	}
	return exitFailure
}

// carryOut carries out what was agreed to, and tells how that ended.
func (v *changer) carryOut(ctx context.Context, a apply.Agreement) error {
	if err := apply.CarryOut(ctx, v.client(), a, v); err != nil {
		v.log.stopped(err, v.fromFile)
		return exitFailure
	}
	v.log.done()
	return nil
}

// stops says why nothing is changed in a project that is one of several.
func (v *changer) stops(err error) error {
	var code exit
	if err == nil || v.Name == "" || errors.As(err, &code) {
		return err
	}
	v.log.stopped(err, v.fromFile)
	return exitFailure
}

// errDeclined is an answer other than yes.
var errDeclined = errors.New("not agreed to")

// notAgreed is what plans do beyond those that were agreed to, where nobody is asked.
type notAgreed struct{ beyond plan.Problems }

func (n *notAgreed) Error() string {
	return "going on would do what nobody has agreed to:\n" + n.beyond.Error()
}

func (n *notAgreed) Unwrap() error { return n.beyond }

// Agree shows plans that do more than those that were agreed to, and asks about them where
// somebody can be asked.
func (v *changer) Agree(next *apply.Round, beyond plan.Problems) error {
	if v.asked || v.fromFile {
		return &notAgreed{beyond}
	}
	if err := v.log.planned(v.document(next), next); err != nil {
		return err
	}
	for _, problem := range beyond {
		problem.Message = "new in this plan: " + problem.Message
		complain(v.streams, problem)
	}
	if err := v.asker.forget(); err != nil {
		return err
	}
	return v.asker.ask(next.Place.String(), v.made)
}

// Save keeps a snapshot of what is about to change, one for each policy. The way back goes
// on without one: the change has saved where it leads.
func (v *changer) Save(r *apply.Round) error {
	v.rounds = append(v.rounds, r)
	var kept []*plan.Plan
	var names []string
	for _, p := range r.Plans {
		if p.Empty() {
			continue
		}
		name, err := saveSnapshot(v.folder, p.Before(r.State, r.Place))
		if err == nil {
			kept, names = append(kept, p), append(names, name)
			continue
		}
		err = fmt.Errorf("policy %s: cannot save a snapshot: %w", p.Policy, err)
		if !v.back {
			return err
		}
		complain(v.streams, plan.Problem{Message: err.Error() + "; going back without it"})
	}
	if kept != nil {
		v.log.snapshots(r, kept, names)
	}
	return nil
}

func (v *changer) Settled(s *rule.State) { v.left = s }

func (v *changer) Replanned(why *carryout.Changed) {
	v.disturbed = v.disturbed || v.rounds != nil
	v.log.replanned(why)
}

func (v *changer) Did(e carryout.Event) { v.log.did(e) }
