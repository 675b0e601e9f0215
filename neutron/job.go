package neutron

import (
	"context"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// Job is what a project is to become: all that planning takes beside the cloud.
type Job struct {
	Desired plan.Desired
	// Set is the policy whose names of others' groups are to be looked up; nil
	// where Externals has their ids.
	Set *rule.Set
	// Words is the policy whose names for others' groups are shown, as far as they can be
	// found out, where nothing depends on them.
	Words     *rule.Set
	Externals plan.Externals
	Options   plan.Options
	Permits   plan.Permits
}

// Planned is a plan, the state that it was made from, and what speaks against it;
// without a plan, why none can be made.
type Planned struct {
	Plan     *plan.Plan
	State    *rule.State
	Problems plan.Problems
}

// Plan reads the project and compares it with the job. A plan without changes
// costs one call; others ask what [plan.Plan.Needs] names.
func (c *Client) Plan(ctx context.Context, j Job) (*Planned, error) {
	s, err := c.Read(ctx)
	if err != nil {
		return nil, err
	}
	return c.plan(ctx, j, s, nil)
}

// plan compares the state s with the job, which is carried out after the plans before.
func (c *Client) plan(ctx context.Context, j Job, s *rule.State, before []*plan.Plan) (*Planned, error) {
	x, err := j.Externals, error(nil)
	switch {
	case j.Set != nil:
		x, err = c.Resolve(ctx, j.Desired, s)
	case j.Words != nil:
		x, err = c.words(ctx, plan.FromSet(j.Words), s)
	}
	if err != nil {
		return nil, err
	}
	p, err := plan.Make(j.Desired, s, x, j.Options)
	if err != nil {
		return nil, err
	}
	return c.check(ctx, p, s, before, j.Permits)
}

func (c *Client) check(ctx context.Context, p *plan.Plan, s *rule.State, before []*plan.Plan, permits plan.Permits) (*Planned, error) {
	facts, err := c.Facts(ctx, p.Needs())
	if err != nil {
		return nil, err
	}
	p.Notes = append(p.Notes, p.Unknown(facts)...)
	for _, b := range before {
		facts.Quota = facts.Quota.After(b)
	}
	return &Planned{p, s, append(p.CheckAfter(before), p.Check(s, facts, permits)...)}, nil
}
