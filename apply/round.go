// Package apply takes several policies from plans to a cloud that is as they say: it is what
// sgc apply, restore, destroy and release do beyond talking to people.
//
//	jobs ─ Plan ─▶ Round ─ CarryOut ─▶ plan again, until it is done
//
// What the cloud has become meanwhile is planned for again; plans that then do more than what
// was agreed to are asked about, or end the run.
package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// Project is what plans are made from: a [neutron.Client], or a project that has been saved
// ([statefile.Project]).
type Project interface {
	// Place says where the project is; of a saved one its id is all that is known.
	Place() plan.Place
	// Read reads the project's groups with their rules.
	Read(context.Context) (*rule.State, error)
	// Facts answers what plans depend on beside groups.
	Facts(context.Context, plan.Needs) (plan.Facts, error)
	// Resolve finds what a policy names and does not own. The error is [plan.Problems].
	Resolve(context.Context, plan.Desired, *rule.State) (plan.Externals, error)
	// Recognise finds what of that the rules of the policy's groups name, for people to read.
	Recognise(context.Context, plan.Desired, *rule.State) (plan.Externals, error)
}

// Round is plans for several jobs, made from one reading of the project and carried out
// together: all groups of all of them come before any rule.
type Round struct {
	Place    plan.Place
	State    *rule.State    // as it was read
	Plans    []*plan.Plan   // without those that could not be made
	Unowned  []plan.Unowned // groups that belong to no policy after them
	Problems plan.Problems  // what speaks against carrying them out
	Notes    []plan.Problem
}

// Empty says whether there is nothing to do.
func (r *Round) Empty() bool {
	return !slices.ContainsFunc(r.Plans, func(p *plan.Plan) bool { return !p.Empty() })
}

// Plan reads the project once and compares it with the jobs, each as those before it leave
// the project. Plans without changes cost one call; others ask what [plan.NeedsOf] names.
// What speaks against carrying plans out a cloud alone knows: a saved state is not asked.
func Plan(ctx context.Context, from Project, jobs []Job, permits plan.Permits) (*Round, error) {
	r, err := Compare(ctx, from, jobs)
	if err != nil {
		return nil, err
	}
	if r.Place.Saved() {
		for _, p := range r.Plans {
			r.Notes = append(r.Notes, lacking(p)...)
		}
		return r, nil
	}
	facts, err := from.Facts(ctx, plan.NeedsOf(r.Plans))
	if err != nil {
		return nil, err
	}
	problems, notes := plan.Check(r.Plans, r.State, facts, permits)
	r.Problems, r.Notes = append(r.Problems, problems...), append(r.Notes, notes...)
	return r, nil
}

// Compare is [Plan] for who carries nothing out: what speaks against that is not asked.
func Compare(ctx context.Context, from Project, jobs []Job) (*Round, error) {
	s, err := from.Read(ctx)
	if err != nil {
		return nil, err
	}
	r := &Round{Place: from.Place(), State: s}
	seen := s
	for i, j := range jobs {
		x, err := j.externals(ctx, from, withComing(seen, jobs[i+1:]), jobs)
		var p *plan.Plan
		if err == nil {
			p, err = plan.Make(j.Desired, seen, x, j.Options)
		}
		var problems plan.Problems
		switch {
		case errors.As(err, &problems):
			r.Problems = append(r.Problems, problems...)
		case err != nil:
			return nil, fmt.Errorf("policy %s: %w", j.Desired.Policy, err)
		default:
			r.Plans = append(r.Plans, p)
			r.Notes = append(r.Notes, p.Notes...)
			seen = p.After(seen)
		}
	}
	r.Unowned = plan.UnownedOf(seen)
	r.Problems = append(r.Problems, unmade(jobs, r.Plans)...)
	return r, nil
}

// withComing is a state with the groups that later jobs make, so that policies may name one
// another's in a circle: all groups come first.
func withComing(s *rule.State, later []Job) *rule.State {
	names := map[string]bool{}
	for _, g := range s.Groups {
		names[g.Name] = true
	}
	with := &rule.State{Project: s.Project, Groups: slices.Clone(s.Groups)}
	for _, j := range later {
		for _, g := range j.Desired.Groups {
			if !names[g.Name] {
				with.Groups = append(with.Groups, rule.LiveGroup{ID: plan.ToBeMade(j.Desired.Policy, g.Tier), Name: g.Name})
			}
		}
	}
	return with
}

// unmade says which groups are named in vain: a policy is to make them, and its plan does
// not.
func unmade(jobs []Job, plans []*plan.Plan) plan.Problems {
	made := map[string]bool{}
	for _, p := range plans {
		for _, g := range p.Groups {
			if g.Action == plan.Create {
				made[plan.ToBeMade(p.Policy, g.Tier)] = true
			}
		}
	}
	var problems plan.Problems
	for _, p := range plans {
		at := slices.IndexFunc(jobs, func(j Job) bool { return j.Desired.Policy == p.Policy })
		for _, e := range jobs[at].Desired.Foreign {
			id := p.Externals.Groups[e.Key]
			if policy, _, awaited := plan.Maker(id); awaited && !made[id] {
				problems = append(problems, plan.Problem{Pos: e.Pos, Message: fmt.Sprintf(
					"security group %q is to be created by policy %s, whose plan does not do so: apply policy %s first", e.Name, policy, policy)})
			}
		}
	}
	return problems
}

// lacking is the groups of a policy that a state does not have, where it has others of
// it: whoever saved it may have left them out.
func lacking(p *plan.Plan) []plan.Problem {
	var notes []plan.Problem
	for _, g := range p.Groups {
		if g.Action == plan.Create {
			notes = append(notes, plan.Problem{Pos: g.Pos, Message: fmt.Sprintf("the saved state has no group %s: it is taken to be missing", g.Name)})
		}
	}
	if len(notes) == len(p.Groups) {
		return nil
	}
	return notes
}
