package apply

import (
	"context"

	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// Job is what the groups of one policy are to become: all that planning takes beside the
// cloud.
type Job struct {
	Desired plan.Desired
	Options plan.Options
	// Lookup says how ids are found for what the policy names and does not own.
	Lookup    Lookup
	Externals plan.Externals // those ids, where they are given
}

// Lookup is a way to find ids.
type Lookup int

const (
	Needed Lookup = iota // rules will name them: each has to be found
	Shown                // people read the policy's names for them: nothing depends on that
	Given                // they are known
)

// externals finds the ids. Groups that the jobs of one run make first are among the groups of s.
func (j Job) externals(ctx context.Context, c *neutron.Client, s *rule.State) (plan.Externals, error) {
	switch {
	case j.Lookup == Given:
		return j.Externals, nil
	case c == nil:
		return neutron.ResolveOffline(j.Desired, s)
	case j.Lookup == Shown:
		return c.Words(ctx, j.Desired, s)
	}
	return c.Resolve(ctx, j.Desired, s)
}
