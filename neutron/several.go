package neutron

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// PlanAll reads the project once and plans for jobs that are to be carried out one
// after the other: each for the state in which those before it leave the project.
// A job for which it cannot be said what to do has no plan, and its problems say why.
func (c *Client) PlanAll(ctx context.Context, jobs []Job) ([]*Planned, error) {
	s, err := c.Read(ctx)
	if err != nil {
		return nil, err
	}
	return inTurn(jobs, s, func(j Job, s *rule.State, before []*plan.Plan) (*Planned, error) { return c.plan(ctx, j, s, before) })
}

// PlanAllOffline is [Client.PlanAll] with a saved state. Quotas, ports and extensions
// are not asked for; what speaks against the plans is known to a cloud alone.
func PlanAllOffline(jobs []Job, s *rule.State) ([]*Planned, error) {
	return inTurn(jobs, s, func(j Job, s *rule.State, _ []*plan.Plan) (*Planned, error) { return planOffline(j, s) })
}

// Review reads the project once more and says what speaks against saved plans that are
// to be carried out one after the other: that the cloud has changed since, above all. Each
// is compared with the state in which those before it leave the project.
func (c *Client) Review(ctx context.Context, plans []*plan.Plan, permits plan.Permits) ([]*Planned, error) {
	if err := plan.CheckTogether(plans); err != nil {
		return nil, err
	}
	s, err := c.Read(ctx)
	if err != nil {
		return nil, err
	}
	var states []*rule.State
	var stale plan.Problems
	for _, p := range plans {
		stale = append(stale, p.Stale(s)...)
		states, s = append(states, s), p.After(s)
	}
	if stale != nil {
		return nil, stale
	}
	var all []*Planned
	for i, p := range plans {
		reviewed, err := c.check(ctx, p, states[i], plans[:i], permits)
		if err != nil {
			return nil, err
		}
		all = append(all, reviewed)
	}
	return all, nil
}

func inTurn(jobs []Job, s *rule.State, one func(Job, *rule.State, []*plan.Plan) (*Planned, error)) ([]*Planned, error) {
	var all []*Planned
	var before []*plan.Plan
	for i, j := range jobs {
		problems := unmade(jobs, i, s)
		if problems == nil {
			p, err := one(j, s, before)
			if err == nil {
				all, before, s = append(all, p), append(before, p.Plan), p.Plan.After(s)
				continue
			}
			if !errors.As(err, &problems) {
				return nil, fmt.Errorf("policy %s: %w", j.Desired.Policy, err)
			}
		}
		all = append(all, &Planned{Problems: problems})
	}
	return all, nil
}

// unmade says which groups job i names in vain: another job is to make them, and it
// does not, or only later, since it waits for a group of this one.
func unmade(jobs []Job, i int, s *rule.State) plan.Problems {
	job := jobs[i].Set
	if job == nil {
		return nil
	}
	there := map[string]bool{}
	for _, g := range s.Groups {
		there[g.Name] = true
	}
	sets := []*rule.Set{}
	earlier := map[*rule.Set]bool{}
	for k, j := range jobs {
		if j.Set != nil {
			sets = append(sets, j.Set)
			earlier[j.Set] = k < i
		}
	}
	var problems plan.Problems
	for _, e := range job.Foreign {
		owner := rule.Owner(sets, e.Name)
		if owner == nil || owner == job || there[e.Name] {
			continue
		}
		message := fmt.Sprintf("security group %q is to be made by policy %s, for which there is no plan", e.Name, owner.Policy)
		if !earlier[owner] {
			message = fmt.Sprintf("security group %q is to be made by policy %s, which waits for a group of policy %s (%s): in a circle none can be first; apply one of them without that rule, then all",
				e.Name, owner.Policy, job.Policy, positions(rule.Chain(sets, owner, job)))
		}
		problems = append(problems, plan.Problem{Pos: e.Pos, Message: message})
	}
	return problems
}

func positions(list []rule.Pos) string {
	var texts []string
	for _, p := range list {
		texts = append(texts, p.String())
	}
	return strings.Join(texts, ", ")
}
